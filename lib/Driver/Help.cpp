// Help and the Markdown page of the command line; loops over the tables of Options.h.
#include "branchline/Driver/Help.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace branchline::driver {
namespace {

constexpr size_t kHelpColumn = 30;
constexpr size_t kHelpWidth = 100;

/// Breaks a text into lines of at most `width` columns, all but the first behind `indent` blanks.
std::string wrap(std::string_view text, size_t indent, size_t width) {
  std::string out;
  size_t column = indent;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (column > indent && column + 1 + word.size() > width) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

/// `-o, --output-file FILE`
std::string spelling(const OptionInfo &option) {
  std::string out = option.letter != 0 ? fmt::format("-{}, ", option.letter) : "    ";
  out += option.name;
  if (!option.valueName.empty())
    out += fmt::format(" {}", option.valueName);
  return out;
}

/// The help of an option with its vocabulary and default.
std::string explanation(const OptionInfo &option) {
  std::string out(option.help);
  if (const auto choices = choicesOf(option); !choices.empty())
    out += fmt::format(": {}", fmt::join(choices, ", "));
  if (!option.defaultValue.empty())
    out += fmt::format(" (default: {})", option.defaultValue);
  return out;
}

std::string row(std::string_view left, std::string_view right) {
  std::string out = fmt::format("  {}", left);
  if (out.size() + 2 > kHelpColumn)
    out += '\n' + std::string(kHelpColumn, ' ');
  else
    out.resize(kHelpColumn, ' ');
  return out + wrap(right, kHelpColumn, kHelpWidth) + '\n';
}

std::string usage(ProgramName program, const CommandInfo &command) {
  return fmt::format("{} {}{}{}{}", textOf(program), command.word,
                     command.operands.empty() ? "" : " ", command.operands, " [OPTION...]");
}

std::string_view defaultNote(ProgramName program) {
  switch (program) {
  case ProgramName::Blc:
    return "";
  case ProgramName::Bl:
    return " (default: run)";
  case ProgramName::Blvm:
    return " (default: exec)";
  }
  return "";
}

} // namespace

std::optional<Command> findCommand(std::string_view word) {
  for (size_t i = 0; i < kCommands.size(); ++i)
    if (word == kCommands[i].word || (!kCommands[i].alias.empty() && word == kCommands[i].alias))
      return static_cast<Command>(i);
  return std::nullopt;
}

std::string helpText(ProgramName program) {
  std::string out =
      fmt::format("Branchline CLI{}\n\nUsage:\n  {} COMMAND [OPERAND...] [OPTION...]\n",
                  defaultNote(program), textOf(program));
  if (program == ProgramName::Bl)
    out += "  bl FILE.bl [OPTION...]\n";
  if (program == ProgramName::Blvm)
    out += "  blvm FILE.blbc [OPTION...]\n";
  out += "\nCommands:\n";
  for (const CommandInfo &command : kCommands)
    if (!command.hidden)
      out += row(command.alias.empty() ? std::string(command.word)
                                       : fmt::format("{}, {}", command.word, command.alias),
                 command.summary);
  out += "\nOptions:\n";
  out += row("-h, --help", "print this text; after a command, its options");
  out += row("-v, --version", "print the version");
  out += row(
      fmt::format("    {} {}", info(Option::ErrorFormat).name, info(Option::ErrorFormat).valueName),
      explanation(info(Option::ErrorFormat)));
  out += fmt::format("\nExamples:\n  {0} run script.bl --input data.json\n"
                     "  {0} run script.bl --input - --output-format json-compact < data.json\n"
                     "  {0} check script.bl\n  {0} compile script.bl --emit=ir\n",
                     textOf(program));
  return out;
}

std::string helpText(ProgramName program, Command command) {
  const CommandInfo &about = info(command);
  std::string out = fmt::format("Usage:\n  {}\n\n{}\n", usage(program, about),
                                wrap(about.details, 0, kHelpWidth));
  if (!about.alias.empty())
    out += fmt::format("Another spelling is `{}`.\n", about.alias);
  bool first = true;
  for (const OptionInfo &option : kOptions) {
    if (!option.appliesTo(command))
      continue;
    if (first)
      out += "\nOptions:\n";
    first = false;
    out += row(spelling(option), explanation(option));
  }
  return out;
}

std::string linkedHelpText(std::string_view name) {
  std::string out = fmt::format(
      "Usage:\n  {} [OPTION...]\n\n{}\n\nOptions:\n", name,
      wrap("Reads a document from standard input, runs a transform on it and writes the result to "
           "standard output. With --ndjson, --json-seq, --split, --slurp or --gather it works on "
           "streams of records. Made by `blc compile --emit=exe`, whose `run` takes the same "
           "options.",
           0, kHelpWidth));
  for (const OptionInfo &option : kOptions) {
    if (!option.appliesTo(Command::Exec))
      continue;
    const bool isInput = option.name == info(Option::Input).name;
    out += row(spelling(option),
               isInput ? "read the input from FILE, not from standard input; for streams it may be "
                         "repeated, and FILE may be a pattern"
                       : explanation(option));
  }
  return out + row("-v, --version", "print the version");
}

std::string commandLinePage() {
  std::string out = "# Command line\n\nPrinted by `blc reference cli` from "
                    "`include/branchline/Driver/Commands.def` and `Options.def`.\n\n"
                    "Exit status: 0 success, 64 usage, 65 the program text or the input is bad, "
                    "70 the program failed or a limit ended it, 74 files and streams, "
                    "130 interrupted.\n\nEvery option takes its value as `--option value` or "
                    "`--option=value`; the last of a repeated option counts.\n";
  for (size_t i = 0; i < kCommands.size(); ++i) {
    const CommandInfo &command = kCommands[i];
    if (command.hidden)
      continue;
    out += fmt::format("\n## {}\n\n`{}`\n\n{}\n", command.word, usage(ProgramName::Blc, command),
                       command.details);
    bool first = true;
    for (const OptionInfo &option : kOptions) {
      if (!option.appliesTo(static_cast<Command>(i)))
        continue;
      if (first)
        out += "\n| option | value | default | meaning |\n| --- | --- | --- | --- |\n";
      first = false;
      const auto choices = choicesOf(option);
      const std::string value = choices.empty() ? std::string(option.valueName)
                                                : fmt::format("`{}`", fmt::join(choices, "`, `"));
      out += fmt::format("| `{}`{} | {} | {} | {} |\n", option.name,
                         option.letter != 0 ? fmt::format(", `-{}`", option.letter) : "", value,
                         option.defaultValue, option.help);
    }
  }
  return out;
}

} // namespace branchline::driver
