// Words and literals of the text form that the printer writes and the parser reads.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/Support/TextCursor.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::ir {

/// Words in order of FunctionKind.
inline constexpr auto kFunctionKindWords =
    std::to_array<std::string_view>({"transform", "func", "lambda"});
/// Words in order of PathOpKind.
inline constexpr auto kPathOpWords = std::to_array<std::string_view>({"set", "append", "modify"});
/// Words in order of IterKind.
inline constexpr auto kIterKindWords =
    std::to_array<std::string_view>({"for.each", "comprehension"});
/// Words in order of KeyRule.
inline constexpr auto kKeyRuleWords = std::to_array<std::string_view>({"computed", "object"});

/// Whether a character may continue a bare name.
constexpr bool continuesName(char c) { return startsBareName(c) || isAsciiDigit(c) || c == '.'; }

/// Whether a name can stand without quotes after a sigil.
bool isBareName(std::string_view name);
/// Whether a label can stand without quotes: a bare name that is no mnemonic and not `handler`.
bool isBareLabel(std::string_view label);
/// Whether a segment of a path can stand without quotes: a bare name without dots.
bool isBareSegment(std::string_view name);

/// The instruction of that mnemonic. \complexity O(log instructions)
std::optional<Op> findMnemonic(std::string_view word);

/// The numbers that values have in the text, by ValueId: in order of definition, then what is used
/// but never defined. kNone for values that do not occur.
std::vector<uint32_t> valueNumbers(const Function &fn);

/// The literal of a constant.
std::string constantText(const Constant &constant);

} // namespace branchline::ir
