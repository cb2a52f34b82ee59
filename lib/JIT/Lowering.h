// From BIR to LLVM IR, one function at a time. Private to the part of JIT that is linked with LLVM.
//
// A value is two words, the head (tag in the lowest byte, bit 8: counted) and the payload. Where
// values live is decided by `planHomes`: machine numbers and booleans in registers, numbers of
// several kinds as two registers, the rest in the frame, where calls can point at it. Homes of dead
// values never hold a count, so that a trap may give up everything at once.
#pragma once

#include "DebugInfo.h"
#include "LoopVersions.h"
#include "Plan.h"

#include "branchline/IR/Liveness.h"
#include "branchline/Lang/Operators.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/MDBuilder.h>
#include <llvm/IR/Module.h>

#include <map>
#include <optional>
#include <span>

namespace branchline::jit {

using ir::Inst;
using ir::KindSet;
using ir::ValueId;
namespace kinds = ir::kinds;
using runtime::Tag;

/// The calls of native code, by position in the state.
enum class Call : uint8_t {
#define BL_RUNTIME_CALL(Name, Result, Params, Doc) Name,
#include "branchline/Runtime/RuntimeCalls.def"
};

/// Marks functions that spend their time in the calls they make: without loops and not called
/// directly, or with loops that do not compute with numbers.
inline constexpr const char *kStraightAttribute = "branchline-straight";

/// What is the same for all functions of a module.
class ModuleLowering {
public:
  /// \param once  nobody waits for the code, which may be as long as is good for it
  ModuleLowering(llvm::LLVMContext &context, const ir::Module &module, const Entries &entries,
                 bool once);
  /// Describes what is lowered afterwards for debuggers. \param source,folder  see DebugInfo
  void addDebugInfo(std::string_view source, std::string_view folder);
  /// \param image  what the module is to carry along, empty for nothing
  std::unique_ptr<llvm::Module> lower(std::string_view image);

  const ir::Module &source;
  const ModulePlan plan;
  const std::vector<LoopPoint> loops; // that have entries
  llvm::LLVMContext &context;
  std::unique_ptr<llvm::Module> target;
  std::optional<DebugInfo> debug;
  llvm::IntegerType *const i64;
  llvm::IntegerType *const i32;
  llvm::PointerType *const pointer;
  llvm::StructType *const pairType;            // a value in registers
  llvm::StructType *const valueType;           // a value in memory
  std::vector<llvm::Function *> functions;     // by FunctionId
  std::vector<llvm::FunctionType *> callTypes; // by Call
  llvm::MDNode *const rarely;                  // branch weights: the second way is the common one
  llvm::MDNode *const mostly;
  unsigned kernelsLeft; // calls of kernels that may still be inlined

private:
  void declare(ir::FunctionId id);
  llvm::Function *newEntry(const std::string &name);
  llvm::Function *defineEntry(ir::FunctionId id);
  void defineObject(std::string_view image, llvm::ArrayRef<llvm::Constant *> entries);
  void defineLoopEntry(const LoopPoint &loop);
  void finishEntry(llvm::IRBuilder<> &b, llvm::Function *entry, llvm::Value *result);
};

/// Where a value lives.
struct Home {
  enum class Kind : uint8_t {
    None,
    Const,
    Int,
    Float,
    Bool,
    Pair,
    Slot,
    List,
    Range
  } kind = Kind::None;
  uint32_t index = 0; // Const: of the constant; Slot: in the frame
  // Addresses of what is kept: Pair and List have both; Int, Float, Bool only the payload; Slot
  // none; List: `next` is the next index; Range: next number, the number after the last one, step.
  llvm::Value *head = nullptr;
  llvm::Value *payload = nullptr;
  llvm::Value *next = nullptr;
};

/// A value in registers.
struct Pair {
  llvm::Value *head;
  llvm::Value *payload;
};

/// A place in memory or a pair of registers that a variable lives in.
struct Place {
  llvm::Value *head;
  llvm::Value *payload;
};

class FunctionLowering {
public:
  FunctionLowering(ModuleLowering &module, ir::FunctionId id);
  /// What of a function comes from the start of a block on, for activations of other engines.
  /// \param out  takes state, closure and the values of Session::enterLoop
  FunctionLowering(ModuleLowering &module, const LoopPoint &loop, llvm::Function *out);
  void lower();

private:
  using Block = llvm::BasicBlock;
  using Operands = std::span<const ir::Operand>;

