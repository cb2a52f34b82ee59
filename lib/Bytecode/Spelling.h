// Words and literals of the text form that the disassembler writes and the assembler reads.
// Private to Bytecode.
#pragma once

#include "branchline/Bytecode/Program.h"
#include "branchline/Support/TextCursor.h"

#include <array>
#include <string>
#include <string_view>

namespace branchline::bytecode {

/// Words in order of FunctionKind.
inline constexpr auto kFunctionKindWords =
    std::to_array<std::string_view>({"transform", "func", "lambda"});
/// Words in order of Import::Kind.
inline constexpr auto kImportKindWords = std::to_array<std::string_view>({"library", "host"});
/// Words in order of `single`.
inline constexpr auto kSharedKindWords = std::to_array<std::string_view>({"many", "single"});
/// Letters in order of RegisterClass.
inline constexpr std::string_view kRegisterLetters = "rci";
/// Values of Role::PathOp.
inline constexpr auto kPathOpWords = std::to_array<std::string_view>({"set", "append", "modify"});
/// Values of Role::IterKind.
inline constexpr auto kIterKindWords =
    std::to_array<std::string_view>({"for.each", "comprehension"});
/// Values of Role::KeyRule.
inline constexpr auto kKeyRuleWords = std::to_array<std::string_view>({"computed", "object"});
/// Stands after the mnemonic of a branch that Role::Negate turns around.
inline constexpr std::string_view kNegateWord = "not";

/// Whether a character may continue a bare name.
constexpr bool continuesName(char c) { return startsBareName(c) || isAsciiDigit(c); }

/// Whether a name can stand without quotes.
bool isBareName(std::string_view name);

/// The literal of a constant.
std::string constantText(const Constant &constant);

} // namespace branchline::bytecode
