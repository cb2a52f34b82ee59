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
  void releaseValues() override {
    if (session_)
      session_->releaseValues();
  }

private:
  std::shared_ptr<const Compiled> compiled_;
  std::optional<jit::Session> session_;
};

using Prepared = Expected<std::unique_ptr<Executable>, Error>;

Prepared prepareInterp(std::unique_ptr<ir::Module> module, const PrepareOptions &) {
  return std::unique_ptr<Executable>(std::make_unique<InterpExecutable>(std::move(module)));
}

Prepared prepareVm(std::unique_ptr<ir::Module> module, const PrepareOptions &) {
  BL_TRY(auto program, generateBytecode(*module, nullptr));
  return prepareBytecode(std::move(program));
}

Prepared prepareJit(std::unique_ptr<ir::Module> module, const PrepareOptions &options) {
  jit::Options compiling;
  compiling.cacheFolder = options.cacheFolder;
  compiling.debug = options.debug;
  compiling.perfMap = options.perfMap;
  compiling.jitDumpFolder = options.jitDumpFolder;
  BL_TRY(auto program, jit::Program::compile(*module, compiling));
  return std::unique_ptr<Executable>(
      std::make_unique<JitExecutable>(std::make_shared<JitExecutable::Compiled>(
          JitExecutable::Compiled{std::move(module), std::move(program)})));
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
