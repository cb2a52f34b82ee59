// The runtime side of native code: the state it works on, the calls it makes, and the tables of a
// program that calls refer to by number. Knows neither the IR nor who makes the code.
#pragma once

#include "branchline/Lang/Operators.h"
#include "branchline/Runtime/Context.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::runtime {

struct NativeState;
class NativeMachine;
using Status = uint32_t;

/// What one `get.name` found last time. Starts with a shape that no object has.
struct NameCache {
  const Shape *shape;
  uint32_t slot; // kNoSlot: objects of this shape lack the key
  uint32_t name; // constant
};

/// Bits of `what` in calls for operators; the operator is in the lowest byte.
inline constexpr uint32_t kKillsA = 1u << 8;
inline constexpr uint32_t kKillsB = 1u << 9;
/// The operators that are no BinaryOp.
inline constexpr uint32_t kGetKeyOperator = 0xFF;

/// The members of RuntimeCalls.def as function pointers, so that native code needs no symbols.
struct RuntimeCalls {
#define BL_RUNTIME_CALL(Name, Result, Params, Doc) Result(*Name) Params;
#include "branchline/Runtime/RuntimeCalls.def"
};

/// The calls of this process. \complexity O(1)
const RuntimeCalls &runtimeCalls();

/// The entry of a function: arguments are moved from `args`, one for each parameter, absent ones
/// unbound; the result goes to `out`. \returns 0 when a trap is under way, which the machine has
using NativeEntry = Status (*)(NativeState *state, FunctionObject *closure, Value *args,
                               Value *out);

/// What the object file of a whole program defines under the name `kNativeObjectSymbol`.
struct NativeObject {
  const char *image; // see Image/Image.h
  uint64_t imageBytes;
  const NativeEntry *entries; // by function; null where nobody needs one
  uint64_t functions;
};

/// A dot keeps it apart from whatever a program may call its functions.
inline constexpr const char *kNativeObjectSymbol = "branchline.program";

/// What native code reaches through its first argument.
struct NativeState {
  RuntimeCalls calls;
  const Value *constants = nullptr;
  NameCache *names = nullptr;
  int64_t fuel = 0;      // instructions until the limits are looked at
  int64_t depthLeft = 0; // nested calls that may follow
  NativeMachine *machine = nullptr;
};

// --- Tables of a program ---

struct NativeConstant {
  enum class Kind : uint8_t { Null, Bool, Int, Float, BigInt, Decimal, String } kind;
  int64_t integer = 0;
  double real = 0;
  std::string_view text; // borrowed for the life of the tables
};

struct NativePlace {
  LineColumn at{0, 0};
  uint32_t inlinedAt = 0xFFFFFFFFu; // index into NativeFunction::inlineSites
};

/// A call that is gone because the callee's body stands in its place.
struct NativeInlineSite {
  uint32_t callee;
  NativePlace at;
};

struct NativeFunction {
  NativeEntry entry = nullptr; // null: nobody calls it by value
  uint32_t params = 0;
  uint32_t captures = 0;
  std::string displayName; // in call stacks
  std::vector<NativePlace> places;
  std::vector<NativeInlineSite> inlineSites;
};

struct NativeSegment {
  enum class Kind : uint8_t { Name, Index, Computed } kind;
  uint32_t constant;
};

inline constexpr uint32_t kComputedLayoutKey = 0xFFFFFFFFu;

/// Immutable; shared by sessions.
struct NativeTables {
  std::vector<NativeConstant> constants;
  std::vector<NativeFunction> functions;
  std::vector<uint32_t> names;                   // by name cache: the constant
  std::vector<std::vector<NativeSegment>> paths; // of path instructions
  std::vector<std::vector<uint32_t>> layouts;    // of object literals: constants, or computed
};

/// Runs native code for one heap. Belongs to one thread.
class NativeMachine final : public FunctionCaller {
public:
  /// \param tables  must outlive the machine, as must `heap`
  /// \param functions  shared with others who run the program; null: the machine's own
  NativeMachine(const NativeTables &tables, Heap &heap, FunctionValues *functions = nullptr);
  ~NativeMachine();
  NativeMachine(const NativeMachine &) = delete;
  NativeMachine &operator=(const NativeMachine &) = delete;

  /// Runs a function without parameters. \errors the trap that ended it
  Result<void> run(uint32_t function, Context &context);
  Result<Value> call(const Value &function, std::span<Value> args) override;

  /// Goes on here in the middle of a run that somebody else began. The activation is the caller's:
  /// `context.depth` counts it.
  /// \param closure  of a function value; null for a FUNC. \param args  moved from
  /// \param fuel  instructions until the limits are looked at, before and afterwards
  /// \errors the trap that ended the activation, which is in its call stack
  Result<Value> enter(NativeEntry entry, FunctionObject *closure, Value *args, Context &context,
                      int64_t &fuel);
  /// The same for a function with any number of arguments.
  Result<Value> enter(uint32_t function, FunctionObject *closure, std::span<Value> args,
                      Context &context, int64_t &fuel);

  /// Must be called before `Heap::reset`; the next run prepares what was lost.
  void releaseValues();

  /// What the calls share; defined in lib/Runtime/NativeImpl.h.
  struct Impl;
  Impl &impl() { return *impl_; }

private:
  template <class Enter>
  static Result<Value> placed(const NativeFunction &callee, std::span<Value> args, Enter enter);

  std::unique_ptr<Impl> impl_;
};

} // namespace branchline::runtime
