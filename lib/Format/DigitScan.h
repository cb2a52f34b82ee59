// Looking at the digits of numbers eight at a time: numbers of different lengths then take the same
// way through the code. Leaves out: numbers of more digits, and what a number means.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace branchline::format {

static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");

/// What may stand behind a number or literal; everything else there is an error.
inline bool endsScalar(char c) {
  static constexpr auto kEnds = [] {
    std::array<bool, 256> ends{};
    for (const char end : {',', '}', ']', ' ', '\n', '\r', '\t'})
      ends[static_cast<unsigned char>(end)] = true;
    return ends;
  }();
  return kEnds[static_cast<unsigned char>(c)];
}

/// Eight bytes of a text, those at the start being digits.
class EightBytes {
public:
  explicit EightBytes(const char *at) {
    std::memcpy(&values_, at, sizeof values_);
    values_ ^= 0x3030'3030'3030'3030;
    others_ = ((values_ + 0x7676'7676'7676'7676) | values_) & 0x8080'8080'8080'8080;
  }

  /// How many bytes are digits before the first that is none.
  unsigned digits() const { return indexOf(others_); }
  /// The second byte that is no digit; 8 when there is none.
  unsigned secondOther() const { return indexOf(others_ & (others_ - 1)); }
  /// Takes out the byte at `at`; less than eight are left.
  void remove(unsigned at) {
    const uint64_t before = (uint64_t(1) << (8 * at)) - 1;
    values_ = (values_ & before) | ((values_ >> 8) & ~before);
  }

  /// The number that the first `count` bytes make, digits all of them: at least one.
  uint64_t number(unsigned count) const {
    uint64_t v = values_ << (64 - 8 * count);
    v = v * 10 + (v >> 8); // pairs of digits in every other byte
    v = ((v & 0x0000'00FF'0000'00FF) * 0x000F'4240'0000'0064 +
         ((v >> 16) & 0x0000'00FF'0000'00FF) * 0x0000'2710'0000'0001) >>
        32;
    return v;
  }

private:
  static unsigned indexOf(uint64_t marks) {
    return static_cast<unsigned>(std::countr_zero(marks)) / 8;
  }

  uint64_t values_;
  uint64_t others_;
};

/// A number of at most seven digits with a fraction of at most seven, or of at most 15 digits
/// without one.
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

/// Powers of ten that are doubles; the result of one division by them is correctly rounded.
inline constexpr std::array<double, 19> kExactPowersOf10 = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
    1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};

/// \param at  kReads bytes of it may be read. \returns length 0 as well when the text is no number
[[gnu::always_inline]] inline ShortNumber readShortNumber(const char *at) {
  ShortNumber number;
  const char *begin = at;
  number.negative = *at == '-';
  at += number.negative;
  EightBytes bytes(at);
  number.whole = bytes.digits();
  if (number.whole == 0 || (*at == '0' && number.whole != 1))
    return number;
  if (number.whole == 8) {
    const EightBytes rest(at + 8);
    const unsigned more = rest.digits();
    if (more == 8 || at[8 + more] == '.')
      return number;
    number.digits = bytes.number(8);
    if (more != 0)
      number.digits = number.digits * kShortPowers[more] + rest.number(more);
    number.whole += more;
    at += number.whole;
  } else if (at[number.whole] != '.') {
    number.digits = bytes.number(number.whole);
    at += number.whole;
  } else if (const unsigned end = bytes.secondOther(); end != 8) {
    // The fraction ends in the same eight bytes: without the point they are one number.
    number.scale = end - number.whole - 1;
    if (number.scale == 0)
      return number;
    bytes.remove(number.whole);
    number.digits = bytes.number(end - 1);
    at += end;
  } else {
    at += number.whole + 1;
    const EightBytes fraction(at);
    number.scale = fraction.digits();
    if (number.scale == 0 || number.scale == 8)
      return number;
    number.digits =
        bytes.number(number.whole) * kShortPowers[number.scale] + fraction.number(number.scale);
    at += number.scale;
  }
  if (endsScalar(*at))
    number.length = static_cast<size_t>(at - begin);
  return number;
}

} // namespace branchline::format
