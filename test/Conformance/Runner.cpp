// Runs conformance cases in this process, each with a heap of its own, and says which differ:
//
//   ConformanceRunner [--engine NAME [--tier-after N] | --compiled | --linker COMMAND] [--every N]
//                     [--only PATTERN] [--skip PATTERN] [--show N] FILE.jsonl...
//
// A case runs as `blc run CASE.bl --engine=E [--input CASE.json] --output-format json-compact ARGS`
// would, with --tier-after if that is given; with --compiled, as `blc compile --emit=bytecode
// CASE.bl -o CASE.blbc` and `blc exec CASE.blbc` with the same arguments; with --linker, as `blc
// compile --emit=exe --linker COMMAND CASE.bl -o CASE` and CASE with the same arguments, in a
// process of its own, where no document is the empty object. --every N takes one case in N.
// Success: status 0 and the expected standard output, a final line end aside. Error cases: a status
// other than 0, nothing on standard output, a code of the stage's family on standard error, and for
// stage `run` the message. The last line is `N passed, M failed`.

#include "branchline/Driver/CommandLine.h"
#include "branchline/Driver/CompilerCommands.h"
#include "branchline/Driver/RunCommand.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Support/StackThread.h"

#include "Cases.h"
#include "Linked.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fnmatch.h>
#include <map>

using namespace branchline;
using namespace branchline::conformance;

namespace {

constexpr std::string_view kScriptName = "case.bl";
constexpr std::string_view kCompiledName = "case.blbc";
constexpr std::string_view kInputName = "case.json";

/// One case's files and streams, in memory.
class CaseSystem final : public driver::System {
public:
  explicit CaseSystem(const Case &theCase) : case_(theCase) {}

  Expected<format::InputBuffer, Error> readFile(const std::string &path, Access) override {
    if (path == kScriptName)
      return format::InputBuffer::fromText(case_.program);
    if (path == kInputName && case_.input)
      return format::InputBuffer::fromText(*case_.input);
    if (path == kCompiledName && compiled_)
      return format::InputBuffer::fromText(*compiled_);
    return Unexpected(error::make<error::Id::CannotReadFile>(path, path));
  }
  Expected<format::InputBuffer, Error> readStdin() override {
    return format::InputBuffer::fromText({});
  }
  Expected<void, Error> writeStdout(std::string_view text) override {
    output += text;
    return {};
  }
  void writeStderr(std::string_view text) override { messages += text; }
  Expected<void, Error> replaceFile(const std::string &path, std::string_view content) override {
    if (path != kCompiledName)
      return Unexpected(error::make<error::Id::CannotWriteFile>(path, "cases write no files"));
    compiled_ = content;
    return {};
  }
  bool isFolder(const std::string &) override { return false; }

