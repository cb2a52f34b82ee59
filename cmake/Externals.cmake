# The packages we build on, all from the system: nothing is downloaded. Each one appears as
# `ext::<name>`, whichever way its own project describes itself; libraries ask for it with `LINK`.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

# Defines ext::<name> as the imported target of a package with a CMake description.
function(branchline_external_package name package target)
  find_package(${package} REQUIRED)
  add_library(branchlineExt_${name} INTERFACE)
  target_link_libraries(branchlineExt_${name} INTERFACE ${target})
  add_library(ext::${name} ALIAS branchlineExt_${name})
endfunction()

# Defines ext::<name> for a package that only pkg-config knows.
function(branchline_external_pkgconfig name module)
  pkg_check_modules(BRANCHLINE_EXT_${name} REQUIRED IMPORTED_TARGET ${module})
  add_library(branchlineExt_${name} INTERFACE)
  target_link_libraries(branchlineExt_${name} INTERFACE PkgConfig::BRANCHLINE_EXT_${name})
  add_library(ext::${name} ALIAS branchlineExt_${name})
endfunction()

branchline_external_package(fmt fmt fmt::fmt)
branchline_external_package(json nlohmann_json nlohmann_json::nlohmann_json)
branchline_external_package(simdjson simdjson simdjson::simdjson)
branchline_external_pkgconfig(gmp gmp)
branchline_external_pkgconfig(pcre2 libpcre2-8)
branchline_external_pkgconfig(utf8proc libutf8proc)
branchline_external_pkgconfig(zlib zlib)
branchline_external_pkgconfig(zstd libzstd)

if(BRANCHLINE_BUILD_TESTS)
  branchline_external_package(gtest GTest GTest::gtest_main)
endif()