  // --- Homes (Lowering-Homes.cpp) ---
  void planHomes();
  void planSlots();
  bool prefersRegisters(ValueId value) const;
  void makeHomes();
  /// What is known of a value where code is being emitted.
  KindSet kindsOf(ValueId v) const { return version_ ? version_->kinds[v] : fn_.valueKinds[v]; }
  bool only(ValueId v, KindSet kinds) const {
    return !kindsOf(v).empty() && kinds.contains(kindsOf(v));
  }
  bool may(ValueId v, KindSet kinds) const { return !(kindsOf(v) & kinds).empty(); }
  bool mayCount(ValueId v) const;
  /// Such a function gets the simple forms of everything, whose cost is linear.
  bool isLarge() const {
    constexpr size_t kMostPlaces = 1'000, kMostPlacesOfLoops = 4'000;
    // Each loop has registers of its own, which the ways of all traps read.
    return plan_.table.size() > kMostPlaces || plan_.table.size() * loops_ > kMostPlacesOfLoops;
  }

  bool isInFrame(const Home &home) const;
  llvm::Value *headAt(const Home &home);
  llvm::Value *payloadAt(const Home &home);
  llvm::Value *inFrame(uint32_t slot, uint32_t word = 0);
  llvm::Value *headOf(ValueId v);
  llvm::Value *payloadOf(ValueId v);
  llvm::Value *tagOf(ValueId v);
  Pair pairOf(ValueId v) { return {headOf(v), payloadOf(v)}; }
  llvm::Value *intOf(ValueId v);
  llvm::Value *floatOf(ValueId v);
  /// Where the value can be read in memory; copied to scratch place `scratch` if need be.
  llvm::Value *addressOf(ValueId v, unsigned scratch = 0);
  /// The value with a count of its own: moved out of its home at the last use, else a copy.
  Pair take(size_t operand) { return take(operand, kills(operand)); }
  Pair take(size_t operand, bool last);
  void takeTo(llvm::Value *address, size_t operand);
  void define(ValueId v, Pair value);
  void defineInt(ValueId v, llvm::Value *value);
  void defineFloat(ValueId v, llvm::Value *value);
  void defineBool(ValueId v, llvm::Value *value);
  void defineNull(ValueId v) { define(v, {headConst(Tag::Null), i64(0)}); }
  /// Where a call may write the result of the instruction, and taking it from there.
  llvm::Value *resultAddress();
  void takeResult();
  void releaseHome(ValueId v);
  void clearHome(ValueId v);
  void forgetHome(const Home &home);
  void forgetDeadHomes(ir::BlockId block);
  enum class Retain : uint8_t { Called, Here };
  /// \param how  a call is smaller, counting here is faster
  void retain(Pair value, KindSet kinds, Retain how = Retain::Called);
  void release(Pair value, KindSet kinds);
  void releasePlace(Place place, KindSet kinds);

