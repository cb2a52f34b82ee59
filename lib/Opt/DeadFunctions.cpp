// Empties functions that no transform can reach, so that nobody compiles them: helpers that are not
// used, and lambdas and FUNCs whose bodies stand in the place of all of their calls. They stay in
// the module with their names, since call stacks name them and functions are known by number.
// Precondition: none.
#include "Edits.h"
#include "Passes.h"
#include "branchline/IR/Builder.h"

#include <algorithm>

namespace branchline::opt {
namespace {

using ir::FunctionId;
using ir::kNone;

std::vector<bool> reachedFunctions(const ir::Module &module) {
  std::vector<bool> reached(module.functions.size());
  std::vector<FunctionId> work;
  auto reach = [&](FunctionId id) {
    if (id == kNone || reached[id])
      return;
    reached[id] = true;
    work.push_back(id);
  };
  for (const ir::TransformEntry &entry : module.transforms)
    reach(entry.function);
  while (!work.empty()) {
    const ir::Function &fn = module.functions[work.back()];
    work.pop_back();
    for (const ir::Block &block : fn.blocks)
      for (const ir::Inst &inst : block.insts)
        for (ir::Operand operand : inst.operands)
          if (operand.kind == ir::OperandKind::Function)
            reach(operand.index);
  }
  return reached;
}

bool isEmpty(const ir::Function &fn) {
  return fn.blocks.size() == 1 && fn.blocks[0].insts.size() == 2 && fn.slots.empty() &&
         fn.blocks[0].insts[0].op == ir::Op::Const;
}

/// What is left returns null.
void clear(ir::Module &module, ir::Function &fn) {
  fn.params.clear();
  fn.slots.clear();
  fn.captures.clear();
  fn.inlineSites.clear();
  fn.valueKinds.clear();
  fn.blocks.resize(1);
  ir::Block &only = fn.blocks.front();
  only.params.clear();
  only.handler = kNone;
  only.insts.clear();
  only.insts.push_back(makeInst(
      fn, ir::Op::Const, {ir::konst(module.intern({ir::Constant::Kind::Null, 0, 0, {}}))}, fn.loc));
  only.insts.push_back(makeInst(fn, ir::Op::Ret, {ir::use(only.insts.front().result)}, fn.loc));
}

class DeadFunctions final : public ModulePass {
public:
  Changed run(ir::Module &module, PassContext &context) override {
    if (module.transforms.empty()) // who calls its functions is not known
      return Changed::No;
    std::vector<bool> reached = reachedFunctions(module);
    size_t emptied = 0;
    for (FunctionId id = 0; id < reached.size(); ++id) {
      ir::Function &fn = module.functions[id];
      if (reached[id] || isEmpty(fn))
        continue;
      clear(module, fn);
      context.markChanged(id);
      ++emptied;
    }
    context.count("dead-functions.emptied", emptied);
    return emptied != 0 ? Changed::Yes : Changed::No;
  }
};

} // namespace

std::unique_ptr<ModulePass> createDeadFunctions() { return std::make_unique<DeadFunctions>(); }

} // namespace branchline::opt
