// How far two spellings are apart, for "did you mean" notes of the parser and of Sema.
// Leaves out: the choice of candidates, which only the caller knows.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace branchline {

/// Edits between two texts without regard to ASCII case: insert, remove, replace a byte, or swap
/// two neighbours; gives up early.
/// \returns the number of edits, or `limit + 1` when there are more than `limit`
/// \complexity O(length of a * length of b), at most 64 bytes each; longer texts are never close
size_t editDistance(std::string_view a, std::string_view b, size_t limit);

/// How many edits still make `word` look like a typing error: none below three bytes, one below
/// six, two from there on.
constexpr size_t typoLimit(std::string_view word) {
  return word.size() < 3 ? 0 : word.size() < 6 ? 1 : 2;
}

/// The keyword whose spelling is nearest to `word`, when `word` is not one itself and the distance
/// is within `typoLimit`.
std::optional<std::string_view> closestKeyword(std::string_view word);

} // namespace branchline