  // --- Skeleton (Lowering-Function.cpp) ---
  void prologue();
  void enterAtStart();
  void enterAtLoop();
  void enterWithValue(ValueId v, Pair value);
  void findReached();
  bool isStraight() const;
  // --- Loops (Lowering-Loops.cpp) ---
  void planVersions();
  void emitVersions();
  void emitGuard(const LoopVersion &version, Block *guard);
  Block *blockOf(ir::BlockId target);
  Block *generalBlock(const char *name);
  void orderBlocks();
  void findHotBlocks();
  bool loopsOverNumbers() const;
  bool goesBack(ir::BlockId from, ir::BlockId to) const { return order_[to] <= order_[from]; }
  uint32_t costOfJump(ir::BlockId from, ir::BlockId to) const;
  void makeVariables();
  void emitBlock(ir::BlockId block);
  void emitInst(const Inst &inst);
  void finishTraps();
  void emitHandlerEntry(ir::BlockId handler);
  void emitExit();
  void giveUpVariables(bool framesToo = false);
  /// Where what is emitted from here on comes from.
  void setPlace(const ir::Loc &loc);
  Block *newBlock(const char *name);
  void setBlock(Block *block) { b_.SetInsertPoint(block); }
  /// Goes on in a new block; to the handler or out of the function when `failed` holds.
  void failIf(llvm::Value *failed);
  void failUnless(llvm::Value *status);
  void fail();
  llvm::BasicBlock *trapBlock();
  /// Splits the rest of the instruction off: jumps to `common` if the condition holds.
  void branch(llvm::Value *condition, Block *common, Block *rare);
  void lowerEdge(Operands edge, std::optional<Pair> first = std::nullopt, bool inPlace = false);
  void chargeBackEdge(ir::BlockId target);
  void giveFuelBack();
  void takeFuel();
  void returnPair(Pair value);

  // --- Instructions: a row without a function does not link ---
#define BL_INST(Name, Mnemonic, Operands, Result, Effects, Rule, Doc) void lower##Name();
#include "branchline/IR/Instrs.def"

  void lowerArithmetic(BinaryOp op);
  void lowerCompare(BinaryOp op);
  void lowerInts(Block *ints, Block *floats, Block *slow);
  llvm::Value *realOf(ValueId v, Block *slow, Block *inexact);
  llvm::Value *converted(ValueId v, Block *inexact);
  bool leavesVersion() const;
  Block *kernelBlock();
  bool isLeftToCall() const;
  void callBinary(BinaryOp op);
  void callCompare(BinaryOp op);
  void lowerIsNull(ValueId v, BinaryOp op);
  llvm::Value *operandAddress(size_t operand, unsigned scratch, uint32_t &what, uint32_t bit);
  llvm::Value *truthOf(ValueId v, Call otherwise);
  void lowerMember(Call otherwise);
  void defineRange(const Home &home, llvm::Value *first, llvm::Value *count, llvm::Value *step);
  void lowerListElement(llvm::Value *index, Block *slow, Block *done);
  void passOperand(size_t operand);
  void lowerPathCheck(Call call);
  void lowerPathWrite(Call call);
  void lowerVarWrite(Call call);
  llvm::Value *addressOfVariable(ir::Operand variable);
  void lowerBranch(llvm::Value *condition);
  bool isLastUse(ValueId v) const;
  Operands edgeAt(unsigned n) const;

  // --- Variables (Lowering-Variables.cpp) ---
  Place placeOf(ir::Operand variable);
  Place variableAt(size_t slot);
  Operands chain() const;
  Pair loadPlace(Place place);
  void storePlace(Place place, Pair value);
  void copyPlace(Place place);
  bool isFresh(ir::Operand variable) const;
  llvm::Value *isUnbound(llvm::Value *head);
  /// Calls `found(place)` for the nearest bound variable, else `none`; both must leave the cursor
  /// where the instruction goes on.
  template <class Found, class None> void searchChain(Found found, None none);
  template <class Act> void atPosition(ValueId position, Act act);

  // --- Small things ---
  llvm::ConstantInt *i64(uint64_t value) { return llvm::ConstantInt::get(m_.i64, value); }
  llvm::ConstantInt *i32(uint32_t value) { return llvm::ConstantInt::get(m_.i32, value); }
  llvm::ConstantInt *headConst(Tag tag) { return i64(static_cast<uint64_t>(tag)); }
  bool isWorthKernel(ir::Op op) const;
  llvm::Value *call(Call which, std::initializer_list<llvm::Value *> args);
  llvm::Value *stateField(size_t offset);
  llvm::Value *field(llvm::Value *object, size_t offset);
  llvm::Value *constantAddress(uint32_t constant);
  llvm::Value *windowAt(size_t i);
  void storeValue(llvm::Value *address, Pair value);
  Pair loadValue(llvm::Value *address);
  void moveToWindow(size_t i, size_t operand);
  void copyToWindow(size_t i, size_t operand);
  llvm::Value *hasTag(llvm::Value *tag, Tag wanted);
  llvm::Value *isCounted(llvm::Value *head);
  const Inst &inst() const { return *inst_; }
  ValueId valueAt(size_t operand) const { return inst_->operands[operand].index; }
  uint32_t indexAt(size_t operand) const { return inst_->operands[operand].index; }
  bool kills(size_t operand) const { return (*kills_)[operand]; }
  uint32_t place() const { return plan_.firstPlace[block_] + position_; }
  uint32_t tableRow() const { return plan_.table[place()]; }
  bool resultUnused() const { return live_.deadResult[block_][position_]; }

