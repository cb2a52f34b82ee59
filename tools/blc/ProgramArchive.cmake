# What `blc compile --emit=exe|shared` links with the code of a program: one archive with the runtime
# and everything around it, and the flags that go with it. There is no compiler in the archive, so a
# program that linked contains none.

if(NOT BRANCHLINE_HAVE_LLVM)
  return()
endif()

set(objects "")
foreach(lib IN ITEMS Support Lang Numeric Runtime Format Stream Image Driver API)
  list(APPEND objects $<TARGET_OBJECTS:branchline${lib}>)
endforeach()
add_library(branchline-program STATIC ProgramMain.cpp Process.cpp ${objects})
target_link_libraries(branchline-program PRIVATE branchline_flags branchline::Driver)
target_compile_options(branchline-program PRIVATE -fno-rtti)

# Flags of the linker, one a line: what the archive needs of the system, by the names that are there
# at run time as well, so that linking takes no development package of these libraries.
set(flags "")
foreach(target IN ITEMS fmt::fmt simdjson::simdjson)
  list(APPEND flags $<TARGET_SONAME_FILE:${target}>)
endforeach()
foreach(module IN ITEMS gmp pcre2 utf8proc zlib zstd)
  get_target_property(files PkgConfig::BRANCHLINE_EXT_${module} INTERFACE_LINK_LIBRARIES)
  foreach(file IN LISTS files)
    file(REAL_PATH "${file}" file)
    list(APPEND flags "${file}")
  endforeach()
endforeach()
list(APPEND flags -lstdc++ -lm -pthread)
if(BRANCHLINE_SANITIZE)
  list(APPEND flags -fsanitize=${BRANCHLINE_SANITIZE})
endif()
list(JOIN flags "\n" flags)
file(GENERATE OUTPUT "${PROJECT_BINARY_DIR}/lib/branchline-program.flags" CONTENT "${flags}\n")
configure_file(program.exports "${PROJECT_BINARY_DIR}/lib/branchline-program.exports" COPYONLY)
add_dependencies(blc branchline-program)

include(GNUInstallDirs)
install(TARGETS branchline-program ARCHIVE DESTINATION lib)
install(FILES "${PROJECT_BINARY_DIR}/lib/branchline-program.flags"
              "${PROJECT_BINARY_DIR}/lib/branchline-program.exports"
  DESTINATION lib)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/branchline-c"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
