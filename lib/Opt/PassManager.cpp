// Names of passes and running them.
#include "branchline/Opt/PassManager.h"

#include "Edits.h"
#include "Passes.h"
#include "branchline/IR/Builder.h"
#include "branchline/IR/Verifier.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Lang/Spelling.h"
#include "branchline/Support/Assert.h"

#include <fmt/format.h>

namespace branchline::opt {

std::optional<PassId> findPass(std::string_view text) {
  for (size_t i = 0; i < kPasses.size(); ++i)
    if (kPasses[i].text == text)
      return static_cast<PassId>(i);
  return std::nullopt;
}

void PassContext::count(std::string_view counter, uint64_t amount) {
  if (amount == 0)
    return;
  auto at = counters_.find(counter);
  if (at == counters_.end())
    at = counters_.emplace(std::string(counter), 0).first;
  at->second += amount;
}

// --- Lists of passes -----------------------------------------------------------------------------

namespace {

constexpr std::string_view kDefault = "default";

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  while (text.ends_with(' '))
    text.remove_suffix(1);
  return text;
}

/// The pass whose name looks most like `word`; empty when none looks like it.
std::string_view nearestPass(std::string_view word) {
  std::string_view nearest;
  size_t best = typoLimit(word) + 1;
  auto consider = [&](std::string_view name) {
    size_t distance = editDistance(word, name, best);
    if (distance < best) {
      best = distance;
      nearest = name;
    }
  };
  consider(kDefault);
  for (const PassInfo &pass : kPasses)
    consider(pass.text);
  return nearest;
}

Error unknownPass(std::string_view name) {
  Error made = error::make<error::Id::UnknownValue>("pass", name);
  if (std::string_view nearest = nearestPass(name); !nearest.empty())
    made.hint = fmt::format("did you mean `{}`?", nearest);
  return made;
}

} // namespace

Expected<std::vector<PassId>, Error> parsePassList(std::string_view list) {
  std::vector<PassId> passes;
  if (trimmed(list).empty())
    return passes;
  for (bool more = true; more;) {
    size_t comma = list.find(',');
    more = comma != std::string_view::npos;
    std::string_view name = trimmed(list.substr(0, comma));
    list.remove_prefix(more ? comma + 1 : list.size());
    if (name == kDefault) {
      std::vector<PassId> all = defaultPipeline();
      passes.insert(passes.end(), all.begin(), all.end());
      continue;
    }
    std::optional<PassId> pass = findPass(name);
    if (!pass)
      return Unexpected(unknownPass(name));
    passes.push_back(*pass);
  }
  return passes;
}

// --- Running -------------------------------------------------------------------------------------

namespace {

/// Which functions a pass need not look at again.
class Versions {
public:
  explicit Versions(size_t functions) : current_(functions, 1) {}

  void change(size_t fn) { ++current_[fn]; }
  bool isSeen(PassId pass, size_t fn) {
    std::vector<uint32_t> &seen = seen_[static_cast<size_t>(pass)];
    return !seen.empty() && seen[fn] == current_[fn];
  }
  /// The pass has been there; what it changed itself it need not see.
  void see(PassId pass, size_t fn) {
    std::vector<uint32_t> &seen = seen_[static_cast<size_t>(pass)];
    seen.resize(current_.size());
    seen[fn] = current_[fn];
  }

private:
  std::vector<uint32_t> current_;                          // by function
  std::array<std::vector<uint32_t>, kPasses.size()> seen_; // by pass and function
};

Changed runOn(PassId id, std::unique_ptr<FunctionPass> pass, ir::Module &module,
              PassContext &context, Versions &versions) {
  Changed changed = Changed::No;
  for (ir::FunctionId fn = 0; fn < module.functions.size(); ++fn) {
    if (versions.isSeen(id, fn))
      continue;
    if (pass->run(module.functions[fn], context) == Changed::Yes) {
      changed = Changed::Yes;
      versions.change(fn);
    }
    versions.see(id, fn);
  }
  return changed;
}

Changed runOn(PassId, std::unique_ptr<ModulePass> pass, ir::Module &module, PassContext &context,
              Versions &versions) {
  Changed changed = pass->run(module, context);
  for (ir::FunctionId fn : context.takeChanged())
    versions.change(fn);
  return changed;
}

Changed runPass(PassId id, ir::Module &module, PassContext &context, Versions &versions) {
  switch (id) {
#define BL_PASS(Name, Text, Scope, Calls, Doc)                                                     \
  case PassId::Name:                                                                               \
    return runOn(id, create##Name(), module, context, versions);
#include "branchline/Opt/Passes.def"
  }
  BL_UNREACHABLE("pass");
}

} // namespace

Expected<PipelineReport, Error> runPipeline(ir::Module &module, const PipelineOptions &options) {
  using Clock = std::chrono::steady_clock;
  PipelineReport report;
  PassContext context(module, report.counters);
  Versions versions(module.functions.size());
  const auto begun = Clock::now();
  for (ir::Function &fn : module.functions)
    ir::dropUnreachable(fn);
  for (size_t position = 0; position < options.passes.size(); ++position) {
    PassId pass = options.passes[position];
    if (options.keepCalls && info(pass).calls == CallEffect::Takes)
      continue;
    const auto start = Clock::now();
    Changed changed = runPass(pass, module, context, versions);
    report.passes.push_back({pass, changed, Clock::now() - start});
    if (options.dump && (options.printAfterAll || options.printAfter.contains(pass)))
      options.dump(pass, position, module);
    if (!options.verifyEach)
      continue;
    std::vector<ir::VerifierError> errors = ir::verify(module);
    if (!errors.empty()) {
      std::string text = ir::renderVerifierErrors({errors.front()});
      if (text.ends_with('\n'))
        text.pop_back();
      return Unexpected(error::make<error::Id::BrokenIr>(
          fmt::format("after pass `{}`: {}", info(pass).text, text)));
    }
  }
  // Engines keep one register per value number.
  for (ir::Function &fn : module.functions)
    compactValues(fn);
  report.time = Clock::now() - begun;
  return report;
}

} // namespace branchline::opt
