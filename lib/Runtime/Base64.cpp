// Base64 by table. Leaves out: streaming; values are whole in memory anyway.
#include "branchline/Runtime/Base64.h"

#include <array>
#include <cstdint>
#include <fmt/format.h>

namespace branchline::runtime {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr uint8_t kInvalid = 0xFF;

// Value of each byte as a Base64 character.
constexpr std::array<uint8_t, 256> kValues = [] {
  std::array<uint8_t, 256> values{};
  for (uint8_t &value : values)
    value = kInvalid;
  for (uint8_t i = 0; i < 64; ++i)
    values[static_cast<unsigned char>(kAlphabet[i])] = i;
  return values;
}();

uint8_t valueOf(char c) { return kValues[static_cast<unsigned char>(c)]; }

Unexpected<Base64Error> failure(const char *what, size_t offset) {
  return Unexpected(Base64Error{fmt::format("BASE64_DECODE: {} at {}", what, offset), offset});
}

} // namespace

std::string base64Encode(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '=');
  char *to = out.data();
  auto byte = [&](size_t i) { return uint32_t(static_cast<unsigned char>(bytes[i])); };
  size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    uint32_t group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    *to++ = kAlphabet[group >> 18];
    *to++ = kAlphabet[group >> 12 & 63];
    *to++ = kAlphabet[group >> 6 & 63];
    *to++ = kAlphabet[group & 63];
  }
  size_t left = bytes.size() - i;
  if (left > 0) {
    uint32_t group = byte(i) << 16 | (left == 2 ? byte(i + 1) << 8 : 0);
    *to++ = kAlphabet[group >> 18];
    *to++ = kAlphabet[group >> 12 & 63];
    if (left == 2)
      *to = kAlphabet[group >> 6 & 63];
  }
  return out;
}

Expected<std::string, Base64Error> base64Decode(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  char *to = out.data();
  size_t i = 0;
  // Whole groups; every character before an error is ASCII, so byte offsets are unit offsets.
  for (; i + 4 <= text.size(); i += 4) {
    uint32_t a = valueOf(text[i]), b = valueOf(text[i + 1]);
    uint32_t c = valueOf(text[i + 2]), d = valueOf(text[i + 3]);
    if ((a | b | c | d) & 0xC0)
      break;
    uint32_t group = a << 18 | b << 12 | c << 6 | d;
    *to++ = static_cast<char>(group >> 16);
    *to++ = static_cast<char>(group >> 8);
    *to++ = static_cast<char>(group);
  }
  // The last group, or the one with the error.
  uint32_t group = 0;
  unsigned count = 0;
  for (; i < text.size() && text[i] != '='; ++i) {
    uint8_t value = valueOf(text[i]);
    if (value == kInvalid)
      return failure("invalid character", i);
    group = group << 6 | value;
    ++count; // at most 3: a group of four is left over only because of an error in it
  }
  if (i < text.size()) { // at `=`
    if (count == 0)
      return failure("misplaced padding", i);
    if (count == 2 && (i + 1 == text.size() || text[i + 1] != '='))
      return failure("incomplete padding", i);
    i += count == 2 ? 2 : 1;
  }
  if (count == 1)
    return failure("incomplete group", i);
  if (i < text.size())
    return failure("text behind the padding", i);
  if (count >= 2)
    *to++ = static_cast<char>(count == 2 ? group >> 4 : group >> 10);
  if (count == 3)
    *to++ = static_cast<char>(group >> 2);
  out.resize(static_cast<size_t>(to - out.data()));
  return out;
}

} // namespace branchline::runtime
