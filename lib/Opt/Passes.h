// The makers of all passes; private to Opt. Each is defined in the file of its pass, where the
// class itself stays hidden.
#pragma once

#include "branchline/Opt/PassManager.h"

#include <memory>

namespace branchline::opt {

#define BL_PASS(Name, Text, Scope, Calls, Doc) std::unique_ptr<Scope##Pass> create##Name();
#include "branchline/Opt/Passes.def"

} // namespace branchline::opt
