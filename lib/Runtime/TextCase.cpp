// Case mapping: simple mappings from utf8proc, the unconditional one-to-many mappings of Unicode's
// SpecialCasing from the table below, and the condition for the final sigma.
#include "branchline/Runtime/TextCase.h"

#include "branchline/Support/Utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <utf8proc.h>

namespace branchline::runtime {
namespace {

// One character whose upper case is several; unused places are 0.
struct Expansion {
  uint32_t point;
  uint32_t upper[3];
};

constexpr Expansion kExpansions[] = {
    {0x00DF, {0x0053, 0x0053}},         {0x0149, {0x02BC, 0x004E}},
    {0x01F0, {0x004A, 0x030C}},         {0x0390, {0x0399, 0x0308, 0x0301}},
    {0x03B0, {0x03A5, 0x0308, 0x0301}}, {0x0587, {0x0535, 0x0552}},
    {0x1E96, {0x0048, 0x0331}},         {0x1E97, {0x0054, 0x0308}},
    {0x1E98, {0x0057, 0x030A}},         {0x1E99, {0x0059, 0x030A}},
    {0x1E9A, {0x0041, 0x02BE}},         {0x1F50, {0x03A5, 0x0313}},
    {0x1F52, {0x03A5, 0x0313, 0x0300}}, {0x1F54, {0x03A5, 0x0313, 0x0301}},
    {0x1F56, {0x03A5, 0x0313, 0x0342}}, {0x1F80, {0x1F08, 0x0399}},
    {0x1F81, {0x1F09, 0x0399}},         {0x1F82, {0x1F0A, 0x0399}},
    {0x1F83, {0x1F0B, 0x0399}},         {0x1F84, {0x1F0C, 0x0399}},
    {0x1F85, {0x1F0D, 0x0399}},         {0x1F86, {0x1F0E, 0x0399}},
    {0x1F87, {0x1F0F, 0x0399}},         {0x1F88, {0x1F08, 0x0399}},
    {0x1F89, {0x1F09, 0x0399}},         {0x1F8A, {0x1F0A, 0x0399}},
    {0x1F8B, {0x1F0B, 0x0399}},         {0x1F8C, {0x1F0C, 0x0399}},
    {0x1F8D, {0x1F0D, 0x0399}},         {0x1F8E, {0x1F0E, 0x0399}},
    {0x1F8F, {0x1F0F, 0x0399}},         {0x1F90, {0x1F28, 0x0399}},
    {0x1F91, {0x1F29, 0x0399}},         {0x1F92, {0x1F2A, 0x0399}},
    {0x1F93, {0x1F2B, 0x0399}},         {0x1F94, {0x1F2C, 0x0399}},
    {0x1F95, {0x1F2D, 0x0399}},         {0x1F96, {0x1F2E, 0x0399}},
    {0x1F97, {0x1F2F, 0x0399}},         {0x1F98, {0x1F28, 0x0399}},
    {0x1F99, {0x1F29, 0x0399}},         {0x1F9A, {0x1F2A, 0x0399}},
    {0x1F9B, {0x1F2B, 0x0399}},         {0x1F9C, {0x1F2C, 0x0399}},
    {0x1F9D, {0x1F2D, 0x0399}},         {0x1F9E, {0x1F2E, 0x0399}},
    {0x1F9F, {0x1F2F, 0x0399}},         {0x1FA0, {0x1F68, 0x0399}},
    {0x1FA1, {0x1F69, 0x0399}},         {0x1FA2, {0x1F6A, 0x0399}},
    {0x1FA3, {0x1F6B, 0x0399}},         {0x1FA4, {0x1F6C, 0x0399}},
    {0x1FA5, {0x1F6D, 0x0399}},         {0x1FA6, {0x1F6E, 0x0399}},
    {0x1FA7, {0x1F6F, 0x0399}},         {0x1FA8, {0x1F68, 0x0399}},
    {0x1FA9, {0x1F69, 0x0399}},         {0x1FAA, {0x1F6A, 0x0399}},
    {0x1FAB, {0x1F6B, 0x0399}},         {0x1FAC, {0x1F6C, 0x0399}},
    {0x1FAD, {0x1F6D, 0x0399}},         {0x1FAE, {0x1F6E, 0x0399}},
    {0x1FAF, {0x1F6F, 0x0399}},         {0x1FB2, {0x1FBA, 0x0399}},
    {0x1FB3, {0x0391, 0x0399}},         {0x1FB4, {0x0386, 0x0399}},
    {0x1FB6, {0x0391, 0x0342}},         {0x1FB7, {0x0391, 0x0342, 0x0399}},
    {0x1FBC, {0x0391, 0x0399}},         {0x1FC2, {0x1FCA, 0x0399}},
    {0x1FC3, {0x0397, 0x0399}},         {0x1FC4, {0x0389, 0x0399}},
    {0x1FC6, {0x0397, 0x0342}},         {0x1FC7, {0x0397, 0x0342, 0x0399}},
    {0x1FCC, {0x0397, 0x0399}},         {0x1FD2, {0x0399, 0x0308, 0x0300}},
    {0x1FD3, {0x0399, 0x0308, 0x0301}}, {0x1FD6, {0x0399, 0x0342}},
    {0x1FD7, {0x0399, 0x0308, 0x0342}}, {0x1FE2, {0x03A5, 0x0308, 0x0300}},
    {0x1FE3, {0x03A5, 0x0308, 0x0301}}, {0x1FE4, {0x03A1, 0x0313}},
    {0x1FE6, {0x03A5, 0x0342}},         {0x1FE7, {0x03A5, 0x0308, 0x0342}},
    {0x1FF2, {0x1FFA, 0x0399}},         {0x1FF3, {0x03A9, 0x0399}},
    {0x1FF4, {0x038F, 0x0399}},         {0x1FF6, {0x03A9, 0x0342}},
    {0x1FF7, {0x03A9, 0x0342, 0x0399}}, {0x1FFC, {0x03A9, 0x0399}},
    {0xFB00, {0x0046, 0x0046}},         {0xFB01, {0x0046, 0x0049}},
    {0xFB02, {0x0046, 0x004C}},         {0xFB03, {0x0046, 0x0046, 0x0049}},
    {0xFB04, {0x0046, 0x0046, 0x004C}}, {0xFB05, {0x0053, 0x0054}},
    {0xFB06, {0x0053, 0x0054}},         {0xFB13, {0x0544, 0x0546}},
    {0xFB14, {0x0544, 0x0535}},         {0xFB15, {0x0544, 0x053B}},
    {0xFB16, {0x054E, 0x0546}},         {0xFB17, {0x0544, 0x053D}},
};

struct Range {
  uint32_t low, high;
};

// Cased characters beyond the categories Lu, Ll and Lt: Other_Lowercase and Other_Uppercase.
constexpr Range kOtherCased[] = {
    {0x00AA, 0x00AA},   {0x00BA, 0x00BA},   {0x02B0, 0x02B8},   {0x02C0, 0x02C1},
    {0x02E0, 0x02E4},   {0x0345, 0x0345},   {0x037A, 0x037A},   {0x1D2C, 0x1D6A},
    {0x1D78, 0x1D78},   {0x1D9B, 0x1DBF},   {0x2071, 0x2071},   {0x207F, 0x207F},
    {0x2090, 0x209C},   {0x2160, 0x217F},   {0x24B6, 0x24E9},   {0x2C7C, 0x2C7D},
    {0xA69C, 0xA69D},   {0xA770, 0xA770},   {0xA7F8, 0xA7F9},   {0xAB5C, 0xAB5F},
    {0x10780, 0x10780}, {0x10783, 0x10785}, {0x10787, 0x107B0}, {0x107B2, 0x107BA},
    {0x1E030, 0x1E06D}, {0x1F130, 0x1F149}, {0x1F150, 0x1F169}, {0x1F170, 0x1F189},
};

// Case-ignorable characters beyond the categories Mn, Me, Cf, Lm and Sk: those that may stand in
// the middle of a word.
constexpr Range kOtherIgnorable[] = {
    {0x0027, 0x0027}, {0x002E, 0x002E}, {0x003A, 0x003A}, {0x00B7, 0x00B7},
    {0x0387, 0x0387}, {0x055F, 0x055F}, {0x05F4, 0x05F4}, {0x2018, 0x2019},
    {0x2024, 0x2024}, {0x2027, 0x2027}, {0xFE13, 0xFE13}, {0xFE52, 0xFE52},
    {0xFE55, 0xFE55}, {0xFF07, 0xFF07}, {0xFF0E, 0xFF0E}, {0xFF1A, 0xFF1A},
};

constexpr uint32_t kSigma = 0x03A3;
constexpr uint32_t kSmallSigma = 0x03C3;
constexpr uint32_t kFinalSigma = 0x03C2;

template <size_t N> bool isIn(const Range (&ranges)[N], uint32_t point) {
  auto at = std::lower_bound(std::begin(ranges), std::end(ranges), point,
                             [](const Range &range, uint32_t value) { return range.high < value; });
  return at != std::end(ranges) && at->low <= point;
}

utf8proc_category_t categoryOf(uint32_t point) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(point));
}

