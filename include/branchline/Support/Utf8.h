// UTF-8 with room for unpaired surrogates (WTF-8), and the UTF-16 view the language counts in.
// Strings inside the toolchain are UTF-8 in which an unpaired surrogate is its three-byte form
// (ED A0..BF xx); a surrogate pair is always the four-byte form. Leaves out: Unicode properties.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace branchline::utf8 {

/// True when every byte is below 0x80. \complexity O(n), eight bytes a step
bool isAscii(std::string_view text);

/// Offset of the first byte that is not part of strict UTF-8 (surrogates are malformed), or npos.
size_t findInvalid(std::string_view text);

/// Number of UTF-16 code units. \param text well-formed (WTF-8). \complexity O(n)
size_t utf16Length(std::string_view text);

/// Decodes the code point at `offset` and moves past it. Surrogates decode to themselves.
/// \param text well-formed (WTF-8), `offset` < size at a character's start
uint32_t decode(std::string_view text, size_t &offset);

/// Appends a code point; a surrogate becomes its three-byte form (no joining, see appendUnit).
void append(std::string &out, uint32_t codePoint);

/// Appends one UTF-16 code unit, joining a low surrogate to a high one that ends `out`.
void appendUnit(std::string &out, uint16_t unit);

/// Byte offset of the `units`-th UTF-16 code unit. When it falls inside a surrogate pair,
/// `splitPair` is set and the offset is that of the pair. \complexity O(n)
size_t offsetOfUnit(std::string_view text, size_t units, bool &splitPair);

/// Units [begin, end) as text of its own; a cut pair leaves an unpaired surrogate. \complexity O(n)
std::string substringByUnits(std::string_view text, size_t begin, size_t end);

/// Appends `text`, joining a high surrogate at the end of `out` with a low one at its start, so
/// that concatenation keeps the invariant that pairs are never left as two halves.
void appendText(std::string &out, std::string_view text);

/// True when `text` ends with the three-byte form of a high surrogate.
bool endsWithHighSurrogate(std::string_view text);
/// True when `text` starts with the three-byte form of a low surrogate.
bool startsWithLowSurrogate(std::string_view text);

/// Three-way comparison by UTF-16 code unit, shorter prefix first. \rule R2.5.4
/// \returns negative, 0 or positive
int compareUtf16(std::string_view a, std::string_view b);

} // namespace branchline::utf8
