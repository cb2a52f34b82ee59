# Which library may use which: the only copy of this table. `branchline_add_library` refuses a
# `DEPENDS` it does not allow, and utils/check-layering.py reads it to check every `#include`.
# A library may also use whatever the libraries it names may use.

# Each row is "Library: libraries it may use", lower layers first.
set(BRANCHLINE_LAYERS
  "Support:"
  "Lang: Support"
  "Numeric: Support"
  "Syntax: Support Lang Numeric"
  "Sema: Syntax"
  "IR: Support Lang Numeric"
  "IRGen: Sema IR"
  "Runtime: Support Lang Numeric"
  "Opt: IR Runtime"
  "Interp: IR Runtime"
  "Bytecode: Support Lang Numeric"
  "BCGen: IR Bytecode"
  "VM: Bytecode Runtime"
  "JIT: IR Runtime"
  "Tier: BCGen VM JIT"
  "Format: Runtime"
  "Stream: Format"
  "Image: Format"
  "Driver: Support Lang Numeric Syntax Sema IR IRGen Runtime Opt Interp Bytecode BCGen VM JIT Tier Format Stream Image"
  "API: Driver"
)

# BRANCHLINE_LIBRARIES is every library in table order, and BRANCHLINE_USES_<lib> everything that
# library may use, directly or through others. Rows only name earlier rows, so one sweep is enough.
set(BRANCHLINE_LIBRARIES "")
foreach(row IN LISTS BRANCHLINE_LAYERS)
  if(NOT row MATCHES "^([A-Za-z]+):(.*)$")
    message(FATAL_ERROR "malformed row \"${row}\" (cmake/Layers.cmake)")
  endif()
  set(lib "${CMAKE_MATCH_1}")
  separate_arguments(direct UNIX_COMMAND "${CMAKE_MATCH_2}")
  set(uses ${direct})
  foreach(used IN LISTS direct)
    if(NOT used IN_LIST BRANCHLINE_LIBRARIES)
      message(FATAL_ERROR "row ${lib} names ${used}, which is not an earlier row (cmake/Layers.cmake)")
    endif()
    list(APPEND uses ${BRANCHLINE_USES_${used}})
  endforeach()
  list(REMOVE_DUPLICATES uses)
  set(BRANCHLINE_USES_${lib} ${uses})
  list(APPEND BRANCHLINE_LIBRARIES ${lib})
endforeach()

# Stops configuring when library `lib` is not allowed to use one of the libraries in ARGN.
function(branchline_check_uses lib)
  if(NOT lib IN_LIST BRANCHLINE_LIBRARIES)
    message(FATAL_ERROR "${lib} has no row in cmake/Layers.cmake")
  endif()
  foreach(used IN LISTS ARGN)
    if(NOT used IN_LIST BRANCHLINE_USES_${lib})
      message(FATAL_ERROR "${lib} may not use ${used} (cmake/Layers.cmake)")
    endif()
  endforeach()
endfunction()
