// Reads a command line against the tables of Options.h.
// Leaves out: what commands do with their options.
#pragma once

#include "branchline/Driver/Options.h"
#include "branchline/Support/Error.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace branchline::driver {

/// How errors are reported. \rule R5.12.3
enum class ErrorFormat : uint8_t { Text, Json };

/// A command with its options and operands. Values of options have been checked: those of Choice
/// and Engine options are spelled as in the table, numbers are in range.
class CommandLine {
public:
  explicit CommandLine(Command command) : command_(command) {}

  Command command() const { return command_; }
  const std::vector<std::string> &operands() const { return operands_; }
  bool has(Option option) const { return values_[index(option)].has_value(); }
  /// The last value given, else the default of the table (which may be empty).
  std::string_view text(Option option) const;
  /// Every value given, in order, of an option that may be repeated.
  std::vector<std::string> all(Option option) const;
  /// The value of a Count, Size (bytes) or Duration (milliseconds) option, or its default.
  uint64_t number(Option option) const;

  /// Sets a value; a later one replaces an earlier one (R5.12.6).
  /// \errors UnknownValue, InvalidNumber
  Expected<void, Error> set(Option option, std::string_view value);
  void addOperand(std::string_view operand) { operands_.emplace_back(operand); }

private:
  static size_t index(Option option) { return static_cast<size_t>(option); }

  Command command_;
  std::array<std::optional<std::string>, kOptions.size()> values_;
  std::vector<std::string> operands_;
  std::vector<std::pair<Option, std::string>> given_; // everything, in order
};

/// The arguments without `--error-format`, which is global and recognised anywhere.
struct GlobalArguments {
  ErrorFormat errorFormat = ErrorFormat::Text;
  std::vector<std::string_view> rest;
};

/// Takes `--error-format` out of an argument list; the last one wins.
/// \param arguments  borrowed as long as the result
/// \errors MissingValue, UnknownValue \rule R5.12.3
Expected<GlobalArguments, Error> takeGlobalArguments(std::span<const std::string_view> arguments);

/// Reads the command word (or takes the program's default) and what follows, left to right, up to
/// the first error. `--opt value` and `--opt=value` are the same; the last of a repeated option
/// wins; a token that begins with one dash and is no known letter is an operand.
/// \errors NoArguments, UnknownCommand, UnknownOption, MissingValue, UnexpectedValue,
///         UnknownValue, InvalidNumber, UnexpectedArgument, MissingOperand
/// \rule R5.12.2 to R5.12.6, D40
Expected<CommandLine, Error> parseCommandLine(ProgramName program,
                                              std::span<const std::string_view> arguments);

/// Reads the command line of a compiled program: the options of `exec`, and no operand.
/// \returns a line of the command Exec, Help or Version
/// \errors UnknownOption, MissingValue, UnexpectedValue, UnknownValue, InvalidNumber,
///         UnexpectedArgument
Expected<CommandLine, Error> parseLinkedCommandLine(std::span<const std::string_view> arguments);

} // namespace branchline::driver
