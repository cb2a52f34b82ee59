// Native code: from BIR to machine code in this process, and to files. LLVM is in a shared object
// that is opened when something must be compiled; a build without it says so.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/Runtime/Native.h"
#include "branchline/Support/Error.h"

#include <memory>
#include <string>

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

struct Options {
  bool optimise = true;
  DebugOptions debug;
  /// Tell perf the names of functions, in the file it looks for.
  bool perfMap = false;
  /// Where a dump for `perf inject --jit` goes; empty: there is none.
  std::string jitDumpFolder;
  /// Where compiled programs are kept for later runs; empty: nowhere.
  std::string cacheFolder;
};

/// A module as machine code; immutable, shared by threads.
class Program {
public:
  /// \param module  verified; must outlive the program.
  /// \errors JitMissing, JitLibrary, JitCode
  static Expected<std::unique_ptr<Program>, Error> compile(const ir::Module &module,
                                                           const Options &options);
  ~Program();

  /// Whether the code came from the cache.
  bool fromCache() const;
  size_t codeBytes() const;

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
  Session(const Program &program, runtime::Heap &heap);
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  /// Runs a transform; its outputs are in `context.outputs` afterwards. The native stack must allow
  /// `context.limits.callDepth` nested calls (run it under `runOnStack`).
  /// \errors the trap that ended the run, with place and call stack
  runtime::Result<void> run(const ir::TransformEntry &transform, runtime::Context &context);

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
