// Common subexpressions: an instruction goes when an equal one stands on every way to it. That
// one has not trapped, or control would not be here, so an instruction that may trap goes as well.
// Values are immutable, so nothing between the two can change the outcome; variables and shared
// memory can change, and instructions that read them stay.
// Precondition: none. Finds more after promote-slots.
#include "Effects.h"
#include "Passes.h"

#include <unordered_map>

namespace branchline::opt {
namespace {

using ir::Inst;
using ir::kNone;
using ir::Op;
using ir::Operand;

/// What two instructions must agree in to be equal.
struct Key {
  Op op;
  std::vector<Operand> operands;
  bool operator==(const Key &) const = default;
};

struct KeyHash {
  size_t operator()(const Key &key) const {
    size_t hash = static_cast<size_t>(key.op);
    for (Operand operand : key.operands)
      hash = hash * 1000003 ^ (static_cast<size_t>(operand.kind) << 32 | operand.index);
    return hash;
  }
};

/// Where an instruction stands and what it gives; kNone for a check without result.
struct Earlier {
  BlockId block;
  ValueId result;
};

/// Operands that may change places. Text concatenation makes `add` none of these, and the operands
/// of `mul` decide which error comes first only by their kinds, not by their order.
bool isCommutative(Op op) { return op == Op::Mul || op == Op::Eq || op == Op::Ne; }

class Search {
public:
  explicit Search(ir::Function &fn) : fn_(fn), graph_(fn), tree_(fn), map_(fn) {}

  size_t run() {
    Rows<BlockId> children = dominatorChildren(graph_, tree_);
    std::vector<BlockId> work{0};
    while (!work.empty()) {
      BlockId block = work.back();
      work.pop_back();
      visit(block);
      work.insert(work.end(), children[block].rbegin(), children[block].rend());
    }
    map_.apply(fn_);
    return removed_;
  }

private:
  void visit(BlockId id) {
    removed_ += std::erase_if(fn_.blocks[id].insts, [&](Inst &inst) {
      map_.apply(inst);
      if (!isRepeatable(inst, fn_))
        return false;
      Key key{inst.op, inst.operands};
      if (isCommutative(inst.op) && key.operands[1].index < key.operands[0].index)
        std::swap(key.operands[0], key.operands[1]);
      std::vector<Earlier> &earlier = seen_[std::move(key)];
      // Blocks come in preorder of the tree: who does not dominate this one is done with.
      while (!earlier.empty() && !tree_.dominates(earlier.back().block, id))
        earlier.pop_back();
      if (earlier.empty()) {
        earlier.push_back({id, inst.result});
        return false;
      }
      if (inst.result != kNone)
        map_.set(inst.result, earlier.back().result);
      return true;
    });
  }

  ir::Function &fn_;
  Graph graph_;
  ir::Dominators tree_;
  ValueMap map_;
  std::unordered_map<Key, std::vector<Earlier>, KeyHash> seen_;
  size_t removed_ = 0;
};

class Cse final : public FunctionPass {
public:
  Changed run(ir::Function &fn, PassContext &context) override {
    size_t removed = Search(fn).run();
    context.count("cse.removed", removed);
    return removed != 0 ? Changed::Yes : Changed::No;
  }
};

} // namespace

std::unique_ptr<FunctionPass> createCse() { return std::make_unique<Cse>(); }

} // namespace branchline::opt
