// The parts of promote-slots: what instructions do to variables, which variable of a chain they
// mean, and where a variable's value is needed. Private to that pass.
#pragma once

#include "Edits.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace branchline::opt {

/// Rows of bits of equal width.
class BitRows {
public:
  BitRows(size_t rows, size_t bits) : words_((bits + 63) / 64), data_(rows * words_) {}
  bool test(size_t row, size_t bit) const {
    return (data_[row * words_ + bit / 64] >> bit % 64 & 1) != 0;
  }
  void set(size_t row, size_t bit) { data_[row * words_ + bit / 64] |= uint64_t(1) << bit % 64; }
  void clear(size_t row, size_t bit) {
    data_[row * words_ + bit / 64] &= ~(uint64_t(1) << bit % 64);
  }
  void clearRow(size_t row) { std::fill_n(data_.data() + row * words_, words_, 0); }
  /// row(to) |= row(from) of `other`. \returns whether it changed
  bool merge(size_t to, const BitRows &other, size_t from) {
    bool changed = false;
    for (size_t w = 0; w < words_; ++w) {
      uint64_t now = data_[to * words_ + w] | other.data_[from * words_ + w];
      changed = changed || now != data_[to * words_ + w];
      data_[to * words_ + w] = now;
    }
    return changed;
  }

private:
  size_t words_;
  std::vector<uint64_t> data_;
};

/// Whether an instruction works on a chain of variables or on one variable.
bool accessesVariables(ir::Op op);

/// The chain at the front of such an instruction.
std::span<const ir::Operand> chainOf(const ir::Inst &inst);

/// Operand behind the chain, counted from 0: of var.write 0 is the position, 1 the value.
inline ValueId afterChain(const ir::Inst &inst, size_t index) {
  return inst.operands[chainOf(inst).size() + index].index;
}

/// Cells that no closure of the function shares become plain slots. \returns how many
size_t demoteCells(ir::Function &fn);

/// Shortens chains where a candidate of them is certainly bound or certainly not: the first bound
/// one is meant, those before it are passed over. Works on plain slots; what else can bind and
/// unbind a cell is not known. \returns how many instructions changed
size_t narrowChains(ir::Function &fn, ir::Module &module);

/// The slots that can become values, numbered from 0.
struct SlotNumbers {
  std::vector<uint32_t> number; // by slot; kNone: stays
  std::vector<uint32_t> slots;  // by number
  size_t size() const { return slots.size(); }
  /// The number of the variable that the instruction works on, kNone when that one stays.
  uint32_t of(const ir::Inst &inst) const {
    if (!accessesVariables(inst.op))
      return ir::kNone;
    std::span<const ir::Operand> chain = chainOf(inst);
    return chain.size() == 1 && chain[0].kind == ir::OperandKind::Local ? number[chain[0].index]
                                                                        : ir::kNone;
  }
};

/// Where the values of numbered variables are needed.
struct Needs {
  std::vector<uint32_t> bit; // by variable: its column, kNone when no block needs it from before
  BitRows rows;              // by block: what is needed at its start
  bool onEntry(BlockId block, uint32_t variable) const {
    return bit[variable] != ir::kNone && rows.test(block, bit[variable]);
  }
};

/// A value that is only read to be put back later (loops, CATCH) counts as needed only where what
/// it is put back to is. What a handler needs is needed everywhere in the blocks that it guards.
Needs findNeeds(const ir::Function &fn, const Graph &graph, const SlotNumbers &numbers);

} // namespace branchline::opt
