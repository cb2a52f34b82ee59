// Removes values nobody reads. Keeps whatever can trap, since TRY would see the difference, unless
// the kinds of the operands show that it cannot; and whatever has an effect.
// Precondition: none. Knows more after infer-kinds.
#include "Effects.h"
#include "Passes.h"

namespace branchline::opt {
namespace {

class DeadCode final : public FunctionPass {
public:
  Changed run(ir::Function &fn, PassContext &context) override {
    EffectInfo effects(context.module(), fn);
    size_t removed =
        removeDead(fn, [&](const ir::Inst &inst) { return effects.isRemovable(inst); });
    context.count("dead-code.removed", removed);
    return removed != 0 ? Changed::Yes : Changed::No;
  }
};

} // namespace

std::unique_ptr<FunctionPass> createDeadCode() { return std::make_unique<DeadCode>(); }

} // namespace branchline::opt
