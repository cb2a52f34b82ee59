# Compiles through ccache when it is installed. The working directory is kept out of the cache key,
# so that several build directories share their results.

find_program(BRANCHLINE_CCACHE ccache DOC "Compiler cache, optional")
find_program(BRANCHLINE_ENV env)
mark_as_advanced(BRANCHLINE_CCACHE BRANCHLINE_ENV)

if(BRANCHLINE_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  if(BRANCHLINE_ENV)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${BRANCHLINE_ENV} CCACHE_NOHASHDIR=1 ${BRANCHLINE_CCACHE})
  else()
    set(CMAKE_CXX_COMPILER_LAUNCHER ${BRANCHLINE_CCACHE})
  endif()
endif()
