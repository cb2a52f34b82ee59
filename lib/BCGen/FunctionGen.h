// Emits the words of one function. Private to BCGen.
//
// Frame layout: value registers of variables, then of SSA values, then scratch registers, cell
// registers, the cell window and iterator registers; last the outgoing window (arguments, items,
// keys and values that the next instruction consumes).
#pragma once

#include "Order.h"
#include "ProgramGen.h"
#include "Registers.h"

#include "branchline/IR/Liveness.h"
#include "branchline/IR/Operands.h"

#include <optional>
#include <span>
#include <vector>

namespace branchline::bcgen {

using bytecode::Op;
using ir::ValueId;

class FunctionGen {
public:
  FunctionGen(ProgramGen &gen, const ir::Function &fn);
  bytecode::Function generate();
  /// After `generate`: what starts at a word.
  std::optional<BlockStart> blockAt(uint32_t word) const;

private:
  using Operands = std::span<const ir::Operand>;
  /// Where a word has its label to a block; patched when all blocks have their place.
  enum class LabelField : uint8_t { Wide, C, Ext };

  // --- Planning (Plan.cpp) ---
  void planVariables();
  void planValues();
  void planWindows();
  void planFusion();
  std::vector<Affinity> findAffinities() const;
  void assign();
  bool isConstant(ValueId value) const { return constantOf_[value] != ir::kNone; }
  bool isText(ValueId value) const {
    return isConstant(value) &&
           gen_.module().constants[constantOf_[value]].kind == ir::Constant::Kind::String;
  }
  /// What the instruction consumes from the window, in order.
  static std::vector<ir::Operand> windowOperands(const ir::Inst &inst);

  // --- Blocks and edges (FunctionGen.cpp) ---
  void emitBlock(uint32_t place);
  void emitTerminator(const ir::Inst &inst, uint32_t place);
  void emitBranch(const ir::Inst &inst, uint32_t place);
  struct Condition {
    Op whenTrue, whenFalse;
    uint32_t a = 0, b = 0;
    uint8_t negateTrue = 0, negateFalse = 0;
    LabelField field = LabelField::Wide;
  };
  Condition conditionOf(const ir::Inst &inst);
  Condition fusedCondition(const ir::Inst &compare);
  size_t emitCondition(const Condition &condition, bool whenTrue);
  void emitIterNext(const ir::Inst &inst, uint32_t place);
  /// Moves of an edge and the jump, which is left out when the block comes next.
  void emitEdge(Operands edge, uint32_t place);
  bool edgeNeedsMoves(Operands edge) const;
  void emitMoves(Operands edge);
  bool staysInPlace(Operands edge, uint32_t reg) const;
  bool emitLoopBack(Operands edge, uint32_t place);
  struct Move {
    uint32_t to;
    uint32_t from; // kNoRegister: a constant
    ValueId value;
    bool take;
  };
  std::vector<Move> movesOf(Operands edge) const;
  bool isNext(ir::BlockId block, uint32_t place) const;
  Operands edgeAt(const ir::Inst &inst, unsigned n) const;

  // --- Instructions (Emit.cpp, EmitVars.cpp, EmitPaths.cpp) ---
  void emitInst(const ir::Inst &inst);
  void emitBinary(const ir::Inst &inst, Op plain, std::optional<Op> withConst);
  void emitUnary(const ir::Inst &inst, Op op);
  void emitCall(const ir::Inst &inst);
  void emitObject(const ir::Inst &inst);
  void emitClosure(const ir::Inst &inst);
  void emitVariable(const ir::Inst &inst);
  void emitPath(const ir::Inst &inst);
  void emitPathWrite(const ir::Inst &inst);
  void emitDrops(const ir::Inst &inst);
  std::vector<ir::Operand> chainOf(const ir::Inst &inst) const;
  void readVariable(uint32_t to, ir::Operand variable);
  void writeVariable(ir::Operand variable, uint32_t from, bool take);
  void emitPrologue();

