// Puts small bodies in the place of calls: of FUNCs, and of function values whose closure.new
// stands in the same function (a closure shares the variables of that very activation, so the body
// works on the same ones). Arguments stay where they were evaluated. A call that is gone shows in
// two ways, and both are kept:
//   - call stacks of errors: instructions of the copy name their inline site (IR/Module.h);
//   - the call depth limit (D21): only calls are taken that cannot come near it, see InlineDepth.h.
// Leaves out callees with handlers, with variables that closures share, and what InlineBody.h
// names. Precondition: none. Sees more function values after promote-slots, which should also run
// after it to turn the variables of the copies into values.
#include "InlineBody.h"
#include "InlineDepth.h"
#include "Passes.h"

namespace branchline::opt {
namespace {

using ir::FunctionId;
using ir::Inst;
using ir::kNone;
using ir::Op;

constexpr size_t kSmall = 40;      // instructions of a callee that may be copied anywhere
constexpr size_t kOnlyCall = 400;  // of one whose only call this is
constexpr size_t kLargest = 4'000; // of a function after inlining
constexpr size_t kMostCalls = 200; // inlined into one function

/// The calls of one function.
class Inliner {
public:
  Inliner(ir::Module &module, FunctionId id, const CallDepths &depths,
          const std::vector<uint32_t> &references, std::vector<size_t> &sizes)
      : module_(module), id_(id), depths_(depths), references_(references), sizes_(sizes),
        makesClosures_(hasOp(module.functions[id], Op::ClosureNew)) {
    if (makesClosures_)
      where_ = definitions(fn());
  }

  /// \returns how many calls are gone
  size_t run() {
    size_t inlined = 0;
    // Blocks are cut and appended on the way; what moved behind is looked at when its turn comes.
    for (BlockId block = 0; block < fn().blocks.size(); ++block)
      for (size_t at = 0; at < fn().blocks[block].insts.size() && inlined < kMostCalls; ++at)
        if (std::optional<BodyCopy> copy = bodyFor(fn().blocks[block].insts[at])) {
          replace(block, at, std::move(*copy));
          ++inlined;
          break;
        }
    return inlined;
  }

private:
  ir::Function &fn() { return module_.functions[id_]; }

  /// How to replace an instruction by the body of what it calls, if that is possible and worth it.
  std::optional<BodyCopy> bodyFor(const Inst &inst) {
    size_t firstArgument = 1;
    BodyCopy copy{kNone, {}, {}, inst.loc, kNone, kNone};
    if (inst.op == Op::CallFunc) {
      copy.callee = inst.operands[0].index;
    } else {
      bool isApply = inst.op == Op::CallLib && inst.operands.size() >= 2 &&
                     static_cast<Builtin>(inst.operands[0].index) == Builtin::APPLY;
      if (inst.op != Op::Call && !isApply)
        return std::nullopt;
      const Inst *closure = closureOf(fn(), where_, inst.operands[isApply].index);
      if (!closure)
        return std::nullopt;
      copy.callee = closure->operands[0].index;
      copy.captures = capturesOf(*closure);
      firstArgument += isApply;
    }
    if (!isWorthIt(copy))
      return std::nullopt;
    for (size_t i = firstArgument; i < inst.operands.size(); ++i)
      copy.arguments.push_back(inst.operands[i].index);
    return copy;
  }

  bool isWorthIt(const BodyCopy &copy) const {
    size_t size = sizes_[copy.callee];
    return size <= (references_[copy.callee] == 1 ? kOnlyCall : kSmall) &&
           sizes_[id_] + size <= kLargest && depths_.mayInline(id_, copy.callee) &&
           isCopyable(module_.functions[copy.callee]) && areDistinct(copy.captures);
  }

  void replace(BlockId block, size_t at, BodyCopy copy) {
    ValueId result = fn().blocks[block].insts[at].result;
    sizes_[id_] += sizes_[copy.callee];
    ir::Builder builder(module_, id_);
    copy.next = splitBlock(builder, block, at, "returned");
    copy.handler = fn().blocks[block].handler;
    fn().blocks[copy.next].params = {result};
    BlockId entry = copyBody(module_, id_, copy);
    builder.setBlock(block);
    builder.setLoc(copy.at);
    builder.br(entry);
    makesClosures_ = makesClosures_ || hasOp(module_.functions[copy.callee], Op::ClosureNew);
    if (makesClosures_)
      where_ = definitions(fn());
  }

  ir::Module &module_;
  FunctionId id_;
  const CallDepths &depths_;
  const std::vector<uint32_t> &references_; // by function: instructions that name it
  std::vector<size_t> &sizes_;              // by function: its instructions
  bool makesClosures_;                      // without any, no function value is known
  std::vector<Definition> where_;
};

std::vector<uint32_t> referencesOf(const ir::Module &module) {
  std::vector<uint32_t> references(module.functions.size());
  for (const ir::Function &fn : module.functions)
    for (const ir::Block &block : fn.blocks)
      for (const Inst &inst : block.insts)
        for (ir::Operand operand : inst.operands)
          if (operand.kind == ir::OperandKind::Function && operand.index != kNone)
            ++references[operand.index];
  return references;
}

class Inline final : public ModulePass {
public:
  Changed run(ir::Module &module, PassContext &context) override {
    CallDepths depths(module);
    std::vector<uint32_t> references = referencesOf(module);
    std::vector<size_t> sizes;
    for (const ir::Function &fn : module.functions)
      sizes.push_back(sizeOf(fn));
    size_t inlined = 0;
    for (FunctionId id : depths.calleesFirst())
      if (size_t calls = Inliner(module, id, depths, references, sizes).run()) {
        dropLeftovers(module, id);
        context.markChanged(id);
        inlined += calls;
      }
    context.count("inline.calls", inlined);
    return inlined != 0 ? Changed::Yes : Changed::No;
  }
};

} // namespace

std::unique_ptr<ModulePass> createInline() { return std::make_unique<Inline>(); }

} // namespace branchline::opt
