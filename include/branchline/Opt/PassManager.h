// Passes over BIR and the pipelines made of them: names, options, reports, and running. A pass
// keeps what a program does: its outputs, the order of its effects, which error comes first, and
// the places of errors. What single passes do is in Passes.def and docs/Opt.md.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/Support/Error.h"
#include "branchline/Support/Expected.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace branchline::opt {

/// A row of Passes.def.
enum class PassId : uint8_t {
#define BL_PASS(Name, Text, Scope, Calls, Doc) Name,
#include "branchline/Opt/Passes.def"
};

/// What a pass looks at in one go.
enum class PassScope : uint8_t { Function, Module };

/// Whether a pass takes calls away. \rule D21
enum class CallEffect : uint8_t { Keeps, Takes };

/// Calls are only taken away where no more than this many nest. A run whose call depth limit is
/// lower must use a module that has all of its calls (PipelineOptions::keepCalls).
inline constexpr uint32_t kInlinedCallDepth = 64;

/// What a row of Passes.def says.
struct PassInfo {
  std::string_view name;
  std::string_view text; // as in `--passes`
  PassScope scope;
  CallEffect calls;
  std::string_view doc;
};

/// All rows, in the order of PassId.
inline constexpr auto kPasses = std::to_array<PassInfo>({
#define BL_PASS(Name, Text, Scope, Calls, Doc)                                                     \
  {#Name, Text, PassScope::Scope, CallEffect::Calls, Doc},
#include "branchline/Opt/Passes.def"
});

/// The row of a pass. \complexity O(1)
constexpr const PassInfo &info(PassId id) { return kPasses[static_cast<size_t>(id)]; }

/// The pass of exactly that text name, if there is one.
std::optional<PassId> findPass(std::string_view text);

/// Whether a pass did anything.
enum class Changed : bool { No, Yes };

/// Counters by name, such as `dead-code.removed`.
using Counters = std::map<std::string, uint64_t, std::less<>>;

/// What a pass may use besides the function it works on.
class PassContext {
public:
  PassContext(ir::Module &module, Counters &counters) : module_(module), counters_(counters) {}

  /// The module at hand; a function pass may add constants to it and read other functions.
  ir::Module &module() { return module_; }
  /// Adds to a counter of the report; nothing for 0.
  void count(std::string_view counter, uint64_t amount = 1);
  /// Says that a module pass changed a function.
  void markChanged(ir::FunctionId fn) { changed_.push_back(fn); }
  /// What was said since the last call of this.
  std::vector<ir::FunctionId> takeChanged() { return std::exchange(changed_, {}); }

private:
  ir::Module &module_;
  Counters &counters_;
  std::vector<ir::FunctionId> changed_;
};

/// A pass that works on one function and changes no other. One object sees all functions of a
/// module, one after the other.
class FunctionPass {
public:
  virtual ~FunctionPass() = default;
  /// \param fn  verified, without unreachable blocks. It must verify afterwards.
  virtual Changed run(ir::Function &fn, PassContext &context) = 0;
};

/// A pass that works on a whole module.
class ModulePass {
public:
  virtual ~ModulePass() = default;
  /// \param module  verified, without unreachable blocks. It must verify afterwards, and
  ///                every function that is not the same must have been named to the context.
  virtual Changed run(ir::Module &module, PassContext &context) = 0;
};

/// The passes of an optimised compilation, in order; why in this order is said in Pipeline.cpp.
std::vector<PassId> defaultPipeline();

/// Reads the value of `--passes`: text names separated by commas, spaces around them ignored. The
/// word `default` stands for the default pipeline; an empty list is no pass.
/// \errors UnknownValue (pass), with the nearest name as hint
Expected<std::vector<PassId>, Error> parsePassList(std::string_view list);

/// What to run and what to look at on the way.
struct PipelineOptions {
  std::vector<PassId> passes = defaultPipeline();
  /// Leave out the passes that take calls away.
  bool keepCalls = false;
  /// Verify the module after every pass.
  bool verifyEach = false;
  /// Passes after which the module is handed to `dump`.
  std::set<PassId> printAfter;
  /// Hand the module to `dump` after every pass.
  bool printAfterAll = false;
  /// Receives the module as the pass left it; `position` counts the passes of the run from 0.
  std::function<void(PassId pass, size_t position, const ir::Module &module)> dump;
};

/// What one pass of a run did.
struct PassReport {
  PassId pass;
  Changed changed;
  std::chrono::nanoseconds time;
};

/// What a run did. Nothing is printed; the driver shows it if somebody asks.
struct PipelineReport {
  std::vector<PassReport> passes; // those that ran, in order
  Counters counters;
  std::chrono::nanoseconds time{0};
};

/// Runs passes over a module in place. A function pass that comes again skips the functions that
/// nothing has changed since it was there.
/// \param module  verified.
/// \errors BrokenIr when `verifyEach` is on and a pass left IR that does not verify; the message
///         names the pass, and the module is as that pass left it
Expected<PipelineReport, Error> runPipeline(ir::Module &module, const PipelineOptions &options);

} // namespace branchline::opt
