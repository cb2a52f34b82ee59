// How a run in the machine can go on in other code, which somebody else makes and runs. The machine
// asks where it looks at limits, so that the common way costs nothing.
#pragma once

#include "branchline/Runtime/Context.h"

#include <cstdint>
#include <span>
#include <vector>

namespace branchline::vm {

/// A place where an activation may leave the machine: the start of a block that a jump back leads
/// to. Which values the other code takes, and where the machine has them.
struct LoopEntry {
  struct Source {
    uint32_t reg;        // kNowhere: the integer 0
    bool inCell = false; // the content of the cell in the register
  };
  static constexpr uint32_t kNowhere = 0xFFFFFFFF;

  uint32_t function;
  uint32_t word; // of the function's code
  std::vector<Source> values;
};

/// Other code for functions of a program. Belongs to the session's thread.
class TierUp {
public:
  /// Where the machine is when it asks.
  enum class Place : uint8_t { Start, Call, Loop };

  /// Instruction words after which the machine asks again, at most. \complexity O(1)
  virtual int64_t interval() const = 0;
  /// Asked whenever limits are looked at, until it says yes.
  /// \returns whether functions may be called here from now on
  virtual bool look(Place place, const runtime::Context &context) = 0;
  /// Whether a function may be called; asked after `look` has said that some may.
  virtual bool hasFunction(uint32_t function) const = 0;
  /// Asked when a loop goes round. \param registers  of the activation: what code is for, when it
  /// is made \returns null: the machine goes on
  virtual const LoopEntry *findLoop(uint32_t function, uint32_t word,
                                    std::span<const runtime::Value> registers,
                                    const runtime::Context &context) = 0;

  /// Calls a function; the activation is in `context.depth`.
  /// \param closure  null for a FUNC. \param args  moved from. \param fuel  see
  /// NativeMachine::enter \errors the trap that ended the activation, which is in its call stack
  virtual runtime::Result<runtime::Value> call(uint32_t function, runtime::FunctionObject *closure,
                                               std::span<runtime::Value> args,
                                               runtime::Context &context, int64_t &fuel) = 0;
  /// Takes an activation to its end. \param values  moved from: those of the entry, iterators as
  /// the machine keeps them (Runtime/IteratorState.h)
  /// \param caught  the trap that the activation's handler has; may be null
  virtual runtime::Result<runtime::Value> enterLoop(const LoopEntry &entry,
                                                    runtime::FunctionObject *closure,
                                                    std::span<runtime::Value> values,
                                                    std::unique_ptr<runtime::TrapInfo> caught,
                                                    runtime::Context &context, int64_t &fuel) = 0;

protected:
  ~TierUp() = default;
};

} // namespace branchline::vm
