// The table of engines. Each adapter makes a module ready and runs it.
#include "branchline/Driver/Engines.h"

#include "branchline/BCGen/BCGen.h"
#include "branchline/Bytecode/Limits.h"
#include "branchline/Bytecode/Verifier.h"
#include "branchline/Interp/Interpreter.h"
#include "branchline/JIT/JIT.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Opt/PassManager.h"
#include "branchline/Support/Utf8.h"
#include "branchline/VM/VM.h"

#include <fmt/format.h>
#include <optional>

namespace branchline::driver {

namespace {

class InterpExecutable final : public Executable {
public:
  explicit InterpExecutable(std::unique_ptr<ir::Module> module)
      : code_(std::make_shared<Code>(std::move(module))) {}

  runtime::Result<void> run(size_t transform, runtime::Context &context) override {
    return interp::run(code_->program, code_->module->transforms[transform], context);
  }
  std::unique_ptr<Executable> another() const override {
    return std::make_unique<InterpExecutable>(*this);
  }
  void releaseValues() override {}

private:
  struct Code {
    std::unique_ptr<ir::Module> module;
    interp::Program program;
    explicit Code(std::unique_ptr<ir::Module> from) : module(std::move(from)), program(*module) {}
  };
  std::shared_ptr<const Code> code_;
};

class VmExecutable final : public Executable {
public:
  explicit VmExecutable(std::shared_ptr<const bytecode::Program> program)
      : program_(std::move(program)) {}

  runtime::Result<void> run(size_t transform, runtime::Context &context) override {
    if (!session_)
      session_.emplace(*program_, context.heap);
    return session_->run(program_->transforms[transform], context);
  }
  std::unique_ptr<Executable> another() const override {
    return std::make_unique<VmExecutable>(program_);
  }
  void releaseValues() override {
    if (session_)
      session_->releaseValues();
  }

private:
  std::shared_ptr<const bytecode::Program> program_;
  std::optional<vm::Session> session_;
};

class JitExecutable final : public Executable {
public:
  /// What all executables of one program share.
  struct Compiled {
    std::unique_ptr<ir::Module> module;
    std::unique_ptr<jit::Program> program;
  };
  explicit JitExecutable(std::shared_ptr<const Compiled> compiled)
      : compiled_(std::move(compiled)) {}

  runtime::Result<void> run(size_t transform, runtime::Context &context) override {
    if (!session_)
      session_.emplace(*compiled_->program, context.heap);
    return session_->run(compiled_->module->transforms[transform], context);
  }
  std::unique_ptr<Executable> another() const override {
    return std::make_unique<JitExecutable>(compiled_);
  }
  void addStats(EngineStats &stats) const override {
    const jit::Program &program = *compiled_->program;
    stats.notes = {{"native code", fmt::format("the program, {}, {} bytes",
                                               program.fromCache() ? "from the cache" : "compiled",
                                               program.codeBytes())}};
  }
  void releaseValues() override {
    if (session_)
      session_->releaseValues();
  }

private:
  std::shared_ptr<const Compiled> compiled_;
  std::optional<jit::Session> session_;
};

class AutoExecutable final : public Executable {
public:
  explicit AutoExecutable(std::shared_ptr<tier::Program> program) : program_(std::move(program)) {}

