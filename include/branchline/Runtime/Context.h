// One run: heap, input, outputs, limits, and the services kernels and library functions may need.
// Built by the driver or the embedding API; engines read it and add outputs.
#pragma once

#include "branchline/Runtime/Heap.h"
#include "branchline/Runtime/HostFunctions.h"
#include "branchline/Runtime/Iteration.h"
#include "branchline/Runtime/Regex.h"
#include "branchline/Runtime/SharedStore.h"
#include "branchline/Runtime/Trap.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <span>
#include <vector>

namespace branchline::runtime {

/// More nested calls than this no engine promises to survive on a large stack (StackThread.h).
inline constexpr uint32_t kMaxCallDepth = 100'000;

/// Bounds of one run; 0 means none, but for the call depth.
struct Limits {
  uint32_t callDepth = 10'000; // nested FUNC, lambda and callback activations \rule D21
  uint64_t instructions = 0;   // IR instructions, bytecode instructions or native back edges
  uint64_t memoryBytes = uint64_t(8) << 30;
  uint64_t outputBytes = 0;
  uint64_t deadlineMs = 0; // from the start of the run
};

/// Calls function values; implemented by each engine.
class FunctionCaller {
public:
  /// \param function a Function value made by this engine. \param args borrowed
  /// \errors whatever the body raises, CallDepth
  virtual Result<Value> call(const Value &function, std::span<Value> args) = 0;

protected:
  ~FunctionCaller() = default;
};

/// The function values of one program on one heap. Whoever runs the program makes them with the
/// address of this as their program, so that values of one are callable by the other.
struct FunctionValues {
  std::vector<Value> plain; // by function: closures without captures; one serves every use
};

/// Receives what PRINT writes; `text` is one or more whole lines.
using PrintSink = std::function<void(std::string_view text)>;

/// The generator behind RANDOM, seeded from the system when it is first used.
struct RandomState {
  bool seeded = false;
  uint64_t state = 0;
};

/// What a run can see and what it made. Not thread-safe; `interrupt` and `cancelled` may be set
/// from anywhere.
struct Context {
  Heap &heap;
  Limits limits;
  Value input;                        // the document under `input`, `row` and `$`
  const HostRegistry *host = nullptr; // may be null
  SharedStore *shared = nullptr;      // may be null
  FunctionCaller *caller = nullptr;   // set by the engine while it runs
  PrintSink print;                    // empty: PRINT is silent
  bool allowSuspend = false;          // \rule D28
  const std::atomic<bool> *interrupt = nullptr;
  /// Ends the run at its next safe point, as `interrupt` does; of this run alone. Set by `print`,
  /// which cannot raise, or from another thread.
  std::atomic<bool> cancelled{false};

  std::vector<Value> outputs; // in emission order \rule R2.1.2
  uint32_t depth = 0;         // current nested calls
  uint64_t instructionsUsed = 0;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  RegexCache regexes;
  RandomState random;

  explicit Context(Heap &sessionHeap) : heap(sessionHeap) {}

  /// Limits that are looked at now and then: memory, deadline, interrupt. Engines call it at back
  /// edges and calls (every so many), waits call it too. \errors MemoryLimit, Deadline, Interrupted
  Result<void> safePoint();

  /// Waits, in slices, so that deadline and interrupt end it. \rule D22
  /// \param milliseconds  at least this long. \errors those of safePoint
  Result<void> wait(uint64_t milliseconds);

  /// Appends to the outputs as OUTPUT does: null nothing, a list its items, else the value.
  /// \rule R2.11.11, E6
  void emit(const Value &value);

  /// One result of all outputs: none → null, one → itself, more → their list. \rule R2.1.4
  /// \errors MemoryLimit
  Result<Value> collapse();
};

/// Raises MemoryLimit when `bytes` more would go past the limit. \errors MemoryLimit
Result<void> reserve(Heap &heap, uint64_t bytes);

} // namespace branchline::runtime
