// `disasm`, `as` and `verify`, and writing programs for `compile` too.
#include "branchline/Driver/BytecodeCommands.h"

#include "branchline/Bytecode/File.h"
#include "branchline/Bytecode/Operands.h"
#include "branchline/Bytecode/Verifier.h"

#include "BytecodeFile.h"
#include "OutputFile.h"
#include "ScriptFile.h"

#include <algorithm>

namespace branchline::driver {
namespace {

size_t countInstructions(const bytecode::Program &program) {
  size_t count = 0;
  for (const bytecode::Function &function : program.functions)
    count += static_cast<size_t>(
        std::count_if(function.code.begin(), function.code.end(), [](bytecode::Word word) {
          return static_cast<bytecode::Op>(word.op) != bytecode::Op::Ext;
        }));
  return count;
}

ExitStatus verifyFile(const std::string &path, Reporter &reporter) {
  const auto program = readBytecode(path, reporter.system());
  if (!program)
    return reporter.report(program.error());
  const std::string text = fmt::format("{}: valid, version {}, {} functions, {} instructions\n",
                                       scriptName(path), bytecode::kFormatVersion,
                                       (*program)->functions.size(), countInstructions(**program));
  const auto written = reporter.system().writeStdout(text);
  return written ? ExitStatus::Ok : reporter.report(written.error());
}

} // namespace

ExitStatus runDisasm(const CommandLine &line, Reporter &reporter) {
  const auto program = readBytecode(line.operands().front(), reporter.system());
  if (!program)
    return reporter.report(program.error());
  return emit(line, bytecode::disassemble(**program), reporter);
}

ExitStatus runAs(const CommandLine &line, Reporter &reporter) {
  const std::string &path = line.operands().front();
  auto text = readScript(path, reporter.system());
  if (!text)
    return reporter.report(text.error());
  const SourceText source(scriptName(path), std::move(*text));
  DiagnosticSink sink;
  const std::unique_ptr<bytecode::Program> program = bytecode::assemble(source, sink);
  sink.sortByOffset();
  const ExitStatus status = reporter.report(source, sink, Warnings::All);
  if (!program)
    return status;
  if (const auto broken = bytecode::verify(*program)) {
    Error error = bytecode::errorOf(*broken);
    error.file = scriptName(path);
    return reporter.report(error);
  }
  return writeProgram(line, *program, reporter);
}

ExitStatus runVerify(const CommandLine &line, Reporter &reporter) {
  ExitStatus worst = ExitStatus::Ok;
  for (const std::string &path : line.operands())
    worst = std::max(worst, verifyFile(path, reporter));
  return worst;
}

ExitStatus writeProgram(const CommandLine &line, const bytecode::Program &program,
                        Reporter &reporter) {
  const std::string bytes = bytecode::write(program, {line.has(Option::Strip)});
  if (line.has(Option::Output) || !reporter.system().isTerminal())
    return emit(line, bytes, reporter);
  // What the file would say, so that --strip shows.
  const auto again = bytecode::read(bytes);
  return again ? emit(line, bytecode::disassemble(**again), reporter)
               : reporter.report(again.error());
}

} // namespace branchline::driver
