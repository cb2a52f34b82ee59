// Prototypes of what native code calls (RuntimeCalls.def).
#pragma once

#include "branchline/Runtime/Native.h"

namespace branchline::runtime {

#define BL_RUNTIME_CALL(Name, Result, Params, Doc) Result native##Name Params;
#include "branchline/Runtime/RuntimeCalls.def"

} // namespace branchline::runtime
