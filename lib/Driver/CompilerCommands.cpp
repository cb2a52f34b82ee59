// `check`, `compile` and `opt`: stages of the compiler one at a time.
#include "branchline/Driver/CompilerCommands.h"

#include "branchline/Driver/BytecodeCommands.h"
#include "branchline/Driver/Compilation.h"
#include "branchline/Driver/Engines.h"
#include "branchline/IR/Text.h"
#include "branchline/IR/Verifier.h"
#include "branchline/JIT/JIT.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Syntax/Printer.h"

#include "LinkNative.h"
#include "OutputFile.h"
#include "Passes.h"
#include "ScriptFile.h"

#include <algorithm>

namespace branchline::driver {
namespace {

ExitStatus checkFile(const std::string &path, bool warningsAreErrors, Reporter &reporter) {
  auto text = readScript(path, reporter.system());
  if (!text)
    return reporter.report(text.error());
  StageTimes times;
  Compilation compilation(scriptName(path), std::move(*text));
  const auto compiled = compilation.compile(CompileTo::Checked, {}, times);
  if (!compiled)
    return reporter.report(compiled.error());
  const ExitStatus status = reporter.report(compilation.source, compilation.sink, Warnings::All);
  const bool warned = std::any_of(
      compilation.sink.all().begin(), compilation.sink.all().end(),
      [](const Diagnostic &diagnostic) { return diagnostic.severity == Severity::Warning; });
  return warningsAreErrors && warned ? ExitStatus::Data : status;
}

ExitStatus emitTokens(const CommandLine &line, const SourceText &source, Reporter &reporter) {
  DiagnosticSink sink;
  const std::string tokens = syntax::printTokens(source, sink);
  sink.sortByOffset();
  const ExitStatus status = reporter.report(source, sink, Warnings::All);
  return status == ExitStatus::Ok ? emit(line, tokens, reporter) : status;
}

/// The stages of native code.
std::optional<jit::Form> nativeForm(std::string_view stage) {
  if (stage == "llvm")
    return jit::Form::Llvm;
  if (stage == "bc")
    return jit::Form::Bitcode;
  if (stage == "asm")
    return jit::Form::Assembly;
  return stage == "obj" ? std::optional(jit::Form::Object) : std::nullopt;
}

ExitStatus emitNative(const CommandLine &line, const Compilation &compilation, jit::Form form,
                      Reporter &reporter) {
  const bool isBinary = form == jit::Form::Bitcode || form == jit::Form::Object;
  if (isBinary && !line.has(Option::Output) && reporter.system().isTerminal())
    return reporter.report(error::make<error::Id::BinaryToTerminal>(line.text(Option::Emit)));
  jit::EmitOptions options;
  options.optimise = line.text(Option::OptLevel) != "0";
  options.debug = debugOptionsOf(line, compilation, reporter.system());
  const auto made = jit::emit(*compilation.module, form, options);
  return made ? emit(line, *made, reporter) : reporter.report(made.error());
}

/// IR as it is unless passes are asked for; what is to run, bytecode and native code, is optimised.
ExitStatus emitModule(const CommandLine &line, Compilation &compilation, Reporter &reporter) {
  const bool isBytecode = line.text(Option::Emit) == "bytecode";
  const std::optional<jit::Form> native = nativeForm(line.text(Option::Emit));
  const bool isLinked = line.text(Option::Emit) == "exe" || line.text(Option::Emit) == "shared";
  const std::string passes =
      passesOf(line).value_or(std::string(isBytecode || native || isLinked ? kDefaultPasses : ""));
  const auto optimised = optimise(*compilation.module, passes, line, reporter.system());
  if (!optimised)
    return reporter.report(optimised.error());
  if (isLinked)
    return linkNative(line, compilation, reporter);
  if (native)
    return emitNative(line, compilation, *native, reporter);
  if (isBytecode) {
    const auto program = generateBytecode(*compilation.module, &compilation.source);
    return program ? writeProgram(line, **program, reporter) : reporter.report(program.error());
  }
  ir::PrintOptions printing;
  printing.locations = line.has(Option::Locs);
  return emit(line, ir::print(*compilation.module, printing), reporter);
}

/// The findings of the verifier, one diagnostic each. IR has no source, so they have no place.
void reportBroken(const std::vector<ir::VerifierError> &errors, DiagnosticSink &sink) {
  for (const ir::VerifierError &error : errors) {
    std::string text = ir::renderVerifierErrors({error});
    if (text.ends_with('\n'))
      text.pop_back();
    sink.report(diag::make<diag::Id::IrInvalid>({}, text));
  }
}

} // namespace

ExitStatus runCheck(const CommandLine &line, Reporter &reporter) {
  ExitStatus worst = ExitStatus::Ok;
  for (const std::string &path : line.operands())
    worst = std::max(worst, checkFile(path, line.has(Option::WarningsAsErrors), reporter));
  return worst;
}

ExitStatus runCompile(const CommandLine &line, Reporter &reporter) {
  const std::string &path = line.operands().front();
  auto text = readScript(path, reporter.system());
  if (!text)
    return reporter.report(text.error());
  StageTimes times;
  Compilation compilation(scriptName(path), std::move(*text));
  const std::string_view stage = line.text(Option::Emit);
  if (stage == "tokens")
    return emitTokens(line, compilation.source, reporter);
  const CompileTo last = stage == "ast" ? CompileTo::Tree : CompileTo::Module;
  const auto compiled = compilation.compile(last, {}, times);
  if (!compiled)
    return reporter.report(compiled.error());
  const ExitStatus status = reporter.report(compilation.source, compilation.sink, Warnings::All);
  if (!*compiled)
    return status;
  if (last == CompileTo::Tree)
    return emit(line, syntax::printAst(*compilation.program, compilation.source), reporter);
  return emitModule(line, compilation, reporter);
}

ExitStatus runOpt(const CommandLine &line, Reporter &reporter) {
  const std::string &path = line.operands().front();
  auto text = readScript(path, reporter.system());
  if (!text)
    return reporter.report(text.error());
  const SourceText source(scriptName(path), std::move(*text));
  DiagnosticSink sink;
  const std::unique_ptr<ir::Module> module = ir::parse(source, sink);
  if (module)
    reportBroken(ir::verify(*module), sink);
  sink.sortByOffset();
  const ExitStatus status = reporter.report(source, sink, Warnings::All);
  if (status != ExitStatus::Ok)
    return status;
  const auto optimised = optimise(*module, passesOf(line).value_or(""), line, reporter.system());
  if (!optimised)
    return reporter.report(optimised.error());
  ir::PrintOptions printing;
  printing.locations = line.has(Option::PrintLocs);
  printing.kinds = line.has(Option::PrintKinds);
  return emit(line, ir::print(*module, printing), reporter);
}

} // namespace branchline::driver
