// Edit distance with swaps (optimal string alignment) in three rows of a table.
#include "branchline/Lang/Spelling.h"

#include "branchline/Lang/Tokens.h"

#include <algorithm>
#include <array>

namespace branchline {
namespace {

constexpr size_t kLongest = 64;

char fold(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

} // namespace

size_t editDistance(std::string_view a, std::string_view b, size_t limit) {
  size_t apart = a.size() < b.size() ? b.size() - a.size() : a.size() - b.size();
  if (apart > limit || a.size() > kLongest || b.size() > kLongest)
    return limit + 1;
  std::array<std::array<size_t, kLongest + 1>, 3> rows{};
  for (size_t j = 0; j <= b.size(); ++j)
    rows[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    const auto &above = rows[(i - 1) % 3];
    const auto &twoAbove = rows[(i + 1) % 3];
    auto &row = rows[i % 3];
    row[0] = i;
    size_t best = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      bool same = fold(a[i - 1]) == fold(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1]))
        row[j] = std::min(row[j], twoAbove[j - 2] + 1);
      best = std::min(best, row[j]);
    }
    // A swap reaches over one row, so a row that is one above the limit may still come back.
    if (best > limit + 1)
      return limit + 1;
  }
  return std::min(rows[a.size() % 3][b.size()], limit + 1);
}

std::optional<std::string_view> closestKeyword(std::string_view word) {
  std::optional<std::string_view> closest;
  size_t limit = typoLimit(word);
  if (limit == 0)
    return std::nullopt;
  size_t best = limit + 1;
  for (const TokenInfo &row : kTokenTable) {
    if (row.tokenClass != TokenClass::Hard && row.tokenClass != TokenClass::Soft)
      continue;
    size_t distance = editDistance(word, row.text, limit);
    if (distance > 0 && distance < best) {
      best = distance;
      closest = row.text;
    }
  }
  return findKeyword(word) ? std::nullopt : closest;
}

} // namespace branchline
