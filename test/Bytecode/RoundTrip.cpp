// Takes every program of conformance case files through bytecode files and the text form:
//
//   BytecodeRoundTrip FILE.jsonl...
//
// Optimised and not, the same program gives the same bytes; reading and writing a file, and
// printing and assembling it, give the same file, stripped or not; and a file runs as its source
// does, to the last byte of output and messages. The last line is `N programs, M failures`. \rule
// R17.33, R22.2

#include "branchline/Bytecode/File.h"
#include "branchline/Driver/CommandLine.h"
#include "branchline/Driver/Compilation.h"
#include "branchline/Driver/RunCommand.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Opt/PassManager.h"
#include "branchline/Support/StackThread.h"

#include "Cases.h"

#include <cstdio>
#include <fmt/format.h>
#include <map>

using namespace branchline;
using namespace branchline::conformance;

namespace {

constexpr std::string_view kScriptName = "case.bl";
constexpr std::string_view kInputName = "case.json";

/// Files and streams in memory.
class MemorySystem final : public driver::System {
public:
  Expected<format::InputBuffer, Error> readFile(const std::string &path, Access) override {
    const auto file = files.find(path);
    if (file == files.end())
      return Unexpected(error::make<error::Id::CannotReadFile>(path, path));
    return format::InputBuffer::fromText(file->second);
  }
  Expected<format::InputBuffer, Error> readStdin() override {
    return format::InputBuffer::fromText({});
  }
  Expected<void, Error> writeStdout(std::string_view text) override {
    output += text;
    return {};
  }
  void writeStderr(std::string_view text) override { messages += text; }
  Expected<void, Error> replaceFile(const std::string &path, std::string_view) override {
    return Unexpected(error::make<error::Id::CannotWriteFile>(path, "cases write no files"));
  }
  bool isFolder(const std::string &) override { return false; }

  std::map<std::string, std::string> files;
  std::string output;
  std::string messages;
};

struct RunResult {
  driver::ExitStatus status;
  std::string output;
  std::string messages;
};

/// Runs a command on the case's document.
RunResult run(const Case &theCase, std::vector<std::string_view> arguments, std::string file) {
  MemorySystem system;
  system.files[std::string(kScriptName)] = std::move(file);
  if (theCase.input) {
    system.files[std::string(kInputName)] = *theCase.input;
    arguments.insert(arguments.end(), {"--input", kInputName});
  }
  arguments.insert(arguments.end(), theCase.arguments.begin(), theCase.arguments.end());
  driver::Reporter reporter(system, driver::ErrorFormat::Text, "blc");
  const auto line = driver::parseCommandLine(driver::ProgramName::Blc, arguments);
  const driver::ExitStatus status = line
                                        ? driver::runProgram(*driver::runOptionsOf(*line), reporter)
                                        : reporter.report(line.error());
  return {status, system.output, system.messages};
}

/// The program of a case. \returns null when it does not compile
std::unique_ptr<bytecode::Program> compile(const Case &theCase, bool optimised,
                                           std::string &problem) {
  driver::StageTimes times;
  driver::Compilation compilation{std::string(kScriptName), theCase.program};
  const auto compiled = compilation.compile(driver::CompileTo::Module, {}, times);
  if (!compiled || !*compiled)
    return nullptr;
  if (optimised && !opt::runPipeline(*compilation.module, {})) {
    problem = "the passes fail";
    return nullptr;
  }
  auto program = driver::generateBytecode(*compilation.module, &compilation.source);
  if (program)
    return std::move(*program);
  problem = program.error().message;
  return nullptr;
}

/// What is wrong with a file made of a good program; empty when nothing is.
std::string judgeFile(const std::string &bytes) {
  const auto program = bytecode::read(bytes);
  if (!program)
    return program.error().message;
  if (bytecode::write(**program) != bytes)
    return "reading and writing changes the file";
  const std::string text = bytecode::disassemble(**program);
  const SourceText source("text", text);
  DiagnosticSink sink;
  const auto again = bytecode::assemble(source, sink);
  if (!again)
    return renderDiagnostic(source, sink.all().front());
  if (bytecode::disassemble(*again) != text)
    return "printing, assembling and printing changes the text";
  if (bytecode::write(*again) != bytes)
    return "printing and assembling changes the file";
  return {};
}

/// \returns what is wrong, or nothing
std::string judge(const Case &theCase, bool optimised) {
  std::string problem;
  const auto program = compile(theCase, optimised, problem);
  if (!program)
    return problem;
  const std::string bytes = bytecode::write(*program);
  if (const auto again = compile(theCase, optimised, problem);
      !again || bytecode::write(*again) != bytes)
    return "compiling twice gives two files";
  const std::string stripped = bytecode::write(*program, {true});
  for (const std::string &file : {bytes, stripped})
    if (std::string wrong = judgeFile(file); !wrong.empty())
      return wrong;
  const RunResult expected =
      run(theCase, {"run", kScriptName, "--engine=vm", optimised ? "-O1" : "-O0"}, theCase.program);
  const RunResult found = run(theCase, {"exec", kScriptName}, bytes);
  const RunResult bare = run(theCase, {"exec", kScriptName}, stripped);
  // Warnings are the compiler's; a failing run has only its own message.
  const bool sameMessages =
      expected.status == driver::ExitStatus::Ok || expected.messages.ends_with(found.messages);
  if (found.status != expected.status || found.output != expected.output || !sameMessages)
    return fmt::format("the file gives\n{}{}the program\n{}{}", found.output, found.messages,
                       expected.output, expected.messages);
  if (bare.status != expected.status || bare.output != expected.output)
    return fmt::format("the stripped file gives\n{}{}", bare.output, bare.messages);
  return {};
}

size_t judgeAll(const std::vector<Case> &cases) {
  size_t programs = 0, failures = 0;
  for (const Case &theCase : cases) {
    std::string problem;
    if (!compile(theCase, false, problem) && problem.empty())
      continue; // a case about the compiler
    ++programs;
    for (bool optimised : {false, true})
      if (const std::string wrong = judge(theCase, optimised); !wrong.empty()) {
        ++failures;
        fmt::print("FAIL {} at -O{}\n    {}\n", theCase.name, optimised ? 1 : 0, wrong);
        break;
      }
  }
  fmt::print("{} programs, {} failures\n", programs, failures);
  return programs == 0 ? 1 : failures;
}

} // namespace

int main(int argc, char **argv) {
  std::vector<Case> cases;
  for (int i = 1; i < argc; ++i)
    if (const auto failure = readCases(argv[i], cases)) {
      fmt::print(stderr, "{}\n", *failure);
      return 74;
    }
  size_t failures = 0;
  if (!runOnStack(kLargeStack, [&] { failures = judgeAll(cases); }))
    return 70;
  return failures == 0 ? 0 : 1;
}
