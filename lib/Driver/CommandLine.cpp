// One pass over the arguments, left to right. A parser of our own rather than a library's: the
// messages, the order of errors and the two value forms are fixed by the specification, and it
// costs no start-up time.
#include "branchline/Driver/CommandLine.h"

#include "branchline/Driver/Help.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Lang/Spelling.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace branchline::driver {
namespace {

/// ASCII lower case, and `-` for `_`: how choices are compared (R5.1.4).
std::string foldChoice(std::string_view text) {
  std::string folded(text);
  for (char &c : folded)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == '_' ? '-' : c;
  return folded;
}

/// The candidate nearest to `word` when it looks like a typing error; else empty.
std::string_view closestOf(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view best;
  size_t bestDistance = typoLimit(word) + 1;
  for (std::string_view candidate : candidates) {
    const size_t distance = editDistance(word, candidate, bestDistance - 1);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

void suggest(Error &error, std::string_view word, std::span<const std::string_view> candidates) {
  if (std::string_view closest = closestOf(word, candidates); !closest.empty())
    error.hint = fmt::format("did you mean `{}`?", closest);
}

struct Unit {
  std::string_view suffix;
  uint64_t factor;
};

/// Reads digits and an optional unit; nothing when the text is malformed or the product too large.
std::optional<uint64_t> readNumber(std::string_view text, std::span<const Unit> units) {
  uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc())
    return std::nullopt;
  const std::string_view suffix = text.substr(static_cast<size_t>(end - text.data()));
  if (suffix.empty())
    return number;
  for (const Unit &unit : units)
    if (foldChoice(suffix) == unit.suffix)
      return number <= UINT64_MAX / unit.factor ? std::optional(number * unit.factor)
                                                : std::nullopt;
  return std::nullopt;
}

std::optional<uint64_t> readNumber(OptionKind kind, std::string_view text) {
  static constexpr Unit kSizes[] = {{"k", uint64_t(1) << 10},
                                    {"m", uint64_t(1) << 20},
                                    {"g", uint64_t(1) << 30},
                                    {"t", uint64_t(1) << 40}};
  static constexpr Unit kDurations[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}};
  switch (kind) {
  case OptionKind::Count:
    return readNumber(text, {});
  case OptionKind::Size:
    return readNumber(text, kSizes);
  case OptionKind::Duration:
    return readNumber(text, kDurations);
  case OptionKind::Flag:
  case OptionKind::Choice:
  case OptionKind::Engine:
  case OptionKind::Text:
    break;
  }
  BL_UNREACHABLE("option without a number");
}

std::string_view expectedNumber(OptionKind kind) {
  return kind == OptionKind::Size       ? "a size such as 512M"
         : kind == OptionKind::Duration ? "a time such as 500ms, 5s or 1m"
                                        : "a number";
}

/// What a token is in the table: `--name`, `--name=value`, `-x` or, for choices, `-xVALUE`.
struct Match {
  std::optional<Option> option;
  std::string_view name; // as written, without the value
  std::optional<std::string_view> value;
};

Match matchOption(Command command, std::string_view token) {
  Match match{std::nullopt, token, std::nullopt};
  if (token.starts_with("--"))
    if (size_t equals = token.find('='); equals != std::string_view::npos) {
      match.name = token.substr(0, equals);
      match.value = token.substr(equals + 1);
    }
  for (size_t i = 0; i < kOptions.size(); ++i) {
    const OptionInfo &option = kOptions[i];
    const bool byLetter =
        option.letter != 0 && match.name.starts_with(std::string{'-', option.letter});
    const bool attached = byLetter && match.name.size() > 2 && option.kind == OptionKind::Choice;
    if (!option.appliesTo(command) ||
        (match.name != option.name && !(byLetter && match.name.size() == 2) && !attached))
      continue;
    match.option = static_cast<Option>(i);
    if (attached) {
      match.value = match.name.substr(2);
      match.name = match.name.substr(0, 2);
      break;
    }
  }
  return match;
}

/// \param reader  what took the option, for the hint
Error unknownOption(Command command, std::string_view reader, std::string_view token,
                    std::string_view name) {
  Error error = error::make<error::Id::UnknownOption>(token);
  std::vector<std::string_view> names;
  for (const OptionInfo &option : kOptions) {
    if (option.appliesTo(command))
      names.push_back(option.name);
    else if (option.name == name)
      error.hint = fmt::format("{} does not take `{}`", reader, name);
  }
  if (error.hint.empty())
    suggest(error, name, names);
  return error;
}

Error unknownCommand(std::string_view word) {
  Error error = error::make<error::Id::UnknownCommand>(word);
  std::vector<std::string_view> words;
  for (const CommandInfo &command : kCommands)
    if (!command.hidden)
      words.push_back(command.word);
  suggest(error, word, words);
  if (error.hint.empty())
    error.hint = word.ends_with(".bl")     ? fmt::format("`blc run {}` runs a program", word)
                 : word.ends_with(".blbc") ? fmt::format("`blc exec {}` runs a bytecode file", word)
                                           : fmt::format("commands are {}", fmt::join(words, ", "));
  return error;
}

/// The command and how many arguments it took.
struct ChosenCommand {
  Command command;
  size_t used;
};

Expected<ChosenCommand, Error> chooseCommand(ProgramName program,
                                             std::span<const std::string_view> arguments) {
  if (arguments.empty()) {
    if (program == ProgramName::Blc)
      return ChosenCommand{Command::Help, 0};
    return Unexpected(error::make<error::Id::NoArguments>());
  }
  const std::string_view word = arguments[0];
  if (word == "--help" || word == "-h")
    return ChosenCommand{Command::Help, 1};
  if (word == "--version" || word == "-v")
    return ChosenCommand{Command::Version, 1};
  if (std::optional<Command> command = findCommand(word))
    return ChosenCommand{*command, 1};
  switch (program) {
  case ProgramName::Blc:
    return Unexpected(unknownCommand(word));
  case ProgramName::Bl:
    return ChosenCommand{Command::Run, 0};
  case ProgramName::Blvm:
    return ChosenCommand{Command::Exec, 0};
  }
  BL_UNREACHABLE("program name");
}

/// `--help` turns whatever command it stands in into `help COMMAND`.
CommandLine helpAbout(Command command) {
  CommandLine line(Command::Help);
  line.addOperand(info(command).word);
  return line;
}

} // namespace

