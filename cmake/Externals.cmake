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

# LLVM is for the native engine alone (lib/JIT). Its package description asks for a C compiler and
# defines many targets, so it is only read where the engine is wanted.
set(BRANCHLINE_ENABLE_JIT AUTO CACHE STRING "Native code by LLVM: AUTO, ON or OFF")
set_property(CACHE BRANCHLINE_ENABLE_JIT PROPERTY STRINGS AUTO ON OFF)
set(BRANCHLINE_HAVE_LLVM FALSE)
if(NOT BRANCHLINE_ENABLE_JIT STREQUAL "OFF")
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    enable_language(C)
    find_package(LLVM 19.1 CONFIG QUIET)
  endif()
  # Some kernels of the runtime are compiled into programs, from bitcode of the LLVM that reads it:
  # this clang is needed whatever compiler builds the rest.
  if(LLVM_FOUND)
    find_program(BRANCHLINE_BITCODE_CLANG NAMES clang++-19 clang++
      PATHS "${LLVM_TOOLS_BINARY_DIR}" NO_DEFAULT_PATH DOC "clang++ 19, for the native engine")
    find_program(BRANCHLINE_BITCODE_CLANG NAMES clang++-19)
  endif()
  if(LLVM_FOUND AND BRANCHLINE_BITCODE_CLANG)
    set(BRANCHLINE_HAVE_LLVM TRUE)
  elseif(BRANCHLINE_ENABLE_JIT STREQUAL "ON")
    message(FATAL_ERROR
      "BRANCHLINE_ENABLE_JIT is ON: needs Linux on x86-64, llvm-19-dev and clang-19")
  elseif(LLVM_FOUND)
    message(WARNING "Without native code: clang-19 is missing, which it needs besides llvm-19-dev")
  endif()
endif()

if(BRANCHLINE_BUILD_TESTS)
  branchline_external_package(gtest GTest GTest::gtest_main)
endif()
