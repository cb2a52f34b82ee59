// UTF-8/WTF-8 helpers; see Utf8.h for the string invariant they keep.
#include "branchline/Support/Utf8.h"

#include <algorithm>
#include <cstring>

namespace branchline::utf8 {

bool isAscii(std::string_view text) {
  const char *at = text.data();
  size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    if (word & 0x8080808080808080ull)
      return false;
  }
  for (; left > 0; ++at, --left)
    if (static_cast<unsigned char>(*at) >= 0x80)
      return false;
  return true;
}

size_t findInvalid(std::string_view text) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  auto continues = [&](size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  for (size_t i = 0; i < text.size();) {
    unsigned char b = byte(i);
    if (b < 0x80) {
      ++i;
    } else if (b >= 0xC2 && b <= 0xDF) {
      if (!continues(i + 1))
        return i;
      i += 2;
    } else if (b >= 0xE0 && b <= 0xEF) {
      if (!continues(i + 1) || !continues(i + 2))
        return i;
      if ((b == 0xE0 && byte(i + 1) < 0xA0) || (b == 0xED && byte(i + 1) > 0x9F))
        return i;
      i += 3;
    } else if (b >= 0xF0 && b <= 0xF4) {
      if (!continues(i + 1) || !continues(i + 2) || !continues(i + 3))
        return i;
      if ((b == 0xF0 && byte(i + 1) < 0x90) || (b == 0xF4 && byte(i + 1) > 0x8F))
        return i;
      i += 4;
    } else {
      return i;
    }
  }
  return std::string_view::npos;
}

size_t utf16Length(std::string_view text) {
  // Every character start is one unit, a four-byte character two.
  size_t units = 0;
  for (unsigned char b : text)
    units += static_cast<size_t>((b & 0xC0) != 0x80) + static_cast<size_t>(b >= 0xF0);
  return units;
}

uint32_t decode(std::string_view text, size_t &offset) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char b = byte(offset);
  if (b < 0x80) {
    ++offset;
    return b;
  }
  size_t length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
  if (offset + length > text.size()) {
    // A cut character can only come from a caller's bug; stay inside the text all the same.
    offset = text.size();
    return 0xFFFD;
  }
  uint32_t point = length == 4 ? b & 0x07u : length == 3 ? b & 0x0Fu : b & 0x1Fu;
  for (size_t i = 1; i < length; ++i)
    point = point << 6 | (byte(offset + i) & 0x3Fu);
  offset += length;
  return point;
}

void append(std::string &out, uint32_t point) {
  auto put = [&](uint32_t b) { out.push_back(static_cast<char>(b)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

bool endsWithHighSurrogate(std::string_view text) {
  size_t n = text.size();
  return n >= 3 && static_cast<unsigned char>(text[n - 3]) == 0xED &&
         (static_cast<unsigned char>(text[n - 2]) & 0xF0) == 0xA0;
}

bool startsWithLowSurrogate(std::string_view text) {
  return text.size() >= 3 && static_cast<unsigned char>(text[0]) == 0xED &&
         (static_cast<unsigned char>(text[1]) & 0xF0) == 0xB0;
}

void appendUnit(std::string &out, uint16_t unit) {
  if (unit >= 0xDC00 && unit <= 0xDFFF && endsWithHighSurrogate(out)) {
    size_t at = out.size() - 3;
    uint32_t high = decode(out, at);
    out.resize(out.size() - 3);
    append(out, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00u));
    return;
  }
  append(out, unit);
}

void appendText(std::string &out, std::string_view text) {
  if (startsWithLowSurrogate(text) && endsWithHighSurrogate(out)) {
    size_t at = 0;
    uint32_t low = decode(text, at);
    appendUnit(out, static_cast<uint16_t>(low));
    text.remove_prefix(3);
  }
  out.append(text);
}

size_t offsetOfUnit(std::string_view text, size_t units, bool &splitPair) {
  splitPair = false;
  size_t offset = 0;
  while (offset < text.size() && units > 0) {
    unsigned char b = static_cast<unsigned char>(text[offset]);
    if (b >= 0xF0) {
      if (units == 1) {
        splitPair = true;
        return offset;
      }
      units -= 2;
      offset += 4;
    } else {
      units -= 1;
      offset += b < 0x80 ? 1 : b >= 0xE0 ? 3 : 2;
    }
  }
  return std::min(offset, text.size());
}

std::string substringByUnits(std::string_view text, size_t begin, size_t end) {
  std::string out;
  if (begin >= end)
    return out;
  bool cutFront = false;
  size_t from = offsetOfUnit(text, begin, cutFront);
  size_t units = end - begin;
  if (cutFront) {
    size_t at = from;
    uint32_t point = decode(text, at);
    append(out, 0xDC00 + ((point - 0x10000) & 0x3FF));
    from = at;
    --units;
  }
  bool cutBack = false;
  std::string_view rest = text.substr(from);
  size_t length = offsetOfUnit(rest, units, cutBack);
  out.append(rest.substr(0, length));
  if (cutBack) {
    size_t at = length;
    uint32_t point = decode(rest, at);
    append(out, 0xD800 + ((point - 0x10000) >> 10));
  }
  return out;
}

int compareUtf16(std::string_view a, std::string_view b) {
  size_t shared = std::min(a.size(), b.size());
  size_t i = 0;
  while (i < shared && a[i] == b[i])
    ++i;
  if (i == shared)
    return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
  auto at = [](std::string_view s, size_t k) { return static_cast<unsigned char>(s[k]); };
  // Byte order is code point order. The two orders differ only where one side is a
  // supplementary character (units D800..DFFF) and the other lies in E000..FFFF.
  size_t start = i;
  while (start > 0 && (at(a, start) & 0xC0) == 0x80)
    --start;
  size_t pa = start, pb = start;
  uint32_t ca = decode(a, pa), cb = decode(b, pb);
  auto unit = [](uint32_t c) { return c >= 0x10000 ? 0xD800 + ((c - 0x10000) >> 10) : c; };
  uint32_t ua = unit(ca), ub = unit(cb);
  if (ua == ub) // the same high surrogate, or one side is an unpaired surrogate
    return ca < cb ? -1 : 1;
  return ua < ub ? -1 : 1;
}

} // namespace branchline::utf8
