# Optimisation guided by a profile. `release` builds with Clang read `cmake/blc.profdata`, which
# says how often the functions of the hot paths and their jumps were taken; `benchmarks/profile.py`
# makes it anew from a build with the preset `profile`. Functions that have changed since are
# optimised without it.

option(BRANCHLINE_WRITE_PROFILE "Build a blc that writes a profile of each run (Clang only)" OFF)
set(BRANCHLINE_PROFILE "${PROJECT_SOURCE_DIR}/cmake/blc.profdata" CACHE FILEPATH
  "Profile that Release builds with Clang are guided by; empty for none")

# The oldest version that can read the profile.
set(profile_clang 19)

# Functions of one file are called after it, wherever the tree lies.
set(profile_names -mllvm -static-func-full-module-prefix=false)

if(BRANCHLINE_WRITE_PROFILE)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "BRANCHLINE_WRITE_PROFILE needs Clang")
  endif()
  target_compile_options(branchline_flags INTERFACE -fprofile-generate "SHELL:${profile_names}")
  target_link_options(branchline_flags INTERFACE -fprofile-generate)
elseif(BRANCHLINE_PROFILE AND CMAKE_BUILD_TYPE STREQUAL "Release" AND
       CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND
       CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL profile_clang)
  # Nothing else would tell the build that another profile makes other code.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${BRANCHLINE_PROFILE}")
  file(SHA256 "${BRANCHLINE_PROFILE}" profile_stamp)
  string(SUBSTRING "${profile_stamp}" 0 16 profile_stamp)
  target_compile_definitions(branchline_flags INTERFACE "BRANCHLINE_PROFILE_STAMP=${profile_stamp}")
  target_compile_options(branchline_flags INTERFACE
    "-fprofile-use=${BRANCHLINE_PROFILE}" "SHELL:${profile_names}"
    -Wno-profile-instr-unprofiled -Wno-profile-instr-out-of-date -Wno-backend-plugin)
endif()