  std::string output;
  std::string messages;

private:
  const Case &case_;
  std::optional<std::string> compiled_;
};

struct Settings {
  std::string engine = "interp";
  std::string tierAfter; // empty: not given
  bool compiled = false;
  std::string linker; // empty: programs are not linked
  size_t every = 1;
  std::string only = "*";
  std::string skip;
  size_t show = 20;
  std::vector<std::string> files;
};

std::string shorten(std::string_view text) {
  constexpr size_t kLongest = 300;
  while (!text.empty() && text.back() == '\n')
    text.remove_suffix(1);
  return text.size() <= kLongest ? std::string(text)
                                 : std::string(text.substr(0, kLongest)) + "...";
}

bool hasCodeOf(std::string_view stage, std::string_view messages) {
  static const std::map<std::string_view, std::vector<std::string_view>> kFamilies = {
      {"parse", {"[BL1"}},       {"sema", {"[BL2", "[BL1"}},   {"input", {"[BL4"}},
      {"run", {"[BL3", "[BL6"}}, {"output", {"[BL4", "[BL3"}},
  };
  const auto family = kFamilies.find(stage);
  if (family == kFamilies.end())
    return false;
  for (std::string_view prefix : family->second)
    if (messages.find(prefix) != std::string_view::npos)
      return true;
  return false;
}

/// What is wrong with the outcome of a success case; empty when nothing is.
std::string judgeSuccess(const Case &theCase, driver::ExitStatus status, const CaseSystem &system) {
  if (status != driver::ExitStatus::Ok)
    return fmt::format("exit {}: {}", static_cast<int>(status), shorten(system.messages));
  std::string_view printed = system.output;
  if (printed.ends_with('\n'))
    printed.remove_suffix(1);
  if (printed == *theCase.output)
    return {};
  return fmt::format("printed  {}\n    expected {}", shorten(printed), shorten(*theCase.output));
}

std::string judgeError(const Case &theCase, driver::ExitStatus status, const CaseSystem &system) {
  const ExpectedError &expected = theCase.error;
  if (status == driver::ExitStatus::Ok)
    return fmt::format("succeeded with {}, expected a {} error: {}", shorten(system.output),
                       expected.stage, expected.message.value_or("any"));
  if (system.output.find_first_not_of(" \t\r\n") != std::string::npos)
    return fmt::format("an error case wrote to standard output: {}", shorten(system.output));
  if (!hasCodeOf(expected.stage, system.messages))
    return fmt::format("no code of stage {} in: {}", expected.stage, shorten(system.messages));
  if (expected.stage == "run" && expected.message &&
      system.messages.find(*expected.message) == std::string::npos)
    return fmt::format("message  {}\n    expected {}", shorten(system.messages),
                       shorten(*expected.message));
  return {};
}

driver::ExitStatus compile(const std::vector<std::string_view> &how, driver::Reporter &reporter) {
  std::vector<std::string_view> arguments = {"compile", kScriptName};
  arguments.insert(arguments.end(), how.begin(), how.end());
  const auto line = driver::parseCommandLine(driver::ProgramName::Blc, arguments);
  return line ? driver::runCompile(*line, reporter) : reporter.report(line.error());
}

driver::ExitStatus run(const Case &theCase, const Settings &settings, driver::Reporter &reporter) {
  std::vector<std::string_view> arguments;
  if (settings.compiled)
    arguments = {"exec", kCompiledName};
  else
    arguments = {"run", kScriptName, "--engine", settings.engine};
  if (!settings.tierAfter.empty())
    arguments.insert(arguments.end(), {"--tier-after", settings.tierAfter});
  arguments.insert(arguments.end(), {"--output-format", "json-compact"});
  if (theCase.input)
    arguments.insert(arguments.end(), {"--input", kInputName});
  arguments.insert(arguments.end(), theCase.arguments.begin(), theCase.arguments.end());
  const auto line = driver::parseCommandLine(driver::ProgramName::Blc, arguments);
  return line ? driver::runProgram(*driver::runOptionsOf(*line), reporter)
              : reporter.report(line.error());
}

/// Links a case and runs the program.
driver::ExitStatus runLinked(const Case &theCase, const Settings &settings,
                             const CaseFolder &folder, CaseSystem &system,
                             driver::Reporter &reporter) {
  const std::string program = folder.program();
  const driver::ExitStatus status =
      compile({"--emit", "exe", "--linker", settings.linker, "-o", program}, reporter);
  if (status != driver::ExitStatus::Ok)
    return status;
  ProcessOutcome outcome = folder.run(theCase);
  system.output = std::move(outcome.output);
  system.messages = std::move(outcome.messages);
  return static_cast<driver::ExitStatus>(outcome.status);
}

/// Runs one case. \returns what is wrong, or nothing
std::string runCase(const Case &theCase, const Settings &settings, const CaseFolder &folder) {
  CaseSystem system(theCase);
  driver::Reporter reporter(system, driver::ErrorFormat::Text, "blc");
  driver::ExitStatus status = driver::ExitStatus::Ok;
  if (!settings.linker.empty()) {
    status = runLinked(theCase, settings, folder, system, reporter);
  } else {
    if (settings.compiled)
      status = compile({"--emit", "bytecode", "-o", kCompiledName}, reporter);
    if (status == driver::ExitStatus::Ok)
      status = run(theCase, settings, reporter);
  }
  return theCase.output ? judgeSuccess(theCase, status, system)
                        : judgeError(theCase, status, system);
}

/// Runs the cases. \returns the number of failures
size_t runCases(const std::vector<Case> &cases, const Settings &settings) {
  struct Count {
    size_t cases = 0;
    size_t failures = 0;
  };
  const CaseFolder folder;
  std::map<std::string, Count> areas;
  size_t failures = 0;
  for (const Case &theCase : cases) {
    Count &area = areas[theCase.name.substr(0, theCase.name.find('/'))];
    ++area.cases;
    const std::string wrong = runCase(theCase, settings, folder);
    if (wrong.empty())
      continue;
    ++area.failures;
    if (failures++ < settings.show)
      fmt::print("FAIL {} ({})\n    {}\n", theCase.name, theCase.rule, wrong);
  }
  if (failures > settings.show)
    fmt::print("... and {} more (--show N)\n", failures - settings.show);
  for (const auto &[name, count] : areas)
    fmt::print("{}: {} of {}\n", name, count.cases - count.failures, count.cases);
  fmt::print("{} passed, {} failed\n", cases.size() - failures, failures);
  return failures;
}

std::optional<Settings> readSettings(int argc, char **argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with("--")) {
      settings.files.emplace_back(argument);
      continue;
    }
    if (argument == "--compiled") {
      settings.compiled = true;
      continue;
    }
    if (++i == argc)
      return std::nullopt;
    if (argument == "--engine")
      settings.engine = argv[i];
    else if (argument == "--linker")
      settings.linker = argv[i];
    else if (argument == "--every")
      settings.every = std::max<size_t>(std::strtoul(argv[i], nullptr, 10), 1);
    else if (argument == "--tier-after")
      settings.tierAfter = argv[i];
    else if (argument == "--only")
      settings.only = argv[i];
    else if (argument == "--skip")
      settings.skip = argv[i];
    else if (argument == "--show")
      settings.show = std::strtoul(argv[i], nullptr, 10);
    else
      return std::nullopt;
  }
  return settings.files.empty() ? std::nullopt : std::optional(settings);
}

} // namespace

int main(int argc, char **argv) {
  const std::optional<Settings> settings = readSettings(argc, argv);
  if (!settings) {
    fmt::print(
        stderr,
        "usage: {} [--engine NAME [--tier-after N] | --compiled | --linker COMMAND] [--every N] "
        "[--only PATTERN] [--skip PATTERN] [--show N] FILE.jsonl...\n",
        argv[0]);
    return 64;
  }
  std::vector<Case> cases;
  for (const std::string &file : settings->files)
    if (const auto failure = readCases(file, cases)) {
      fmt::print(stderr, "{}\n", *failure);
      return 74;
    }
  std::erase_if(cases, [&](const Case &theCase) {
    const char *name = theCase.name.c_str();
    return fnmatch(settings->only.c_str(), name, 0) != 0 ||
           fnmatch(settings->skip.c_str(), name, 0) == 0;
  });
  size_t index = 0;
  std::erase_if(cases, [&](const Case &) { return index++ % settings->every != 0; });
  size_t failures = 0;
  if (!runOnStack(kLargeStack, [&] { failures = runCases(cases, *settings); }))
    return 70;
  return failures != 0 || cases.empty() ? 1 : 0;
}
