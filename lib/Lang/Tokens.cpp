// Keyword lookup over the rows of Tokens.def.
#include "branchline/Lang/Tokens.h"

#include <algorithm>
#include <cstddef>

namespace branchline {
namespace {

struct Keyword {
  std::string_view text;
  TokenKind kind;
};

constexpr auto kKeywords = [] {
  auto rows = std::to_array<Keyword>({
#define BL_KEYWORD(Name, Text, Hardness) {Text, TokenKind::Kw##Name},
#include "branchline/Lang/Tokens.def"
  });
  std::sort(rows.begin(), rows.end(),
            [](const Keyword &a, const Keyword &b) { return a.text < b.text; });
  return rows;
}();

constexpr size_t kLongest = [] {
  size_t longest = 0;
  for (const Keyword &keyword : kKeywords)
    longest = std::max(longest, keyword.text.size());
  return longest;
}();

} // namespace

std::optional<TokenKind> findKeyword(std::string_view word) {
  if (word.size() > kLongest)
    return std::nullopt;
  std::array<char, kLongest> folded;
  std::transform(word.begin(), word.end(), folded.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  std::string_view key(folded.data(), word.size());
  auto row = std::lower_bound(kKeywords.begin(), kKeywords.end(), key,
                              [](const Keyword &a, std::string_view b) { return a.text < b; });
  if (row == kKeywords.end() || row->text != key)
    return std::nullopt;
  return row->kind;
}

} // namespace branchline
