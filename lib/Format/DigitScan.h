// Looking at the digits of numbers eight at a time: numbers of different lengths then take the same
// way through the code. Leaves out: numbers of more digits, and what a number means.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace branchline::format {

static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");

/// What may stand behind a number or literal; everything else there is an error.
inline bool endsScalar(char c) {
  return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// Eight bytes of a text and how many of them are digits before the first that is none.
class EightBytes {
public:
  explicit EightBytes(const char *at) {
    std::memcpy(&values_, at, sizeof values_);
    values_ ^= 0x3030'3030'3030'3030;
    const uint64_t others = ((values_ + 0x7676'7676'7676'7676) | values_) & 0x8080'8080'8080'8080;
    count_ = static_cast<unsigned>(std::countr_zero(others)) / 8;
  }

  unsigned digits() const { return count_; }

  /// The number that the digits make; at least one and less than eight of them.
  uint64_t number() const {
    uint64_t v = values_ << (64 - 8 * count_);
    v = v * 10 + (v >> 8); // pairs of digits in every other byte
    v = ((v & 0x0000'00FF'0000'00FF) * 0x000F'4240'0000'0064 +
         ((v >> 16) & 0x0000'00FF'0000'00FF) * 0x0000'2710'0000'0001) >>
        32;
    return v;
  }

private:
  uint64_t values_;
  unsigned count_;
};

/// A number of at most seven digits with a fraction of at most seven.
struct ShortNumber {
  /// Bytes that `readShortNumber` may read.
  static constexpr ptrdiff_t kReads = 24;

  size_t length = 0;   // of its text; 0 when it is none of these
  uint64_t digits = 0; // all of them as one number
  unsigned whole = 0;  // digits before the point
  unsigned scale = 0;  // and behind it
  bool negative = false;
};

/// Powers of ten up to the largest scale of a ShortNumber.
inline constexpr uint64_t kShortPowers[] = {1,      10,      100,       1'000,
                                            10'000, 100'000, 1'000'000, 10'000'000};

/// \param at  kReads bytes of it may be read. \returns length 0 as well when the text is no number
[[gnu::always_inline]] inline ShortNumber readShortNumber(const char *at) {
  ShortNumber number;
  const char *begin = at;
  number.negative = *at == '-';
  at += number.negative;
  const EightBytes whole(at);
  number.whole = whole.digits();
  if (number.whole == 0 || number.whole == 8 || (*at == '0' && number.whole != 1))
    return number;
  number.digits = whole.number();
  at += number.whole;
  if (*at == '.') {
    const EightBytes fraction(at + 1);
    number.scale = fraction.digits();
    if (number.scale == 0 || number.scale == 8)
      return number;
    number.digits = number.digits * kShortPowers[number.scale] + fraction.number();
    at += number.scale + 1;
  }
  if (endsScalar(*at))
    number.length = static_cast<size_t>(at - begin);
  return number;
}

} // namespace branchline::format
