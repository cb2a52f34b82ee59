// Sixty-four bytes of JSON at once: which are brackets and commas outside of strings. Strings and
// escapes that cross blocks are carried over. Plain C++ does the same where the processor has no
// SSE2. Leaves out: whether the text is well-formed.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace branchline::stream {

/// One bit for each byte of a block, the first byte lowest.
struct BlockMasks {
  uint64_t opens;  // [ {
  uint64_t closes; // ] }
  uint64_t commas;
};

/// Walks over text by blocks. A block may have fewer bytes than 64, at any time.
class BlockScanner {
public:
  static constexpr size_t kBytes = 64;

  /// \param at    64 bytes may be read there. \param size  those that count, from 1 to 64
  BlockMasks scan(const char *at, size_t size) {
    const Raw raw = classify(at);
    const uint64_t valid = size == kBytes ? ~uint64_t(0) : (uint64_t(1) << size) - 1;
    const uint64_t quotes = raw.quotes & valid & ~escaped(raw.slashes & valid, size);
    const uint64_t strings = prefixXor(quotes) ^ inString_;
    inString_ = uint64_t(0) - (strings >> 63); // the last quote decides about all bits behind it
    const uint64_t outside = valid & ~strings;
    return {raw.opens & outside, raw.closes & outside, raw.commas & outside};
  }

  /// Whether the text so far ends inside of a string.
  bool inString() const { return inString_ != 0; }

private:
  struct Raw {
    uint64_t quotes, slashes, opens, closes, commas;
  };

  /// The bytes behind backslashes that are not themselves escaped.
  uint64_t escaped(uint64_t slashes, size_t size) {
    uint64_t mask = escapedNext_;
    escapedNext_ = 0;
    slashes &= ~mask;
    while (slashes != 0) { // there are few
      const auto at = static_cast<unsigned>(std::countr_zero(slashes));
      if (at + 1 == size) {
        escapedNext_ = 1;
        break;
      }
      const uint64_t next = uint64_t(2) << at;
      mask |= next;
      slashes &= (slashes - 1) & ~next;
    }
    return mask;
  }

  /// Bit i is the parity of the bits up to i.
  static uint64_t prefixXor(uint64_t mask) {
    for (unsigned shift = 1; shift < 64; shift *= 2)
      mask ^= mask << shift;
    return mask;
  }

#if defined(__SSE2__)
  static Raw classify(const char *at) {
    Raw raw{};
    for (unsigned i = 0; i < 4; ++i) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at) + i);
      // `[` and `]` differ from `{` and `}` in this one bit, as no other bytes do.
      const __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
      const auto equal = [i](__m128i block, char c) {
        const int mask = _mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(c)));
        return static_cast<uint64_t>(static_cast<unsigned>(mask)) << (16 * i);
      };
      raw.quotes |= equal(bytes, '"');
      raw.slashes |= equal(bytes, '\\');
      raw.opens |= equal(lower, '{');
      raw.closes |= equal(lower, '}');
      raw.commas |= equal(bytes, ',');
    }
    return raw;
  }
#else
  static Raw classify(const char *at) {
    Raw raw{};
    for (unsigned i = 0; i < kBytes; ++i) {
      const char c = at[i];
      raw.quotes |= uint64_t(c == '"') << i;
      raw.slashes |= uint64_t(c == '\\') << i;
      raw.opens |= uint64_t(c == '{' || c == '[') << i;
      raw.closes |= uint64_t(c == '}' || c == ']') << i;
      raw.commas |= uint64_t(c == ',') << i;
    }
    return raw;
  }
#endif

  uint64_t escapedNext_ = 0; // bit 0: the first byte of the next block is escaped
  uint64_t inString_ = 0;    // all bits: the next block begins inside of a string
};

} // namespace branchline::stream
