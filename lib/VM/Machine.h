// The state of a session and everything the dispatch loop leaves to functions. Private to VM.
//
// Registers live in chunks that never move, so references to them stay good while calls go deeper.
// Above the frame of the innermost activation all registers are unbound; entering a function relies
// on that and leaving it restores it. Calls between functions of the program do not recurse on the
// native stack; callbacks from library and host functions run a loop of their own.
#pragma once

#include "Registers.h"

#include "branchline/Bytecode/Program.h"
#include "branchline/Lang/Builtins.h"
#include "branchline/Lang/Operators.h"
#include "branchline/Runtime/Context.h"
#include "branchline/Runtime/Objects.h"
#include "branchline/Runtime/Paths.h"
#include "branchline/VM/VM.h"

#include <memory>
#include <optional>
#include <vector>

namespace branchline::vm {

using bytecode::Word;
using runtime::Result;
using runtime::Trap;

/// What one `get.name` found last time. Starts with a shape that no object has.
struct NameCache {
  const runtime::Shape *shape;
  uint32_t slot; // kNoSlot: objects of this shape lack the key
};

/// A function made ready to run.
struct Code {
  const bytecode::Function *source = nullptr;
  const Word *begin = nullptr;
  NameCache *names = nullptr; // by word
  uint32_t words = 0;
  uint32_t registers = 0;
  uint32_t params = 0;
  uint32_t captures = 0;
  bool direct = false;    // argument i goes to value register i, and no register is a cell
  bool elsewhere = false; // calls go to other code (TierUp); then it is not direct either
  std::vector<uint16_t> cells;

  uint32_t indexOf(const Word *word) const { return static_cast<uint32_t>(word - begin); }
  LineColumn placeOf(uint32_t word) const;
  uint32_t siteOf(uint32_t word) const;
  const bytecode::HandlerRegion *handlerOf(uint32_t word) const;
  std::string displayName() const;
};

using FrameFlags = uint32_t;
inline constexpr FrameFlags kClosure = 1;  // the register below the frame holds the callee
inline constexpr FrameFlags kNative = 2;   // entered from outside the loop
inline constexpr FrameFlags kCaught = 4;   // a trap is kept for the handler of this activation
inline constexpr FrameFlags kNewChunk = 8; // the frame is the first in its chunk

/// One activation.
struct Frame {
  const Code *code;
  Value *base;
  const Word *pc; // behind the call it has under way
  Value *dest;    // where the caller wants the result
  FrameFlags flags;
};

/// A write path whose literal keys are in place.
struct PathTemplate {
  std::vector<runtime::PathKey> keys;
  std::vector<uint32_t> computed; // positions of keys that are filled in at each use
};

/// The object literal of a layout: by shape when all keys are different literal strings.
struct LayoutPlan {
  enum class State : uint8_t { Unknown, Shaped, KeyByKey } state = State::Unknown;
  const runtime::Shape *shape = nullptr;
};

class Machine final : public runtime::FunctionCaller {
public:
  /// \param functions, tierUp  may be null
  Machine(const bytecode::Program &program, runtime::Heap &heap, runtime::FunctionValues *functions,
          TierUp *tierUp);
  ~Machine();

  Result<void> run(uint32_t function, runtime::Context &context);
  Result<Value> call(const Value &function, std::span<Value> args) override;
  void releaseValues();

  // The members below belong to the dispatch loop (Loop.cpp) as much as to the machine.
private:
  bool loop();

  // --- Preparation (Machine.cpp) ---
  void prepareFunctions();
  void prepareTables();
  void makeConstants();

  // --- Activations (Frames.cpp) ---
  Value *room(size_t count, FrameFlags &flags);
  void growFrames();
  bool enter(const Code &code, Value *args, uint32_t count, Value *closure, Value *dest,
             FrameFlags flags);
  bool start(const Code &code, std::span<Value> args, const Value *closure);
  void placeArguments(const Code &code, Value *base, Value *args, uint32_t count);
  static void clearRegisters(Value *base, uint32_t count);
  bool leave();
  void popFrame();
  bool chargeHandler(uint32_t word, uint32_t target);
  const Word *unwind(const Word *pc);
  LineColumn leaveInlined(const Code &code, uint32_t word);
  void addFrame(const Code &code, LineColumn at);
  void keepCaught(Trap trap);
  const Code *codeOf(const Value &function) const;
  bool refuel(TierUp::Place place = TierUp::Place::Call);
  void settleFuel();

  // --- Other code (Machine-TierUp.cpp) ---
  void adoptFunctions();
  bool callElsewhere(const Code &code, std::span<Value> args, Value *closure, Value *dest);
  enum class Moved : uint8_t { No, Ended, Failed };
  Moved moveLoop(const Word *pc, Bits &returned);
  Value takeFor(const LoopEntry::Source &source) const;

  // --- Failing ---
  [[gnu::noinline, gnu::cold]] bool fail(Trap trap);
  bool done(Result<void> &&result) { return result ? true : fail(std::move(result).error()); }
  bool store(Value &to, Result<Value> &&result) {
    if (!result) [[unlikely]]
      return fail(std::move(result).error());
    putValue(to, std::move(*result));
    return true;
  }

