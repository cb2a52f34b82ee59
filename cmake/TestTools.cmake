# Finds the test driver lit and its companions FileCheck and not. Debian installs them in one LLVM
# folder with a version in the names of the links that lead there; lit.py is reached from FileCheck's
# real place.

find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

set(BRANCHLINE_LLVM_VERSION 19 CACHE STRING "LLVM release whose FileCheck and lit run the tests")

find_program(BRANCHLINE_FILECHECK NAMES FileCheck-${BRANCHLINE_LLVM_VERSION} FileCheck)
if(BRANCHLINE_FILECHECK)
  file(REAL_PATH "${BRANCHLINE_FILECHECK}" filecheck)
  cmake_path(GET filecheck PARENT_PATH BRANCHLINE_LLVM_TOOLS_DIR)
endif()
find_program(BRANCHLINE_NOT NAMES not HINTS "${BRANCHLINE_LLVM_TOOLS_DIR}")
find_program(BRANCHLINE_LIT NAMES lit.py lit llvm-lit
  HINTS "${BRANCHLINE_LLVM_TOOLS_DIR}/../build/utils/lit" "${BRANCHLINE_LLVM_TOOLS_DIR}")
mark_as_advanced(BRANCHLINE_FILECHECK BRANCHLINE_NOT BRANCHLINE_LIT)

set(BRANCHLINE_HAVE_LIT FALSE)
if(BRANCHLINE_FILECHECK AND BRANCHLINE_NOT AND BRANCHLINE_LIT)
  set(BRANCHLINE_HAVE_LIT TRUE)
endif()
