# The four kinds of target this project has: library, unit test, tool and fuzz target. Each is one
# call with explicit sources, so that a folder's CMakeLists.txt says what it is made of and nothing
# about how it is built.

# Parses the keywords the four functions share into arg_SOURCES, arg_DEPENDS, arg_LINK and
# arg_EXCEPTIONS in the caller's scope.
macro(branchline_parse_target_arguments)
  cmake_parse_arguments(arg "EXCEPTIONS" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "unexpected arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
endmacro()

# Our code has no RTTI. EXCEPTIONS marks a target that includes external headers which need RTTI and
# exceptions (command line parsing, for one).
function(branchline_apply_language_rules target exceptions)
  if(NOT exceptions)
    target_compile_options(${target} PRIVATE -fno-rtti)
  endif()
endfunction()

# branchline_add_library(<Lib> SOURCES a.cpp... [DEPENDS Lib...] [LINK ext::name...] [EXCEPTIONS])
# DEPENDS is checked against the layer table. Without SOURCES the library is headers only.
function(branchline_add_library lib)
  branchline_parse_target_arguments(${ARGN})
  branchline_check_uses(${lib} ${arg_DEPENDS})
  list(TRANSFORM arg_DEPENDS PREPEND branchline)
  if(arg_SOURCES)
    set(scope PUBLIC)
    add_library(branchline${lib} STATIC ${arg_SOURCES})
    target_include_directories(branchline${lib} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
    target_link_libraries(branchline${lib} PRIVATE branchline_library_flags)
    branchline_apply_language_rules(branchline${lib} "${arg_EXCEPTIONS}")
  else()
    set(scope INTERFACE)
    add_library(branchline${lib} INTERFACE)
  endif()
  add_library(branchline::${lib} ALIAS branchline${lib})
  target_include_directories(branchline${lib} ${scope} "${PROJECT_SOURCE_DIR}/include")
  target_link_libraries(branchline${lib} ${scope} ${arg_DEPENDS} ${arg_LINK})
endfunction()

# Adds an executable from the parsed arguments of the caller.
function(branchline_add_program name)
  foreach(lib IN LISTS arg_DEPENDS)
    if(NOT lib IN_LIST BRANCHLINE_LIBRARIES)
      message(FATAL_ERROR "${name}: ${lib} has no row in cmake/Layers.cmake")
    endif()
    if(NOT TARGET branchline::${lib})
      message(FATAL_ERROR "${name}: ${lib} is not in this build")
    endif()
  endforeach()
  list(TRANSFORM arg_DEPENDS PREPEND branchline::)
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE branchline_flags ${arg_DEPENDS} ${arg_LINK})
  branchline_apply_language_rules(${name} "${arg_EXCEPTIONS}")
endfunction()

# branchline_add_unittest(<Lib> SOURCES XTest.cpp... [DEPENDS Lib...] [LINK ext::name...])
# Builds `<Lib>Tests` and registers it as the one test `unit.<Lib>`. <Lib> itself is a dependency.
function(branchline_add_unittest lib)
  branchline_parse_target_arguments(${ARGN})
  list(PREPEND arg_DEPENDS ${lib})
  list(REMOVE_DUPLICATES arg_DEPENDS)
  list(APPEND arg_LINK ext::gtest)
  branchline_add_program(${lib}Tests)
  add_test(NAME unit.${lib} COMMAND ${lib}Tests --gtest_brief=1)
endfunction()

# branchline_add_tool(<name> SOURCES main.cpp... [DEPENDS Lib...] [LINK ext::name...] [EXCEPTIONS])
function(branchline_add_tool name)
  branchline_parse_target_arguments(${ARGN})
  branchline_add_program(${name})
endfunction()

# branchline_add_fuzzer(<name> SOURCES Fuzzer.cpp... [DEPENDS Lib...] [LINK ext::name...])
# With BRANCHLINE_LIBFUZZER the target is driven by libFuzzer. Otherwise it gets a plain main that
# runs the entry point once over each file named on its command line, so that it cannot rot, and the
# files in `corpus/<name>` run as the test `fuzz.<name>`.
function(branchline_add_fuzzer name)
  branchline_parse_target_arguments(${ARGN})
  if(NOT BRANCHLINE_LIBFUZZER)
    list(APPEND arg_SOURCES "${PROJECT_SOURCE_DIR}/fuzz/StandaloneMain.cpp")
  endif()
  branchline_add_program(${name})
  if(BRANCHLINE_LIBFUZZER)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  elseif(IS_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name}")
    add_test(NAME fuzz.${name} COMMAND ${name} "${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name}")
  endif()
endfunction()
