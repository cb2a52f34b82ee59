// `check`, `compile` and `opt`: stages of the compiler one at a time.
#include "branchline/Driver/CompilerCommands.h"

#include "branchline/Driver/Compilation.h"
#include "branchline/IR/Text.h"
#include "branchline/IR/Verifier.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Syntax/Printer.h"

#include "ScriptFile.h"

#include <algorithm>

namespace branchline::driver {
namespace {

/// Writes to the file of --output, or to standard output.
ExitStatus emit(const CommandLine &line, std::string_view text, Reporter &reporter) {
  const auto written =
      line.has(Option::Output)
          ? reporter.system().replaceFile(std::string(line.text(Option::Output)), text)
          : reporter.system().writeStdout(text);
  return written ? ExitStatus::Ok : reporter.report(written.error());
}

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
  ir::PrintOptions printing;
  printing.locations = line.has(Option::Locs);
  return emit(line, ir::print(*compilation.module, printing), reporter);
}

ExitStatus runOpt(const CommandLine &line, Reporter &reporter) {
  if (!line.text(Option::Passes).empty())
    return reporter.report(error::make<error::Id::UnknownValue>("pass", line.text(Option::Passes)));
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
  ir::PrintOptions printing;
  printing.locations = line.has(Option::PrintLocs);
  return emit(line, ir::print(*module, printing), reporter);
}

} // namespace branchline::driver
