// Helpers about JSON text that the reader and the diagnosing parser share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace branchline::format {

/// Appends the characters that the inside of a JSON string stands for. Unpaired low surrogates are
/// kept in their three-byte form.
/// \param raw  between the quotes; control characters were excluded before
/// \returns    false when an escape is malformed. \rule R5.2.3
bool unescape(std::string &out, std::string_view raw);

/// Whether every escape is the one a writer takes for its character. \param raw  as for `unescape`,
/// well-formed. \rule R5.4.4
bool hasWrittenEscapes(std::string_view raw);

/// How long the literal at `at` is: true, false or null; 0 when there is none.
/// \param left  bytes that may be read
inline size_t literalLength(const char *at, size_t left) {
  if (left < 4)
    return 0;
  if (std::memcmp(at, "null", 4) == 0 || std::memcmp(at, "true", 4) == 0)
    return 4;
  return left > 4 && std::memcmp(at, "fals", 4) == 0 && at[4] == 'e' ? 5 : 0;
}

/// The value of four hex digits at `at`, or -1. \param at at least four bytes
int32_t hexUnit(const char *at);

/// Whether a key becomes an integer in numeric key mode: `0 | [1-9][0-9]*`. \rule R5.2.11
bool isNumericKey(std::string_view key);

inline bool isHighSurrogate(int32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
inline bool isLowSurrogate(int32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }
/// The character of a surrogate pair.
inline uint32_t joinSurrogates(int32_t high, int32_t low) {
  return 0x10000u + (static_cast<uint32_t>(high - 0xD800) << 10) +
         static_cast<uint32_t>(low - 0xDC00);
}

} // namespace branchline::format