bool isCased(uint32_t point) {
  utf8proc_category_t category = categoryOf(point);
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
         category == UTF8PROC_CATEGORY_LT || isIn(kOtherCased, point);
}

bool isCaseIgnorable(uint32_t point) {
  utf8proc_category_t category = categoryOf(point);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ||
         category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_LM ||
         category == UTF8PROC_CATEGORY_SK || isIn(kOtherIgnorable, point);
}

// A cased letter before `offset`, with nothing but case-ignorable characters between.
bool casedBefore(std::string_view text, size_t offset) {
  while (offset > 0) {
    do
      --offset;
    while (offset > 0 && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80);
    size_t at = offset;
    uint32_t point = utf8::decode(text, at);
    if (isCased(point))
      return true;
    if (!isCaseIgnorable(point))
      return false;
  }
  return false;
}

bool casedAfter(std::string_view text, size_t offset) {
  while (offset < text.size()) {
    uint32_t point = utf8::decode(text, offset);
    if (isCased(point))
      return true;
    if (!isCaseIgnorable(point))
      return false;
  }
  return false;
}

void appendUpper(std::string &out, uint32_t point) {
  auto found =
      std::lower_bound(std::begin(kExpansions), std::end(kExpansions), point,
                       [](const Expansion &row, uint32_t value) { return row.point < value; });
  if (found != std::end(kExpansions) && found->point == point) {
    for (uint32_t part : found->upper)
      if (part != 0)
        utf8::append(out, part);
    return;
  }
  utf8::append(out, static_cast<uint32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(point))));
}

