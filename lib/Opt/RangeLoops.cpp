// Lets loops count. An iterator over a fresh list of RANGE that nobody else reads becomes
// iter.range, which gives the same items, raises the same traps from the same place, and makes no
// list. It stands where the call stood: between call and iterator nothing changes, and making an
// iterator over a list cannot fail.
// RANGE(n) counts from 0 to n - 1 but gives nothing for n below 1 (D23), where iter.range would
// count down; it is taken only when n is a constant from 1 on. RANGE with a step stays.
// Precondition: none.
#include "Effects.h"
#include "Passes.h"
#include "branchline/IR/Builder.h"

#include <unordered_map>

namespace branchline::opt {
namespace {

using ir::Inst;
using ir::kNone;
using ir::Op;

/// The work on one function.
class Rewriter {
public:
  Rewriter(ir::Function &fn, ir::Module &module)
      : fn_(fn), module_(module), where_(definitions(fn)), calls_(fn.valueKinds.size()) {}

  /// \returns how many loops count now
  size_t run() {
    ValueMap map(fn_);
    std::vector<uint32_t> uses = useCounts(fn_);
    for (const ir::Block &block : fn_.blocks)
      for (const Inst &inst : block.insts) {
        if (inst.op != Op::IterNew)
          continue;
        ValueId list = inst.operands[1].index;
        if (uses[list] != 1)
          continue;
        const Inst *call = definingInst(fn_, where_, list);
        calls_[list] = formOf(call);
        if (calls_[list] == Form::Other)
          continue;
        map.set(inst.result, list);
        if (calls_[list] == Form::UpTo)
          bounds_.emplace(list, boundOf(*call)); // before anything moves
      }
    if (map.empty())
      return 0;
    for (ir::Block &block : fn_.blocks)
      rewrite(block);
    map.apply(fn_);
    return map.size();
  }

private:
  enum class Form : uint8_t { Other, UpTo, FromTo };

  Form formOf(const Inst *call) const {
    if (!call || call->op != Op::CallLib ||
        static_cast<Builtin>(call->operands[0].index) != Builtin::RANGE)
      return Form::Other;
    if (call->operands.size() == 3)
      return Form::FromTo;
    return call->operands.size() == 2 && boundOf(*call) >= 1 ? Form::UpTo : Form::Other;
  }

  /// The constant argument of RANGE(n); 0 when it is none.
  int64_t boundOf(const Inst &call) const {
    const ir::Constant *n = constantOf(module_, definingInst(fn_, where_, call.operands[1].index));
    return n && n->kind == ir::Constant::Kind::Int ? n->integer : 0;
  }

  Form formOf(ValueId value) const { return value < calls_.size() ? calls_[value] : Form::Other; }

  void rewrite(ir::Block &block) {
    std::vector<Inst> out;
    out.reserve(block.insts.size());
    for (Inst &inst : block.insts) {
      if (inst.op == Op::IterNew && formOf(inst.operands[1].index) != Form::Other)
        continue;
      Form form = formOf(inst.result);
      if (form == Form::Other) {
        out.push_back(std::move(inst));
        continue;
      }
      ValueId first = form == Form::UpTo ? constant(0, inst.loc, out) : inst.operands[1].index;
      ValueId last = form == Form::UpTo ? constant(bounds_[inst.result] - 1, inst.loc, out)
                                        : inst.operands[2].index;
      fn_.valueKinds[inst.result] = ir::kinds::Iterator;
      out.push_back({Op::IterRange, inst.result, inst.loc, {ir::use(first), ir::use(last)}});
    }
    block.insts = std::move(out);
  }

  ValueId constant(int64_t value, ir::Loc loc, std::vector<Inst> &out) {
    out.push_back(makeInst(fn_, Op::Const, {ir::konst(module_.internInt(value))}, loc));
    return out.back().result;
  }

  ir::Function &fn_;
  ir::Module &module_;
  std::vector<Definition> where_;
  std::vector<Form> calls_; // by value: whether it is the list of a loop that can count
  std::unordered_map<ValueId, int64_t> bounds_; // of RANGE(n)
};

class RangeLoops final : public FunctionPass {
public:
  Changed run(ir::Function &fn, PassContext &context) override {
    size_t loops = Rewriter(fn, context.module()).run();
    context.count("range-loops.loops", loops);
    return loops != 0 ? Changed::Yes : Changed::No;
  }
};

} // namespace

std::unique_ptr<FunctionPass> createRangeLoops() { return std::make_unique<RangeLoops>(); }

} // namespace branchline::opt
