// From arguments to a command.
#include "branchline/Driver/Driver.h"

#include "branchline/Driver/BytecodeCommands.h"
#include "branchline/Driver/CompilerCommands.h"
#include "branchline/Driver/Help.h"
#include "branchline/Driver/ReferencePages.h"
#include "branchline/Driver/RunCommand.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Support/StackThread.h"

namespace branchline::driver {
namespace {

ExitStatus print(std::string_view text, Reporter &reporter) {
  const auto written = reporter.system().writeStdout(text);
  return written ? ExitStatus::Ok : reporter.report(written.error());
}

ExitStatus runHelp(ProgramName program, const CommandLine &line, Reporter &reporter) {
  if (line.operands().empty())
    return print(helpText(program), reporter);
  const std::string &word = line.operands().front();
  if (const std::optional<Command> command = findCommand(word))
    return print(helpText(program, *command), reporter);
  return reporter.report(error::make<error::Id::UnknownCommand>(word));
}

ExitStatus runCompletion(const CommandLine &line, Reporter &reporter) {
  const std::string &shell = line.operands().front();
  if (const std::optional<std::string> script = completionScript(shell))
    return print(*script, reporter);
  Error error = error::make<error::Id::UnknownValue>("shell", shell);
  error.hint = "shells are bash, zsh";
  return reporter.report(error);
}

ExitStatus runReference(const CommandLine &line, Reporter &reporter) {
  const std::string &name = line.operands().front();
  // The list of pages, for the scripts that keep and compare them.
  if (name == "list") {
    std::string list;
    for (const ReferencePage &page : referencePages())
      list += fmt::format("{} {}\n", page.name, page.file);
    return print(list, reporter);
  }
  if (const ReferencePage *page = findReferencePage(name))
    return print(page->render(), reporter);
  return reporter.report(error::make<error::Id::UnknownValue>("reference page", name));
}

ExitStatus dispatch(ProgramName program, const CommandLine &line, Reporter &reporter) {
  reporter.setCommand(line.command());
  switch (line.command()) {
  case Command::Run:
  case Command::Exec: {
    const auto options = runOptionsOf(line);
    return options ? runProgram(*options, reporter) : reporter.report(options.error());
  }
  case Command::Check:
    return runCheck(line, reporter);
  case Command::Compile:
    return runCompile(line, reporter);
  case Command::Opt:
    return runOpt(line, reporter);
  case Command::Disasm:
    return runDisasm(line, reporter);
  case Command::As:
    return runAs(line, reporter);
  case Command::Verify:
    return runVerify(line, reporter);
  case Command::Completion:
    return runCompletion(line, reporter);
  case Command::Help:
    return runHelp(program, line, reporter);
  case Command::Version:
    return print(versionText() + "\n", reporter);
  case Command::Reference:
    return runReference(line, reporter);
  }
  BL_UNREACHABLE("command");
}

} // namespace

ExitStatus runCommandLine(std::string_view program, std::span<const std::string_view> arguments,
                          System &system) {
  const ProgramName name = programNameOf(program);
  const auto globals = takeGlobalArguments(arguments);
  if (!globals) {
    // The format of reports is what is wrong, so this one is text.
    return Reporter(system, ErrorFormat::Text, textOf(name)).report(globals.error());
  }
  Reporter reporter(system, globals->errorFormat, textOf(name));
  const auto line = parseCommandLine(name, globals->rest);
  if (!line)
    return reporter.report(line.error());
  ExitStatus status = ExitStatus::Ok;
  if (!runOnStack(kLargeStack, [&] { status = dispatch(name, *line, reporter); }))
    return reporter.report(error::make<error::Id::NoLargeStack>());
  return status;
}

} // namespace branchline::driver