  // --- Operands ---
  /// The register of a value; a constant is loaded into scratch register `scratch`.
  uint16_t reg(ir::Operand operand, unsigned scratch = 0);
  uint16_t resultReg(const ir::Inst &inst);
  uint32_t registerOf(ValueId value) const;
  /// Brings a value to a register: moved out of its own if `mayTake` and this is its last use.
  void bring(uint32_t to, ValueId value, bool mayTake = true);
  void load(uint32_t to, ValueId constantValue);
  void copy(uint32_t to, uint32_t from) {
    if (to != from)
      emit(Op::Move, to, from);
  }
  /// The register of a value that the instruction takes; a copy when it is needed again.
  uint16_t takeReg(ir::Operand operand, unsigned scratch);
  /// Fills the window with what the instruction consumes. \param kept  a value that the instruction
  /// also reads in its own register
  void fillWindow(const ir::Inst &inst, ValueId kept = ir::kNone);
  uint16_t constantIndex(ir::ConstId id);
  void noteLastUses(const ir::Inst &inst);
  /// Whether the current instruction is the last use of the value.
  bool dies(ValueId value) const;
  uint16_t pathIndex(Operands segments);
  static Operands segmentsOf(const ir::Inst &inst);

  // --- Words ---
  size_t emit(Op op, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0, uint8_t x = 0);
  size_t emitWide(Op op, uint32_t a, int32_t wide, uint8_t x = 0);
  void emitExt(int32_t wide);
  void beginEntries();
  uint32_t siteOf(uint32_t irSite);
  void jumpTo(ir::BlockId block, size_t word, LabelField field);
  /// A forward jump inside the code of one instruction.
  size_t jumpForward(Op op, uint32_t a) { return emitWide(op, a, 0); }
  size_t jumpIfPosition(uint32_t position, size_t candidate);
  void landHere(size_t word);
  void patchLabels();
  void finishTables();

  ProgramGen &gen_;
  const ir::Function &fn_;
  BlockOrder order_;
  ir::Liveness live_;
  bytecode::Function out_;

  std::vector<ir::ConstId> constantOf_; // by ValueId: the constant it is, or kNone
  std::vector<ValueUse> uses_;
  std::vector<uint32_t> useCount_;
  std::vector<uint32_t>
      windowSlot_;          // by ValueId: place in the window it is made in, or kNoRegister
  std::vector<bool> fused_; // by ValueId: compared by its branch
  Assignment assignment_;
  std::vector<uint32_t> slotRegister_;
  std::vector<bool> slotIsCell_;
  std::vector<bool> slotIsReadOnly_;
  uint32_t valueRegisters_ = 0;
  uint32_t scratch_ = 0, window_ = 0, cells_ = 0, cellWindow_ = 0, iterators_ = 0;
  unsigned maxWindow_ = 0, maxCellWindow_ = 0, cellCount_ = 0;
  bool writesPaths_ = false;
  bool mayFuse_ = true;

  struct Fixup {
    size_t word;
    ir::BlockId block;
    LabelField field;
  };
  std::vector<Fixup> fixups_;
  std::vector<uint32_t> blockStart_;
  struct Region {
    uint32_t begin, end;
    ir::BlockId handler;
  };
  std::vector<Region> regions_;
  ir::Loc loc_ = ir::kNoLoc;
  std::vector<uint32_t> sites_; // by inlined call of the IR: its row; kNoSite: none so far
  std::vector<const ir::Inst *> definedBy_; // by ValueId; null for parameters
  // The instruction being emitted, for questions about last uses.
  ir::BlockId block_ = 0;
  size_t inst_ = 0;
  uint32_t instNumber_ = 0;            // counts instructions, from 1
  std::vector<uint32_t> dyingIn_;      // by ValueId: the instruction that used it last
  std::vector<uint32_t> takenIn_;      // by ValueId: the one that moved it out of its register
  std::vector<uint32_t> lastInWindow_; // by ValueId: where it stands last in the window at hand
};

} // namespace branchline::bcgen
