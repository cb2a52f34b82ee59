// Native code: from BIR to machine code in this process, and to files. LLVM is in a shared object
// that is opened when something must be compiled; a build without it says so.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/Runtime/Native.h"
#include "branchline/Support/Error.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace branchline::jit {

/// Whether this build has the compiler of native code. \complexity O(1)
bool isAvailable();

/// Debug information for native code: names and lines for debuggers and profilers. Takes time to
/// make, and is part of what is cached.
struct DebugOptions {
  bool enabled = false;
  std::string source; // the path of the program text
  std::string folder; // where a relative path starts
};

/// The start of a block of a loop.
struct LoopPoint {
  ir::FunctionId function;
  ir::BlockId block;
  /// Evidence: the kinds that were seen there of ir::liveOnEntry; empty: nothing is known.
  std::vector<ir::KindSet> seen = {};
  bool operator==(const LoopPoint &) const = default;
};

/// What of a program can be entered besides transforms and functions that are called by value.
struct Entries {
  bool everyFunction = false;
  std::vector<LoopPoint> loops; // see Session::enterLoop
};

struct Options {
  bool optimise = true;
  DebugOptions debug;
  /// Tell perf the names of functions, in the file it looks for.
  bool perfMap = false;
  /// Where a dump for `perf inject --jit` goes; empty: there is none.
  std::string jitDumpFolder;
  /// Where compiled programs are kept for later runs; empty: nowhere.
  std::string cacheFolder;
  Entries entries;
};

/// A module as machine code; immutable, shared by threads.
class Program {
public:
  /// \param module  verified; must outlive the program.
  /// \errors JitMissing, JitLibrary, JitCode
  static Expected<std::unique_ptr<Program>, Error> compile(const ir::Module &module,
                                                           const Options &options);
  /// The same from the cache alone. \returns null when it is not there
  static std::unique_ptr<Program> find(const ir::Module &module, const Options &options);
  ~Program();

  /// Whether the code came from the cache.
  bool fromCache() const;
  size_t codeBytes() const;
  /// Whether a function can be entered from outside.
  bool hasEntry(ir::FunctionId function) const;

  struct Impl;
  const Impl &impl() const { return *impl_; }

private:
  explicit Program(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// What one heap keeps for one program between runs. Belongs to one thread.
class Session {
public:
  /// \param program must outlive the session, as must `heap`
  /// \param functions  shared with other engines that run the program; null: the session's own
  Session(const Program &program, runtime::Heap &heap,
          runtime::FunctionValues *functions = nullptr);
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  /// Runs a transform; its outputs are in `context.outputs` afterwards. The native stack must allow
  /// `context.limits.callDepth` nested calls (run it under `runOnStack`).
  /// \errors the trap that ended the run, with place and call stack
  runtime::Result<void> run(const ir::TransformEntry &transform, runtime::Context &context);

  /// Goes on here in the middle of a run of another engine: a function that has an entry.
  /// See NativeMachine::enter.
  runtime::Result<runtime::Value> enter(ir::FunctionId function, runtime::FunctionObject *closure,
                                        std::span<runtime::Value> args, runtime::Context &context,
                                        int64_t &fuel);
  /// An activation of a function that is at the start of a loop's block.
  /// \param loop  index in Entries::loops
  /// \param values  moved from: the variables by slot (the cell, when closures share the variable),
  /// then ir::liveOnEntry of the block, iterators as in Runtime/IteratorState.h
  /// \param caught  what the activation's handler caught last; may be null
  runtime::Result<runtime::Value> enterLoop(size_t loop, runtime::FunctionObject *closure,
                                            std::span<runtime::Value> values,
                                            std::unique_ptr<runtime::TrapInfo> caught,
                                            runtime::Context &context, int64_t &fuel);

  /// Must be called before `Heap::reset`; the next run prepares what was lost.
  void releaseValues();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The tables of a module, without entries. \param module  verified; must outlive the tables
runtime::NativeTables tablesOf(const ir::Module &module);

/// What can be made of a module besides running it.
enum class Form : uint8_t { Llvm, Bitcode, Assembly, Object };

struct EmitOptions {
  bool optimise = true;
  DebugOptions debug;
  /// What the object is to define as the image of `runtime::NativeObject`, borrowed for the call;
  /// empty: no such thing.
  std::string_view image;
};

/// The module in another form. Code is for any processor of the architecture, not for this one.
/// \errors JitMissing, JitLibrary, JitCode
Expected<std::string, Error> emit(const ir::Module &module, Form form, const EmitOptions &options);

} // namespace branchline::jit
