// Base64 with the standard alphabet. Leaves out: the URL-safe alphabet and line breaks, which the
// decoder rejects.
#pragma once

#include "branchline/Support/Expected.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace branchline::runtime {

/// Why a text is not Base64; the program sees it as an IllegalArgumentException.
struct Base64Error {
  std::string message;
  size_t offset; // of the offending character, in UTF-16 units
};

/// Bytes as Base64, padded with `=`. \complexity O(n) \rule R3.7.17, R5.7.1
std::string base64Encode(std::string_view bytes);

/// The bytes of a Base64 text. Padding may be missing, surplus bits are ignored.
/// \errors a character outside the alphabet, misplaced padding, text behind the padding, a group of
/// one character
/// \complexity O(n)
/// \rule R3.7.18, R5.7.2, D20
Expected<std::string, Base64Error> base64Decode(std::string_view text);

} // namespace branchline::runtime
