// The engine that begins in the virtual machine and goes on in native code: programs that are
// compiled beside their runs, and sessions that move over when the code is there.
#pragma once

#include "branchline/Bytecode/Program.h"
#include "branchline/IR/Module.h"
#include "branchline/JIT/JIT.h"
#include "branchline/Runtime/Context.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace branchline::tier {

/// Instruction words after which native code pays: about three milliseconds in the machine.
inline constexpr uint64_t kUsualAfter = 1'000'000;

struct Options {
  /// How native code is made; entries are the program's own matter.
  jit::Options native;
  /// Instructions of a loop's run, or of runs together, after which code is made; a quarter of it
  /// and code of earlier runs is looked for. 0: where it can first be used.
  uint64_t after = kUsualAfter;
  /// Whether runs wait for code, so that a program always takes the same way.
  bool wait = false;
};

/// What was done for native code, once.
struct Attempt {
  enum class Result : uint8_t { Running, Compiled, Cached, Missing, Failed } result;
  std::string what;        // "the program", or "the loop at LINE:COLUMN"
  uint64_t askedAt = 0;    // microseconds from the making of the program
  uint64_t finishedAt = 0; // the same
  size_t codeBytes = 0;
  std::string problem; // Failed
};

/// What ran where; of one session, or added up.
struct Counts {
  uint64_t machineRuns = 0; // began in the virtual machine
  uint64_t nativeRuns = 0;
  uint64_t machineInstructions = 0;
  uint64_t nativeInstructions = 0;
  uint64_t calls = 0; // from the machine into native code
  uint64_t loops = 0; // activations that moved over

  Counts &operator+=(const Counts &other);
};

/// A program in both forms, with the thread that compiles it. Shared by the sessions of all
/// threads.
class Program {
public:
  /// \param module    verified; what the bytecode was made of
  /// \param bytecode  verified
  Program(std::unique_ptr<const ir::Module> module,
          std::unique_ptr<const bytecode::Program> bytecode, Options options);
  /// Waits for a compilation under way.
  ~Program();

  /// \threads any
  std::vector<Attempt> attempts() const;
  const ir::Module &module() const;
  const bytecode::Program &bytecode() const;

  struct Impl;
  Impl &impl() const { return *impl_; }

private:
  std::unique_ptr<Impl> impl_;
};

/// A program on one heap. Belongs to one thread.
class Session {
public:
  /// \param heap  must outlive the session
  Session(std::shared_ptr<Program> program, runtime::Heap &heap);
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  /// Runs a transform; its outputs are in `context.outputs` afterwards. `context.heap` must be the
  /// session's. Needs a native stack for `limits.callDepth` nested calls (see runOnStack).
  /// \param transform  index in the program
  /// \errors the trap that ended the run, with place and call stack
  runtime::Result<void> run(size_t transform, runtime::Context &context);

  /// Must be called before `Heap::reset`; the next run prepares what was lost.
  void releaseValues();

  const Counts &counts() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace branchline::tier
