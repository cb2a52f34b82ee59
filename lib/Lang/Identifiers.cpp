// Range lookup in the generated Unicode tables.
#include "branchline/Lang/Identifiers.h"

#include <algorithm>
#include <iterator>

namespace branchline {
namespace {

struct CodePointRange {
  uint32_t first;
  uint32_t last;
};

// Written by generate-xid-tables.py, which stands beside it.
#include "XidTables.inc"

template <size_t kSize> bool contains(const CodePointRange (&ranges)[kSize], uint32_t codePoint) {
  const CodePointRange *at =
      std::lower_bound(std::begin(ranges), std::end(ranges), codePoint,
                       [](const CodePointRange &range, uint32_t c) { return range.last < c; });
  return at != std::end(ranges) && at->first <= codePoint;
}

constexpr bool isAsciiLetter(uint32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

} // namespace

bool isIdentifierStart(uint32_t codePoint) {
  if (codePoint < 0x80)
    return isAsciiLetter(codePoint) || codePoint == '_';
  return contains(kXidStart, codePoint);
}

bool isIdentifierContinue(uint32_t codePoint) {
  if (codePoint < 0x80)
    return isAsciiLetter(codePoint) || codePoint == '_' || (codePoint >= '0' && codePoint <= '9');
  return contains(kXidContinue, codePoint);
}

} // namespace branchline
