// A run-time error on its way to a handler: which row of Traps.def, message, thrown value, place
// and call stack. Engines add place and stack; kernels only say what is wrong.
#pragma once

#include "branchline/Lang/Traps.h"
#include "branchline/Runtime/Value.h"
#include "branchline/Support/Expected.h"
#include "branchline/Support/SourceText.h"

#include <fmt/format.h>
#include <memory>
#include <string>
#include <vector>

namespace branchline::runtime {

/// One activation on the way from the transform to the failing place.
struct TrapFrame {
  std::string function; // `fib`, `<lambda>`, `TRANSFORM T`
  LineColumn at{0, 0};  // where in that function
};

struct TrapInfo {
  TrapId id;
  std::string message;
  std::string type; // what CATCH sees as `type`
  Value thrown;     // of THROW, else null
  bool hasThrown = false;
  LineColumn at{0, 0};          // line 0: no place yet
  std::vector<TrapFrame> stack; // innermost first
};

/// An owned run-time error; one pointer wide. May hold a value of the heap: see Heap::reset.
class Trap {
public:
  explicit Trap(std::unique_ptr<TrapInfo> info) : info_(std::move(info)) {}
  Trap(const Trap &other) : info_(std::make_unique<TrapInfo>(*other.info_)) {}
  Trap(Trap &&) noexcept = default;
  Trap &operator=(Trap &&) noexcept = default;
  Trap &operator=(const Trap &other) {
    info_ = std::make_unique<TrapInfo>(*other.info_);
    return *this;
  }
  TrapInfo &info() { return *info_; }
  const TrapInfo &info() const { return *info_; }
  TrapId id() const { return info_->id; }
  bool catchable() const { return branchline::info(info_->id).catchable; }

private:
  std::unique_ptr<TrapInfo> info_;
};

template <class T> using Result = Expected<T, Trap>;

/// A trap of row `id` whose message is already built.
Trap makeTrapText(TrapId id, std::string message);

/// A trap of row `kId`; the arguments fill the row's message.
template <TrapId kId, class... Args> Trap makeTrap(const Args &...args) {
  return makeTrapText(kId, fmt::format(fmt::runtime(branchline::info(kId).format), args...));
}

/// `return trap<TrapId::X>(args…);` in a function that returns a Result.
template <TrapId kId, class... Args> Unexpected<Trap> trap(const Args &...args) {
  return Unexpected<Trap>(makeTrap<kId>(args...));
}

/// What THROW raises: a string is the message, an object may give `message` and `type`; anything
/// else gives its text form and the type `Thrown`. A value without text form (too deep, too long)
/// gives that limit's trap instead. \rule E9
Trap makeThrown(const Value &thrown);

/// The object CATCH binds: `message`, `type`, and `value` for THROW. \rule R2.15.4, E9
Value errorObject(Heap &heap, const Trap &trap);

} // namespace branchline::runtime