  // --- Instructions. `at` is the instruction word; the extension word, if any, is behind it.
  // --- All return false after `fail`. ---
  template <BinaryOp kOp> bool arithmetic(Value &to, const Value &a, const Value &b);
  /// \returns 0, 1, or -1 after `fail`
  template <BinaryOp kOp> int comparison(const Value &a, const Value &b);
  bool negate(const Word *at, Value *base);
  bool concat(const Word *at, Value *base);
  bool sumStep(const Word *at, Value *base);
  bool listCheck(const Word *at, Value *base);

  bool inputGet(const Word *at, Value *base);
  bool sharedHandle(const Word *at, Value *base);
  bool listNew(const Word *at, Value *base);
  bool listPush(const Word *at, Value *base);
  bool keyCheck(const Word *at, Value *base);
  bool objectNew(const Word *at, Value *base);
  bool member(const Word *at, Value *base, NameCache &cache);
  bool getIndex(const Word *at, Value *base);
  bool getKey(const Word *at, Value *base);
  bool iterNew(const Word *at, Value *base);
  bool iterNext(Value &iterator, Value &to);
  bool rangeNew(const Word *at, Value *base);

  bool pathRoot(const Word *at, Value *base);
  bool pathCheck(const Word *at, Value *base);
  bool pathLeaf(const Word *at, Value *base);
  bool pathSet(const Word *at, Value *base);
  bool pathAppend(const Word *at, Value *base);
  bool pathModify(const Word *at, Value *base);
  bool appendList(const Word *at, Value *base);
  bool initCheck(const Word *at, Value *base);
  bool cellPathSet(const Word *at, Value *base);
  bool cellPathAppend(const Word *at, Value *base);
  bool cellPathModify(const Word *at, Value *base);

  bool closureNew(const Word *at, Value *base);
  bool calleeFind(const Word *at, Value *base);
  bool callLib(const Word *at, Value *base);
  bool callHost(const Word *at, Value *base);
  bool notCallable();
  bool tooDeep();

  bool outputAdd(const Word *at, Value *base);
  bool outputEmit(const Word *at, Value *base);
  bool outputRewind(const Word *at, Value *base);
  bool abortCheck(const Word *at, Value *base);
  bool sharedAwait(const Word *at, Value *base);
  bool sharedWrite(const Word *at, Value *base);
  bool wait(const Word *at, Value *base);
  bool errorCatch(const Word *at, Value *base);
  bool raise(const Word *at, Value *base);
  bool rethrow(const Word *at, Value *base);
  bool throwValue(const Word *at, Value *base);
  bool suspend(const Word *at, Value *base);

  // --- Helpers of instructions ---
  class Keys;
  Value &variable(const Word *at, Value *base) const;
  bool commitToCell(Value &cell, Value root, const auto &write);
  const Value &constant(uint32_t index) const { return constants_[index]; }
  std::string_view text(uint32_t index) const { return program_.constants[index].text; }
  const runtime::Symbol *symbol(uint32_t index);
  const Value &known(const Value &value) const { return vm::known(value, null_); }
  const LayoutPlan &planOf(uint32_t layout);
  std::optional<Builtin> builtin(uint32_t import) const;

  // --- What the loop touches often comes first ---
  const Value *constants_ = nullptr;
  Frame *top_ = nullptr; // the innermost activation
  int64_t fuel_ = 0;     // instruction words until the limits are looked at
  Value *stackEnd_ = nullptr;
  Frame *framesEnd_ = nullptr;
  runtime::Context *context_ = nullptr;
  const Code *codes_ = nullptr;

  const bytecode::Program &program_;
  runtime::Heap &heap_;
  int64_t granted_ = 0; // what `fuel_` was last filled up to
  Value null_;
  Value result_;             // of the activation that was left last
  std::optional<Trap> trap_; // under way
  std::vector<Code> code_;
  std::vector<NameCache> names_;
  std::vector<Value> constantValues_;
  bool constantsReady_ = false;
  std::vector<const runtime::Symbol *> symbols_; // by constant; null: not asked for yet
  std::vector<PathTemplate> paths_;
  std::vector<LayoutPlan> layouts_;
  std::vector<uint16_t> builtins_;                   // by import; kNoIndex: none
  std::vector<const runtime::HostFunction *> hosts_; // by import; of the run under way
  runtime::FunctionValues ownFunctions_;             // unless they are shared
  runtime::FunctionValues &functions_;
  TierUp *const tierUp_;
  bool adopted_ = false; // functions of other code are known
  struct Caught {
    Trap trap;
  };
  std::vector<Caught> caught_; // of the activations with kCaught, innermost last

  struct Chunk {
    std::unique_ptr<Value[]> values;
    size_t size = 0;
  };
  std::vector<Chunk> chunks_;
  size_t chunk_ = 0;       // in use
  size_t stackValues_ = 0; // registers of all chunks
  std::vector<Frame> frames_;
  Code outside_; // of the frame below the first activation
};

struct Session::Impl {
  Machine machine;
};

} // namespace branchline::vm
