# Compiler and linker flags as interface targets. `branchline_flags` is for everything we build;
# `branchline_library_flags` adds what only library code keeps to. Optimisation and debug
# information are the preset's business, not this file's.

add_library(branchline_flags INTERFACE)
target_compile_features(branchline_flags INTERFACE cxx_std_20)
target_compile_options(branchline_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wimplicit-fallthrough -Wnon-virtual-dtor
  -Woverloaded-virtual -Wextra-semi
  # Assertion messages name files relative to the project, wherever it was built.
  "-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")

if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # std::stable_sort of libstdc++ 12 uses a function it has itself deprecated; Clang reports that at
  # the call in our code.
  target_compile_options(branchline_flags INTERFACE -Wno-deprecated-declarations)
endif()
if(BRANCHLINE_WARNINGS_AS_ERRORS)
  target_compile_options(branchline_flags INTERFACE -Werror)
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(branchline_flags INTERFACE BL_ENABLE_ASSERTIONS _GLIBCXX_ASSERTIONS)
endif()
if(BRANCHLINE_USE_LLD)
  target_link_options(branchline_flags INTERFACE -fuse-ld=lld)
endif()

# There is no RTTI to check virtual calls with, hence no `vptr`.
if(BRANCHLINE_SANITIZE)
  set(sanitize -fsanitize=${BRANCHLINE_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all)
  target_compile_options(branchline_flags INTERFACE ${sanitize} -fno-omit-frame-pointer)
  target_link_options(branchline_flags INTERFACE ${sanitize})
endif()
if(BRANCHLINE_LIBFUZZER)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "BRANCHLINE_LIBFUZZER needs Clang")
  endif()
  target_compile_options(branchline_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

add_library(branchline_library_flags INTERFACE)
target_link_libraries(branchline_library_flags INTERFACE branchline_flags)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # Libraries run no code before main or after it.
  target_compile_options(branchline_library_flags INTERFACE
    -Wglobal-constructors -Wexit-time-destructors)
endif()
