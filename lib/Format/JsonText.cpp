// Escapes of JSON strings, blank texts and numeric keys.
#include "JsonText.h"

#include "branchline/Format/JsonReader.h"
#include "branchline/Support/Utf8.h"

#include <algorithm>

namespace branchline::format {
namespace {

/// The character of a one-letter escape, or 0.
char simpleEscape(char c) {
  switch (c) {
  case '"':
  case '\\':
  case '/':
    return c;
  case 'b':
    return '\b';
  case 'f':
    return '\f';
  case 'n':
    return '\n';
  case 'r':
    return '\r';
  case 't':
    return '\t';
  default:
    return 0;
  }
}

/// Reads `\uXXXX` and, after a high surrogate, its second half. \param raw starts at the backslash
/// \returns bytes consumed, or 0
size_t unescapeUnit(std::string &out, std::string_view raw) {
  if (raw.size() < 6)
    return 0;
  const int32_t unit = hexUnit(raw.data() + 2);
  if (unit < 0)
    return 0;
  if (!isHighSurrogate(unit)) {
    utf8::append(out, static_cast<uint32_t>(unit));
    return 6;
  }
  if (raw.size() < 12 || raw[6] != '\\' || raw[7] != 'u')
    return 0;
  const int32_t low = hexUnit(raw.data() + 8);
  if (!isLowSurrogate(low))
    return 0;
  utf8::append(out, joinSurrogates(unit, low));
  return 12;
}

bool isBlankPoint(uint32_t point) {
  return (point >= 0x09 && point <= 0x0D) || (point >= 0x1C && point <= 0x20) || point == 0xA0 ||
         point == 0x1680 || (point >= 0x2000 && point <= 0x200A) || point == 0x2028 ||
         point == 0x2029 || point == 0x202F || point == 0x205F || point == 0x3000;
}

} // namespace

int32_t hexUnit(const char *at) {
  int32_t unit = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at[i];
    const char lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9')
      unit = unit * 16 + (c - '0');
    else if (lower >= 'a' && lower <= 'f')
      unit = unit * 16 + (lower - 'a' + 10);
    else
      return -1;
  }
  return unit;
}

bool unescape(std::string &out, std::string_view raw) {
  while (!raw.empty()) {
    const size_t slash = std::min(raw.find('\\'), raw.size());
    out.append(raw.substr(0, slash));
    raw.remove_prefix(slash);
    if (raw.empty())
      return true;
    if (raw.size() < 2)
      return false;
    if (raw[1] == 'u') {
      const size_t used = unescapeUnit(out, raw);
      if (used == 0)
        return false;
      raw.remove_prefix(used);
      continue;
    }
    const char c = simpleEscape(raw[1]);
    if (c == 0)
      return false;
    out.push_back(c);
    raw.remove_prefix(2);
  }
  return true;
}

bool hasWrittenEscapes(std::string_view raw) {
  for (size_t at = raw.find('\\'); at != std::string_view::npos; at = raw.find('\\', at)) {
    const char letter = raw[at + 1];
    at += 2;
    if (letter == '/')
      return false;
    if (letter != 'u')
      continue;
    // Only control characters without a letter are written by number, in lower case.
    constexpr std::string_view kWithLetter = "89acd";
    const std::string_view unit = raw.substr(at, 4);
    const char last = unit[3];
    const bool isDigit = last >= '0' && last <= '9';
    const bool isControl =
        unit.starts_with("001") ||
        (unit.starts_with("000") && kWithLetter.find(last) == std::string_view::npos);
    if (!isControl || !(isDigit || (last >= 'a' && last <= 'f')))
      return false;
  }
  return true;
}

bool isNumericKey(std::string_view key) {
  if (key.empty() || (key.front() == '0' && key.size() > 1))
    return false;
  return std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isBlankText(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    // No character of the set is longer than three bytes. Malformed UTF-8 is never blank.
    const auto byte = static_cast<unsigned char>(text[at]);
    const size_t length = byte < 0x80 ? 1 : byte >= 0xE0 ? 3 : 2;
    if (byte >= 0xF0 || utf8::findInvalid(text.substr(at, length)) != std::string_view::npos ||
        !isBlankPoint(utf8::decode(text, at)))
      return false;
  }
  return true;
}

} // namespace branchline::format
