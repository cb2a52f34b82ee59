// The command line as data: commands and options with everything help, completion and the manual
// say about them. Leaves out: reading a command line (CommandLine.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::driver {

/// The engine of `blc run` without --engine.
inline constexpr std::string_view kDefaultEngine = "auto";

/// The value of --engine that compares all engines.
inline constexpr std::string_view kAllEngines = "all";

/// What the first word asks for; rows of Commands.def.
enum class Command : uint8_t {
#define BL_COMMAND(Name, ...) Name,
#include "branchline/Driver/Commands.def"
};

/// Upper bound of commands that take any number of operands.
inline constexpr uint8_t kAnyOperands = 255;

/// One row of Commands.def.
struct CommandInfo {
  std::string_view word;
  std::string_view alias;
  std::string_view operands;
  uint8_t maxOperands;
  std::string_view missingOperand;
  bool hidden;
  std::string_view summary;
  std::string_view details;
};

/// All commands, in the order of Command.
inline constexpr auto kCommands = [] {
  constexpr bool Yes = true, No = false;
  return std::to_array<CommandInfo>({
#define BL_COMMAND(Name, Word, Alias, Operands, MaxOperands, MissingOperand, Hidden, Summary,      \
                   Details)                                                                        \
  {Word, Alias, Operands, MaxOperands, MissingOperand, Hidden, Summary, Details},
#include "branchline/Driver/Commands.def"
  });
}();

/// The row of a command. \complexity O(1)
constexpr const CommandInfo &info(Command command) {
  return kCommands[static_cast<size_t>(command)];
}

/// One option; rows of Options.def.
enum class Option : uint8_t {
#define BL_OPTION(Name, ...) Name,
#include "branchline/Driver/Options.def"
};

/// How the text after an option is read.
enum class OptionKind : uint8_t { Flag, Choice, Engine, Text, Count, Size, Duration };

/// A set of commands, one bit each.
using CommandSet = uint32_t;

/// The set of the given commands.
template <class... Commands> constexpr CommandSet on(Commands... commands) {
  return ((CommandSet(1) << static_cast<unsigned>(commands)) | ...);
}

/// One row of Options.def.
struct OptionInfo {
  std::string_view name; // with its two dashes
  char letter;           // 0: no short form
  OptionKind kind;
  std::string_view valueName;
  std::string_view values;
  std::string_view noun;
  std::string_view defaultValue;
  CommandSet commands;
  std::string_view help;
  constexpr bool appliesTo(Command command) const { return (commands & on(command)) != 0; }
};

/// All options, in the order of Option.
inline constexpr auto kOptions = [] {
  using enum Command;
  return std::to_array<OptionInfo>({
#define BL_OPTION(Name, Long, Short, Kind, ValueName, Values, Noun, Default, Commands, Help)       \
  {Long, Short, OptionKind::Kind, ValueName, Values, Noun, Default, Commands, Help},
#include "branchline/Driver/Options.def"
  });
}();

/// The row of an option. \complexity O(1)
constexpr const OptionInfo &info(Option option) { return kOptions[static_cast<size_t>(option)]; }

/// The values a Choice or Engine option may have, in order of help; empty for other kinds.
std::vector<std::string_view> choicesOf(const OptionInfo &option);

/// The names this program goes by. \rule D40, R5.12.1
enum class ProgramName : uint8_t {
  Blc,  ///< no default command
  Bl,   ///< `run`
  Blvm, ///< `exec`
};

/// The name in a path such as `argv[0]`; anything unknown is Blc.
ProgramName programNameOf(std::string_view path);

/// `blc`, `bl` or `blvm`.
std::string_view textOf(ProgramName name);

/// What `--version` prints, without a line end. \rule R5.12.4
std::string versionText();

/// The number alone with its `v`: the member `version` of error reports.
std::string_view versionNumber();

} // namespace branchline::driver