  runtime::Result<void> run(size_t transform, runtime::Context &context) override {
    if (!session_)
      session_.emplace(program_, context.heap);
    return session_->run(transform, context);
  }
  std::unique_ptr<Executable> another() const override {
    return std::make_unique<AutoExecutable>(program_);
  }
  void releaseValues() override {
    if (session_)
      session_->releaseValues();
  }
  void addStats(EngineStats &stats) const override;

private:
  std::shared_ptr<tier::Program> program_;
  std::optional<tier::Session> session_;
};

std::string textOf(const tier::Attempt &attempt) {
  const auto milliseconds = [](uint64_t microseconds) {
    return static_cast<double>(microseconds) / 1000;
  };
  std::string text =
      fmt::format("{}, asked for at {:.1f} ms, ", attempt.what, milliseconds(attempt.askedAt));
  using Result = tier::Attempt::Result;
  switch (attempt.result) {
  case Result::Running:
    return text + "not finished";
  case Result::Missing:
    return text + "not in the cache";
  case Result::Failed:
    return text + "failed: " + attempt.problem;
  case Result::Compiled:
  case Result::Cached:
    return text + fmt::format("{} by {:.1f} ms, {} bytes",
                              attempt.result == Result::Cached ? "from the cache" : "compiled",
                              milliseconds(attempt.finishedAt), attempt.codeBytes);
  }
  BL_UNREACHABLE("result of an attempt");
}

void AutoExecutable::addStats(EngineStats &stats) const {
  const tier::Counts counts = session_ ? session_->counts() : tier::Counts();
  const std::pair<std::string_view, uint64_t> rows[] = {
      {"runs in the VM", counts.machineRuns},
      {"runs in native code", counts.nativeRuns},
      {"instructions in the VM", counts.machineInstructions},
      {"instructions in native", counts.nativeInstructions},
      {"calls into native code", counts.calls},
      {"loops into native code", counts.loops},
  };
  stats.counts.resize(std::size(rows));
  for (size_t i = 0; i < std::size(rows); ++i)
    stats.counts[i] = {rows[i].first, stats.counts[i].second + rows[i].second};
  stats.notes.clear();
  if (!jit::isAvailable())
    stats.notes.emplace_back("native code", "none: not in this build");
  const std::vector<tier::Attempt> attempts = program_->attempts();
  if (jit::isAvailable() && attempts.empty())
    stats.notes.emplace_back("native code", "none: too few instructions to be worth it");
  for (const tier::Attempt &attempt : attempts)
    stats.notes.emplace_back("native code", textOf(attempt));
}

using Prepared = Expected<std::unique_ptr<Executable>, Error>;

Prepared prepareInterp(std::unique_ptr<ir::Module> module, const PrepareOptions &) {
  return std::unique_ptr<Executable>(std::make_unique<InterpExecutable>(std::move(module)));
}

Prepared prepareVm(std::unique_ptr<ir::Module> module, const PrepareOptions &) {
  BL_TRY(auto program, generateBytecode(*module, nullptr));
  return prepareBytecode(std::move(program));
}

jit::Options nativeOptionsOf(const PrepareOptions &options) {
  jit::Options native;
  native.cacheFolder = options.cacheFolder;
  native.debug = options.debug;
  native.perfMap = options.perfMap;
  native.jitDumpFolder = options.jitDumpFolder;
  return native;
}

Prepared prepareJit(std::unique_ptr<ir::Module> module, const PrepareOptions &options) {
  BL_TRY(auto program, jit::Program::compile(*module, nativeOptionsOf(options)));
  return std::unique_ptr<Executable>(
      std::make_unique<JitExecutable>(std::make_shared<JitExecutable::Compiled>(
          JitExecutable::Compiled{std::move(module), std::move(program)})));
}

Prepared prepareAuto(std::unique_ptr<ir::Module> module, const PrepareOptions &options) {
  BL_TRY(auto program, generateBytecode(*module, nullptr));
  tier::Options tiers{nativeOptionsOf(options), options.tierAfter, options.waitForCode};
  return std::unique_ptr<Executable>(std::make_unique<AutoExecutable>(
      std::make_shared<tier::Program>(std::move(module), std::move(program), std::move(tiers))));
}

bool always() { return true; }

constexpr auto kEngines = [] {
  constexpr bool Yes = true, No = false;
  return std::to_array<Engine>({
#define BL_ENGINE(Name, Text, Optimises, Available, Doc)                                           \
  {Text, Doc, Optimises, &Available, &prepare##Name},
#include "branchline/Driver/Engines.def"
  });
}();

/// Names of files may hold any bytes, texts in bytecode may not.
std::string wellFormed(std::string_view name) {
  std::string out(name);
  for (size_t bad; (bad = utf8::findInvalid(out)) != std::string::npos;)
    out[bad] = '?';
  return out;
}

} // namespace

std::span<const Engine> engines() { return kEngines; }

const Engine *findEngine(std::string_view name) {
  for (const Engine &engine : kEngines)
    if (engine.name == name)
      return &engine;
  return nullptr;
}

std::unique_ptr<Executable> prepareBytecode(std::unique_ptr<bytecode::Program> program) {
  return std::make_unique<VmExecutable>(std::move(program));
}

Expected<std::unique_ptr<bytecode::Program>, Error> generateBytecode(const ir::Module &module,
                                                                     const SourceText *source) {
  bcgen::Options options;
  if (source) {
    options.sourceName = wellFormed(source->name());
    options.source = source->text();
  }
  static_assert(bytecode::kMaxInlineDepth == opt::kInlinedCallDepth);
  BL_TRY(auto program, bcgen::generate(module, options));
  if (const auto broken = bytecode::verify(*program))
    return Unexpected(error::make<error::Id::BrokenBytecode>(bytecode::describe(*broken)));
  return program;
}

} // namespace branchline::driver
