// Numbers that native code and the runtime agree on: places of instructions, name caches, paths and
// layouts of object literals. Whoever makes the code and whoever runs it count in the same way.
// Private to JIT.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/JIT/JIT.h"
#include "branchline/Runtime/Native.h"

#include <vector>

namespace branchline::jit {

/// Numbers of one function.
struct FunctionPlan {
  std::vector<uint32_t> firstPlace; // by block: the place of its first instruction
  std::vector<uint32_t> table;      // by place: row of names, paths or layouts; else kNone
};

struct ModulePlan {
  std::vector<FunctionPlan> functions;
  std::vector<bool> needsEntry; // by function: called by value, or from outside
  std::vector<uint32_t> names;
  std::vector<std::vector<runtime::NativeSegment>> paths;
  std::vector<std::vector<uint32_t>> layouts;
};

/// \param module  verified. \param everyEntry  whether all functions need an entry
/// \complexity O(operands)
ModulePlan planModule(const ir::Module &module, bool everyEntry = false);

/// The name of a function's entry in an object file.
std::string entryName(ir::FunctionId function);
/// The name of an entry in the middle of a function.
std::string loopName(const LoopPoint &loop);

/// What call stacks and debuggers call a function.
std::string displayName(const ir::Function &fn);

} // namespace branchline::jit
