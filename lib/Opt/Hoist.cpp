// Moves instructions out of loops whose operands come from outside, so that they run once:
//   - those that cannot trap and give the same each time, from anywhere in the loop: nobody sees
//     that they ran once more or once less;
//   - those that can trap, only from the block in which each turn of the loop begins, and only from
//     before anything that stays there and may trap or has an effect: then the first turn, which
//     always gets there, would have done the same next. The trap must keep its handler.
// Constants go with the rest, since others wait for them. Values under construction and what reads
// variables stay. So does what only passes its operand on: infer-kinds narrows such a result by
// what branches before it said, which does not hold further up. Precondition: none. Works on loops
// with a block of their own before the header.
#include "Effects.h"
#include "Passes.h"

#include <iterator>

namespace branchline::opt {
namespace {

using ir::Inst;
using ir::kNone;
using ir::Op;
using ir::Operand;

/// The loops of one function, inner ones first: what leaves one may leave the next.
class Hoister {
public:
  Hoister(ir::Function &fn, Graph graph, const ir::Module &module)
      : fn_(fn), graph_(std::move(graph)), tree_(fn), loops_(fn, graph_, tree_),
        home_(fn.valueKinds.size(), kNone), inLoop_(fn.blocks.size()), facts_(fn.blocks.size()) {
    const EffectInfo effects(module, fn);
    for (BlockId id = 0; id < fn.blocks.size(); ++id) {
      for (ValueId param : fn.blocks[id].params)
        home_[param] = id;
      for (const Inst &inst : fn.blocks[id].insts) {
        if (inst.result != kNone)
          home_[inst.result] = id;
        facts_[id].push_back({effects.mayTrap(inst), effects.isRemovable(inst)});
      }
    }
  }

  size_t run() {
    for (size_t i = loops_.all.size(); i-- > 0;)
      if (BlockId before = loops_.all[i].preheader;
          before != kNone && fn_.blocks[before].insts.back().op == Op::Br)
        visit(loops_.all[i]);
    return moved_;
  }

private:
  /// About an instruction. Moving changes neither kinds nor constants, so it stays true.
  struct Facts {
    bool mayTrap;
    bool isRemovable;
  };

  void visit(const Loop &loop) {
    for (BlockId id : loop.blocks)
      inLoop_[id] = true;
    std::vector<BlockId> blocks;
    for (BlockId id : graph_.order) // definitions before their uses
      if (inLoop_[id])
        blocks.push_back(id);
    for (BlockId id : blocks)
      hoistFrom(id, loop);
    for (BlockId id : loop.blocks)
      inLoop_[id] = false;
  }

  void hoistFrom(BlockId id, const Loop &loop) {
    ir::Block &block = fn_.blocks[id];
    bool mayTrapHere = id == loop.header && block.handler == fn_.blocks[loop.preheader].handler;
    std::vector<size_t> moving;
    for (size_t i = 0; i + 1 < block.insts.size(); ++i) {
      const Inst &inst = block.insts[i];
      if (isCandidate(inst) && (!facts_[id][i].mayTrap || mayTrapHere)) {
        moving.push_back(i);
        if (inst.result != kNone)
          home_[inst.result] = loop.preheader;
        continue;
      }
      mayTrapHere = mayTrapHere && facts_[id][i].isRemovable;
    }
    if (moving.empty())
      return;
    moveBeforeEnd(block.insts, moving, fn_.blocks[loop.preheader].insts);
    moveBeforeEnd(facts_[id], moving, facts_[loop.preheader]);
    moved_ += moving.size();
  }

  bool isCandidate(const Inst &inst) const {
    if (passedThrough(inst) || !isRepeatable(inst, fn_))
      return false;
    for (Operand operand : inst.operands)
      if (isValueUse(operand.kind) && inLoop_[home_[operand.index]])
        return false;
    return true;
  }

  template <class T>
  static void moveBeforeEnd(std::vector<T> &from, const std::vector<size_t> &indices,
                            std::vector<T> &to) {
    std::vector<T> moved;
    std::vector<T> kept;
    size_t next = 0;
    for (size_t i = 0; i < from.size(); ++i) {
      bool goes = next < indices.size() && indices[next] == i;
      next += goes ? 1 : 0;
      (goes ? moved : kept).push_back(std::move(from[i]));
    }
    from = std::move(kept);
    to.insert(to.end() - 1, std::make_move_iterator(moved.begin()),
              std::make_move_iterator(moved.end()));
  }

  ir::Function &fn_;
  Graph graph_;
  ir::Dominators tree_;
  Loops loops_;
  std::vector<BlockId> home_;             // by value: the block that defines it
  std::vector<bool> inLoop_;              // by block: whether it lies in the loop at hand
  std::vector<std::vector<Facts>> facts_; // by block and instruction
  size_t moved_ = 0;
};

/// Whether some jump goes back, without which there is no loop.
bool goesBack(const Graph &graph) {
  std::vector<bool> seen(graph.jumps.size());
  for (BlockId block : graph.order) {
    seen[block] = true;
    for (Jump jump : graph.jumps[block])
      if (!seen[jump.from] || jump.from == block)
        return true;
  }
  return false;
}

class Hoist final : public FunctionPass {
public:
  Changed run(ir::Function &fn, PassContext &context) override {
    Graph graph(fn);
    if (!goesBack(graph))
      return Changed::No;
    size_t moved = Hoister(fn, std::move(graph), context.module()).run();
    context.count("hoist.moved", moved);
    return moved != 0 ? Changed::Yes : Changed::No;
  }
};

} // namespace

std::unique_ptr<FunctionPass> createHoist() { return std::make_unique<Hoist>(); }

} // namespace branchline::opt
