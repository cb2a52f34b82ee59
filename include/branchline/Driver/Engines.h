// The engines of this build by name, and programs made ready for them.
#pragma once

#include "branchline/Bytecode/Program.h"
#include "branchline/IR/Module.h"
#include "branchline/JIT/JIT.h"
#include "branchline/Runtime/Context.h"
#include "branchline/Support/Error.h"
#include "branchline/Tier/Tier.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace branchline::driver {

/// What `--stats` says of an engine, added up over the executables of one program.
struct EngineStats {
  std::vector<std::pair<std::string_view, uint64_t>> counts;   // the same rows from each of them
  std::vector<std::pair<std::string_view, std::string>> notes; // of the program
};

/// A program made ready to run. Values made by a run refer to it and it may keep values of the
/// heap, so it goes away after the outputs and before the heap.
class Executable {
public:
  virtual ~Executable();
  /// Runs a transform; the outputs are in `context.outputs` afterwards.
  /// \param transform  index in the program. \param context  of the same heap at every call
  virtual runtime::Result<void> run(size_t transform, runtime::Context &context) = 0;
  /// The same program for another heap. Shares whatever runs do not change, and may be used on
  /// another thread. \complexity far less than preparing the module again
  virtual std::unique_ptr<Executable> another() const = 0;
  /// Lets go of all values of the heap; comes before `Heap::reset`.
  virtual void releaseValues() = 0;
  /// Adds counts to those of others; sets the notes.
  virtual void addStats(EngineStats &) const {}
};

/// What engines may use to make a program ready.
struct PrepareOptions {
  /// Where native code is kept for later runs; empty: nowhere.
  std::string cacheFolder;
  /// Whether native code is described for debuggers, and whether perf gets the names in it.
  jit::DebugOptions debug;
  bool perfMap = false;
  std::string jitDumpFolder; // empty: no dump
  /// Of engines that begin in the virtual machine: see tier::Options::after.
  uint64_t tierAfter = tier::kUsualAfter;
  bool waitForCode = false; // see tier::Options::wait
};

/// One way of executing a module.
struct Engine {
  std::string_view name; // the value of --engine
  std::string_view doc;
  /// Whether IR is optimised for it unless the user says otherwise.
  bool optimises;
  /// Whether this build has all of it; otherwise `prepare` says why not, or leaves something out.
  bool (*available)();
  /// \param module  verified
  /// \errors BytecodeTooLarge, BrokenBytecode, JitMissing, JitLibrary, JitCode
  Expected<std::unique_ptr<Executable>, Error> (*prepare)(std::unique_ptr<ir::Module> module,
                                                          const PrepareOptions &options);
};

/// All engines, in the order of Engines.def; the first is the judge of the others.
std::span<const Engine> engines();

/// The engine of that name, or null.
const Engine *findEngine(std::string_view name);

/// Bytecode that the virtual machine is to run. \param program  verified
std::unique_ptr<Executable> prepareBytecode(std::unique_ptr<bytecode::Program> program);

/// Bytecode of a module, verified. \param source  kept in the program; may be null
/// \errors BytecodeTooLarge, BrokenBytecode
Expected<std::unique_ptr<bytecode::Program>, Error> generateBytecode(const ir::Module &module,
                                                                     const SourceText *source);

} // namespace branchline::driver