std::string_view CommandLine::text(Option option) const {
  const std::optional<std::string> &value = values_[index(option)];
  return value ? std::string_view(*value) : info(option).defaultValue;
}

std::vector<std::string> CommandLine::all(Option option) const {
  std::vector<std::string> values;
  for (const auto &[given, value] : given_)
    if (given == option)
      values.push_back(value);
  return values;
}

uint64_t CommandLine::number(Option option) const {
  const std::optional<uint64_t> number = readNumber(info(option).kind, text(option));
  BL_ASSERT(number.has_value(), "numbers are checked when they are set");
  return number.value_or(0);
}

Expected<void, Error> CommandLine::set(Option option, std::string_view value) {
  const OptionInfo &row = info(option);
  std::string stored(value);
  switch (row.kind) {
  case OptionKind::Flag:
  case OptionKind::Text:
    break;
  case OptionKind::Choice:
  case OptionKind::Engine: {
    stored = foldChoice(value);
    const std::vector<std::string_view> choices = choicesOf(row);
    if (std::find(choices.begin(), choices.end(), stored) == choices.end()) {
      Error error = error::make<error::Id::UnknownValue>(row.noun, value);
      error.hint = fmt::format("{} may be {}", row.name, fmt::join(choices, ", "));
      return Unexpected(std::move(error));
    }
    break;
  }
  case OptionKind::Count:
  case OptionKind::Size:
  case OptionKind::Duration:
    if (!readNumber(row.kind, value))
      return Unexpected(
          error::make<error::Id::InvalidNumber>(row.name, value, expectedNumber(row.kind)));
    break;
  }
  given_.emplace_back(option, stored);
  values_[index(option)] = std::move(stored);
  return {};
}

Expected<GlobalArguments, Error> takeGlobalArguments(std::span<const std::string_view> arguments) {
  constexpr std::string_view kName = info(Option::ErrorFormat).name;
  GlobalArguments result;
  CommandLine values(Command::Run); // any command that takes the option
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view token = arguments[i];
    std::string_view value;
    if (token == kName) {
      if (++i == arguments.size())
        return Unexpected(error::make<error::Id::MissingValue>(kName));
      value = arguments[i];
    } else if (token.starts_with(kName) && token.substr(kName.size()).starts_with('=')) {
      value = token.substr(kName.size() + 1);
    } else {
      result.rest.push_back(token);
      continue;
    }
    BL_CHECK(values.set(Option::ErrorFormat, value));
    result.errorFormat =
        values.text(Option::ErrorFormat) == "json" ? ErrorFormat::Json : ErrorFormat::Text;
  }
  return result;
}

/// Reads what follows the command.
/// \param reader  whom messages call the one that takes the arguments
static Expected<CommandLine, Error> readArguments(Command command, std::string_view reader,
                                                  size_t maxOperands,
                                                  std::span<const std::string_view> arguments) {
  CommandLine line(command);
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view token = arguments[i];
    const Match match = matchOption(command, token);
    if (!match.option) {
      if (token.starts_with("--"))
        return Unexpected(unknownOption(command, reader, token, match.name));
      if (line.operands().size() == maxOperands && maxOperands != kAnyOperands)
        return Unexpected(error::make<error::Id::UnexpectedArgument>(token));
      line.addOperand(token);
      continue;
    }
    if (*match.option == Option::Help)
      return helpAbout(command);
    const OptionInfo &option = info(*match.option);
    std::optional<std::string_view> value = match.value;
    if (option.kind == OptionKind::Flag) {
      if (value)
        return Unexpected(error::make<error::Id::UnexpectedValue>(option.name));
      value = "";
    } else if (!value) {
      if (++i == arguments.size())
        return Unexpected(error::make<error::Id::MissingValue>(match.name));
      value = arguments[i];
    }
    BL_CHECK(line.set(*match.option, *value));
  }
  return line;
}

Expected<CommandLine, Error> parseCommandLine(ProgramName program,
                                              std::span<const std::string_view> arguments) {
  BL_TRY(const ChosenCommand chosen, chooseCommand(program, arguments));
  const CommandInfo &command = info(chosen.command);
  BL_TRY(CommandLine line, readArguments(chosen.command, fmt::format("`{}`", command.word),
                                         command.maxOperands, arguments.subspan(chosen.used)));
  if (line.operands().empty() && !command.missingOperand.empty()) {
    Error error = error::make<error::Id::MissingOperand>(command.missingOperand);
    error.hint = fmt::format("usage: {} {} {}", textOf(program), command.word, command.operands);
    return Unexpected(std::move(error));
  }
  return line;
}

Expected<CommandLine, Error> parseLinkedCommandLine(std::span<const std::string_view> arguments) {
  if (!arguments.empty() && (arguments[0] == "--version" || arguments[0] == "-v"))
    return CommandLine(Command::Version);
  return readArguments(Command::Exec, "a compiled program", 0, arguments);
}

} // namespace branchline::driver
