// Which texts a program may hold: well-formed strings and canonical numbers. Private to Bytecode.
#pragma once

#include <string_view>

namespace branchline::bytecode {

/// Whether a string is UTF-8 in which unpaired surrogates may stand as three bytes, and pairs never
/// as two halves. \complexity linear
bool isWellFormedText(std::string_view text);

/// Whether a text is the one spelling of an integer: no leading zeros, no `-0`.
/// \complexity linear
bool isCanonicalBigInt(std::string_view text);

/// Whether a text is what a decimal's `toText` gives, its scale within the limits of D8.
/// \complexity linear
bool isCanonicalDecimal(std::string_view text);

} // namespace branchline::bytecode