  ModuleLowering &m_;
  const ir::FunctionId id_;
  const ir::BlockId first_;     // the block that is entered
  const LoopPoint *const loop_; // where it is entered in the middle of an activation, or null
  const ir::Function &fn_;
  const FunctionPlan &plan_;
  const ir::Liveness live_;
  llvm::Function *const out_;
  llvm::IRBuilder<> b_;
  llvm::IRBuilder<> entry_; // at the end of the allocations
  llvm::Value *const state_;
  llvm::Value *closure_ = nullptr; // of a lambda

  std::vector<Home> homes_; // by ValueId
  std::vector<ir::BlockId> homeBlock_;
  std::vector<bool> crosses_; // by ValueId: alive in more than one block
  std::vector<std::vector<const Inst *>> usedBy_;
  std::vector<const Inst *> definedBy_;
  uint32_t poolSlots_ = 0; // frame slots shared by values that live in one block
  uint32_t slots_ = 0;
  uint32_t window_ = 0;
  llvm::AllocaInst *frame_ = nullptr;
  llvm::AllocaInst *windowMemory_ = nullptr;
  llvm::AllocaInst *scratch_ = nullptr;
  llvm::AllocaInst *fuel_ = nullptr;   // only with loops that registers are for
  llvm::AllocaInst *caught_ = nullptr; // only with handlers

  std::vector<Place> variables_;       // by slot; not of cells or in the frame
  std::vector<llvm::Value *> cells_;   // by slot: where the cell's address is kept
  std::vector<bool> inMemory_;         // by slot: path writes point at it
  std::vector<unsigned> mentions_;     // by slot
  std::vector<uint32_t> variableSlot_; // by slot: frame slot if in memory

  std::vector<Block *> blocks_; // by BlockId
  std::vector<LoopVersion> versions_;
  std::vector<Block *> versionBlocks_;   // by BlockId; null outside of versions
  std::vector<Block *> guards_;          // by BlockId; of heads of versions
  const LoopVersion *version_ = nullptr; // that is being emitted; null: the general code
  // Blocks that versions leave for, by place, and of an instruction in their order.
  std::map<std::pair<uint32_t, unsigned>, Block *> left_;
  std::vector<bool> reached_; // by BlockId: whether a way leads there from `first_`
  struct TrapTarget {
    Block *block = nullptr;
    llvm::PHINode *place = nullptr;
  };
  std::vector<TrapTarget> handlers_; // by BlockId of the handler
  TrapTarget exit_;
  Block *giveUp_ = nullptr;           // leaves without adding an activation to the trap's stack
  std::vector<uint32_t> order_;       // by BlockId: reverse postorder
  std::vector<uint32_t> instsBefore_; // by place in that order
  std::vector<bool> startsLoop_;      // by BlockId: a jump goes back there
  unsigned loops_ = 0;
  bool hasLoops_ = false;
  std::vector<bool> hotBlocks_; // by BlockId: where calls of kernels are inlined
  bool hot_ = false;            // what is emitted is in such a block
  bool straight_ = false;       // gets the simple form of code: see kStraightAttribute

  // The instruction under way.
  ir::BlockId block_ = 0;
  uint32_t position_ = 0;
  const Inst *inst_ = nullptr;
  const std::vector<bool> *kills_ = nullptr;
  std::vector<bool> consumed_; // by operand
  unsigned exits_ = 0;         // how many blocks of it versions may leave for, so far
};

} // namespace branchline::jit