void appendLower(std::string &out, uint32_t point) {
  if (point == 0x0130) { // the only one-to-many mapping to lower case
    out += "i\u0307";
    return;
  }
  utf8::append(out, static_cast<uint32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(point))));
}

// Writes the run of ASCII characters that `text` begins with, those in [first, first + 26) in the
// other case. Returns its length.
size_t changeAscii(char *to, std::string_view text, char first) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHigh = 0x8080808080808080;
  const uint64_t below = kOnes * (0x80 - static_cast<uint64_t>(first));
  const uint64_t above = kOnes * (0x80 - static_cast<uint64_t>(first) - 26);
  size_t at = 0;
  for (; text.size() - at >= 8; at += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    if (word & kHigh)
      break;
    // The high bit of each byte: at least `first`, and not past the 26th letter.
    const uint64_t letters = ((word + below) & ~(word + above)) & kHigh;
    word ^= letters >> 2; // the case bit, 0x20
    std::memcpy(to + at, &word, 8);
  }
  for (; at < text.size() && static_cast<unsigned char>(text[at]) < 0x80; ++at) {
    const char c = text[at];
    to[at] = c >= first && c < first + 26 ? static_cast<char>(c ^ 0x20) : c;
  }
  return at;
}

// The same into an empty string. Returns how many characters there were.
size_t beginAscii(std::string &out, std::string_view text, char first) {
  out.resize(text.size());
  const size_t length = changeAscii(out.data(), text, first);
  out.resize(length);
  return length;
}

} // namespace

std::string upperCase(std::string_view text) {
  std::string out;
  size_t offset = beginAscii(out, text, 'a');
  while (offset < text.size()) {
    unsigned char byte = static_cast<unsigned char>(text[offset]);
    if (byte < 0x80) {
      out += byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 0x20) : static_cast<char>(byte);
      ++offset;
    } else {
      appendUpper(out, utf8::decode(text, offset));
    }
  }
  return out;
}

void upperCaseAscii(char *to, std::string_view text) { changeAscii(to, text, 'a'); }

void lowerCaseAscii(char *to, std::string_view text) { changeAscii(to, text, 'A'); }

std::string lowerCase(std::string_view text) {
  std::string out;
  size_t offset = beginAscii(out, text, 'A');
  while (offset < text.size()) {
    unsigned char byte = static_cast<unsigned char>(text[offset]);
    if (byte < 0x80) {
      out += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 0x20) : static_cast<char>(byte);
      ++offset;
      continue;
    }
    size_t start = offset;
    uint32_t point = utf8::decode(text, offset);
    if (point == kSigma) {
      bool last = casedBefore(text, start) && !casedAfter(text, offset);
      utf8::append(out, last ? kFinalSigma : kSmallSigma);
    } else {
      appendLower(out, point);
    }
  }
  return out;
}

} // namespace branchline::runtime
