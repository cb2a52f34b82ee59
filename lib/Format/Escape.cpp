// Escaping by runs: bytes are copied as they are looked at, until one is special.
#include "Escape.h"

#include "ByteScan.h"
#include "TextSink.h"

#include "branchline/Support/Utf8.h"

#include <algorithm>

namespace branchline::format {
namespace {

/// Most bytes copied between two looks at the room that is left.
constexpr size_t kPiece = 4096;
constexpr size_t kMaxEscape = 6;

bool isSpecial(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == '"' || byte == '\\' || byte == 0xED;
}

size_t copyBytewise(const char *from, size_t length, char *to) {
  size_t i = 0;
  for (; i < length && !isSpecial(from[i]); ++i)
    to[i] = from[i];
  return i;
}

uint64_t load8(const char *from) {
  uint64_t word;
  std::memcpy(&word, from, 8);
  return word;
}

uint32_t load4(const char *from) {
  uint32_t word;
  std::memcpy(&word, from, 4);
  return word;
}

/// Short texts: two loads that overlap see all of it.
size_t copyShort(const char *from, size_t length, char *to) {
  if (length >= 8) {
    const uint64_t first = load8(from), last = load8(from + length - 8);
    if ((specialBytes8(first) | specialBytes8(last)) == 0) {
      std::memcpy(to, &first, 8);
      std::memcpy(to + length - 8, &last, 8);
      return length;
    }
  } else if (length >= 4) {
    const uint32_t first = load4(from), last = load4(from + length - 4);
    if (specialBytes8(uint64_t(last) << 32 | first) == 0) {
      std::memcpy(to, &first, 4);
      std::memcpy(to + length - 4, &last, 4);
      return length;
    }
  }
  return copyBytewise(from, length, to);
}

/// Copies up to the first special byte. \returns bytes copied
size_t copyPlain(const char *from, size_t length, char *to) {
  if (length < 16)
    return copyShort(from, length, to);
  size_t i = 0;
  for (; i + 16 <= length; i += 16)
    if (const unsigned mask = specialBytes16(from + i, to + i))
      return i + static_cast<size_t>(std::countr_zero(mask));
  if (i == length)
    return length;
  const size_t last = length - 16; // overlaps bytes that are known to be plain
  if (const unsigned mask = specialBytes16(from + last, to + last))
    return last + static_cast<size_t>(std::countr_zero(mask));
  return length;
}

char *putUnit(char *to, uint32_t unit, bool upperCase) {
  const char *digits = upperCase ? "0123456789ABCDEF" : "0123456789abcdef";
  *to++ = '\\';
  *to++ = 'u';
  for (int shift = 12; shift >= 0; shift -= 4)
    *to++ = digits[unit >> shift & 0xF];
  return to;
}

/// The letter of a two-character escape, or 0.
char escapeLetter(char c) {
  switch (c) {
  case '\b':
    return 'b';
  case '\t':
    return 't';
  case '\n':
    return 'n';
  case '\f':
    return 'f';
  case '\r':
    return 'r';
  default:
    return 0;
  }
}

/// Writes the special character at the start of `text`. \returns bytes of `text` it takes
size_t putSpecial(char *&to, std::string_view text, JsonFormat format) {
  const char c = text.front();
  const auto byte = static_cast<unsigned char>(c);
  if (byte == 0xED) {
    const size_t length = std::min<size_t>(3, text.size());
    size_t at = 0;
    const uint32_t point = utf8::decode(text, at);
    if (point >= 0xD800 && point <= 0xDFFF) {
      to = putUnit(to, point, false);
    } else {
      std::memcpy(to, text.data(), length);
      to += length;
    }
    return length;
  }
  if (byte >= 0x20) {
    *to++ = '\\';
    *to++ = c;
    return 1;
  }
  const bool canonical = format == JsonFormat::Canonical;
  if (const char letter = canonical ? '\0' : escapeLetter(c)) {
    *to++ = '\\';
    *to++ = letter;
  } else {
    to = putUnit(to, byte, canonical);
  }
  return 1;
}

} // namespace

void writeQuoted(TextSink &sink, std::string_view text, JsonFormat format) {
  sink.put('"');
  for (;;) {
    // One look at the room for a whole piece; most strings are one piece.
    const size_t piece = std::min(text.size(), kPiece);
    char *to = sink.room(piece + kMaxEscape + 1);
    const size_t copied = copyPlain(text.data(), piece, to);
    to += copied;
    text.remove_prefix(copied);
    if (text.empty()) {
      *to++ = '"';
      sink.advanceTo(to);
      return;
    }
    if (copied != piece)
      text.remove_prefix(putSpecial(to, text, format));
    sink.advanceTo(to);
  }
}

void writeReplacingSurrogates(TextSink &sink, std::string_view text) {
  while (!text.empty()) {
    const size_t at = std::min(text.find('\xED'), text.size());
    sink.put(text.substr(0, at));
    text.remove_prefix(at);
    if (text.empty())
      return;
    size_t length = 0;
    const uint32_t point = utf8::decode(text, length);
    if (point >= 0xD800 && point <= 0xDFFF)
      sink.put('?');
    else
      sink.put(text.substr(0, length));
    text.remove_prefix(length);
  }
}

} // namespace branchline::format
