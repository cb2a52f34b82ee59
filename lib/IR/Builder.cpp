// Appends blocks and instructions, and removes the blocks nothing leads to.
#include "branchline/IR/Builder.h"

#include "branchline/Support/Assert.h"

#include <algorithm>
#include <charconv>

namespace branchline::ir {

/// The number after the last dot of a label, 0 when there is none.
static unsigned labelNumber(std::string_view label) {
  size_t dot = label.rfind('.');
  unsigned number = 0;
  if (dot != std::string_view::npos)
    std::from_chars(label.data() + dot + 1, label.data() + label.size(), number);
  return number;
}

BlockId Builder::newBlock(std::string_view label, unsigned params) {
  Function &function = fn();
  auto id = static_cast<BlockId>(function.blocks.size());
  Block made;
  made.label = label;
  made.handler = handler_;
  if (id != 0) {
    // Blocks that an earlier builder made keep their labels; counting on from the largest number
    // keeps ours apart from them.
    if (counter_ == 0)
      for (const Block &block : function.blocks)
        counter_ = std::max(counter_, labelNumber(block.label));
    made.label += "." + std::to_string(++counter_);
  }
  for (unsigned i = 0; i < params; ++i)
    made.params.push_back(function.newValue(kinds::Any));
  function.blocks.push_back(std::move(made));
  return id;
}

bool Builder::terminated() {
  const std::vector<Inst> &insts = fn().blocks[block_].insts;
  return !insts.empty() && info(insts.back().op).isTerminator();
}

ValueId Builder::emit(Op op, std::vector<Operand> operands) {
  BL_ASSERT(block_ < fn().blocks.size(), "emit needs a block");
  if (terminated())
    block_ = newBlock("dead");
  const InstInfo &row = info(op);
  ValueId result = row.hasResult() ? fn().newValue(row.result) : kNone;
  fn().blocks[block_].insts.push_back({op, result, loc_, std::move(operands)});
  return result;
}

void Builder::br(BlockId target, std::span<const ValueId> args) {
  std::vector<Operand> operands{block(target)};
  for (ValueId value : args)
    operands.push_back(arg(value));
  emit(Op::Br, std::move(operands));
}

void Builder::brIf(ValueId condition, BlockId thenBlock, BlockId elseBlock) {
  emit(Op::BrIf, {use(condition), block(thenBlock), block(elseBlock)});
}

void Builder::brNull(ValueId value, BlockId nullBlock, BlockId otherBlock) {
  emit(Op::BrNull, {use(value), block(nullBlock), block(otherBlock)});
}

/// Marks the blocks that control can reach, by jumps and by traps.
static std::vector<bool> findReachable(const Function &fn) {
  std::vector<bool> reached(fn.blocks.size());
  std::vector<BlockId> work;
  auto visit = [&](BlockId id) {
    if (id < reached.size() && !reached[id]) {
      reached[id] = true;
      work.push_back(id);
    }
  };
  visit(0);
  while (!work.empty()) {
    const Block &block = fn.blocks[work.back()];
    work.pop_back();
    visit(block.handler);     // kNone is out of range
    if (!block.insts.empty()) // only terminators name blocks
      for (Operand operand : block.insts.back().operands)
        if (operand.kind == OperandKind::Block)
          visit(operand.index);
  }
  return reached;
}

unsigned dropUnreachable(Function &fn) {
  std::vector<bool> reached = findReachable(fn);
  if (std::find(reached.begin(), reached.end(), false) == reached.end())
    return 0;
  std::vector<BlockId> newId(fn.blocks.size(), kNone);
  std::vector<Block> kept;
  for (size_t i = 0; i < fn.blocks.size(); ++i)
    if (reached[i]) {
      newId[i] = static_cast<BlockId>(kept.size());
      kept.push_back(std::move(fn.blocks[i]));
    }
  auto dropped = static_cast<unsigned>(fn.blocks.size() - kept.size());
  fn.blocks = std::move(kept);
  auto renumber = [&](BlockId &id) {
    if (id < newId.size())
      id = newId[id];
  };
  for (Block &block : fn.blocks) {
    renumber(block.handler);
    if (!block.insts.empty())
      for (Operand &operand : block.insts.back().operands)
        if (operand.kind == OperandKind::Block)
          renumber(operand.index);
  }
  return dropped;
}

} // namespace branchline::ir
