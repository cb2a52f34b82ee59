// Looking at the bytes of strings sixteen at a time. Plain C++ does the same where the processor
// has no SSE2. Leaves out: what is done about the bytes that are found.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace branchline::format {

/// What a reader wants to know about the bytes between two quotes.
struct StringFacts {
  bool hasBackslash;
  bool isAscii;
};

inline StringFacts inspectBytes(const char *at, size_t length) {
  unsigned seen = 0;
  bool backslash = false;
  for (size_t i = 0; i < length; ++i) {
    seen |= static_cast<unsigned char>(at[i]);
    backslash |= at[i] == '\\';
  }
  return {backslash, seen < 0x80};
}

#if defined(__SSE2__)

/// \param end  bytes up to here may be read, though they are not looked at
inline StringFacts inspectString(const char *at, size_t length, const char *end) {
  auto load = [](const char *from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i *>(from));
  };
  const __m128i slash = _mm_set1_epi8('\\');
  if (length <= 16) {
    if (end - at < 16)
      return inspectBytes(at, length);
    const __m128i block = load(at);
    const unsigned mask = (1u << length) - 1;
    const unsigned slashes = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(block, slash)));
    const unsigned high = static_cast<unsigned>(_mm_movemask_epi8(block));
    return {(slashes & mask) != 0, (high & mask) == 0};
  }
  // The last block overlaps the one before it.
  __m128i seen = load(at + length - 16);
  __m128i slashes = _mm_cmpeq_epi8(seen, slash);
  for (size_t i = 0; i + 16 < length; i += 16) {
    const __m128i block = load(at + i);
    seen = _mm_or_si128(seen, block);
    slashes = _mm_or_si128(slashes, _mm_cmpeq_epi8(block, slash));
  }
  return {_mm_movemask_epi8(slashes) != 0, _mm_movemask_epi8(seen) == 0};
}

/// One bit for each of 32 bytes: whether it is the same in both texts.
inline uint32_t equalBytes32(const char *a, const char *b) {
  auto equal = [](const char *x, const char *y) {
    const __m128i left = _mm_loadu_si128(reinterpret_cast<const __m128i *>(x));
    const __m128i right = _mm_loadu_si128(reinterpret_cast<const __m128i *>(y));
    return static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(left, right)));
  };
  return equal(a, b) | equal(a + 16, b + 16) << 16;
}

/// One bit for each of sixteen bytes that a JSON writer cannot copy as it is: control characters,
/// quote, backslash, and ED, the first byte of unpaired surrogates (and of some Hangul).
inline unsigned specialBytes16(const char *from, char *to) {
  const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i *>(from));
  _mm_storeu_si128(reinterpret_cast<__m128i *>(to), block);
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
  const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const __m128i slash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  const __m128i surrogate = _mm_cmpeq_epi8(block, _mm_set1_epi8(static_cast<char>(0xED)));
  const __m128i any = _mm_or_si128(_mm_or_si128(control, quote), _mm_or_si128(slash, surrogate));
  return static_cast<unsigned>(_mm_movemask_epi8(any));
}

#else

inline StringFacts inspectString(const char *at, size_t length, const char *) {
  return inspectBytes(at, length);
}

inline uint32_t equalBytes32(const char *a, const char *b) {
  uint32_t mask = 0;
  for (unsigned i = 0; i < 32; ++i)
    mask |= uint32_t(a[i] == b[i]) << i;
  return mask;
}

inline unsigned specialBytes16(const char *from, char *to) {
  std::memcpy(to, from, 16);
  unsigned mask = 0;
  for (unsigned i = 0; i < 16; ++i) {
    const auto byte = static_cast<unsigned char>(from[i]);
    mask |= unsigned(byte < 0x20 || byte == '"' || byte == '\\' || byte == 0xED) << i;
  }
  return mask;
}

#endif

/// The same question about eight bytes held in a word; not zero when one of them is special.
inline uint64_t specialBytes8(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101'0101'0101'0101;
  constexpr uint64_t kHighs = 0x8080'8080'8080'8080;
  auto zero = [](uint64_t x) { return (x - kOnes) & ~x & kHighs; };
  const uint64_t control = (word - kOnes * 0x20) & ~word & kHighs;
  return control | zero(word ^ kOnes * '"') | zero(word ^ kOnes * '\\') | zero(word ^ kOnes * 0xED);
}

} // namespace branchline::format
