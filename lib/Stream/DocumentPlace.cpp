// Counting sixteen bytes at once where the processor can; plain C++ does the same elsewhere.
#include "DocumentPlace.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace branchline::stream {
namespace {

#if defined(__SSE2__)

constexpr size_t kBlockBytes = 16;

/// What a block has, each byte counted as 0, -1 or -2.
struct LineFeeds {
  static __m128i count(__m128i bytes) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')); }
};

/// UTF-16 units: continuation bytes count nothing, the first of four bytes two.
struct Units {
  static __m128i count(__m128i bytes) {
    const __m128i begins = _mm_cmpgt_epi8(bytes, _mm_set1_epi8(static_cast<char>(0xBF)));
    const __m128i four = _mm_set1_epi8(static_cast<char>(0xF0));
    return _mm_add_epi8(begins, _mm_cmpeq_epi8(_mm_max_epu8(bytes, four), bytes));
  }
};

uint64_t sumOfBytes(__m128i bytes) {
  const __m128i halves = _mm_sad_epu8(bytes, _mm_setzero_si128());
  return static_cast<uint64_t>(_mm_cvtsi128_si64(halves)) +
         static_cast<uint64_t>(_mm_cvtsi128_si64(_mm_srli_si128(halves, 8)));
}

template <class What> uint64_t countIn(std::string_view text) {
  constexpr size_t kMaxRounds = 127; // a byte holds up to 255
  const auto load = [](const char *at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
  };
  uint64_t total = 0;
  __m128i lanes = _mm_setzero_si128();
  while (text.size() >= kBlockBytes) {
    const size_t rounds = std::min(kMaxRounds, text.size() / kBlockBytes);
    for (size_t round = 0; round < rounds; ++round)
      lanes = _mm_sub_epi8(lanes, What::count(load(text.data() + round * kBlockBytes)));
    text.remove_prefix(rounds * kBlockBytes);
    total += sumOfBytes(lanes);
    lanes = _mm_setzero_si128();
  }
  if (text.empty())
    return total;
  char rest[kBlockBytes];
  std::memset(rest, 0x80, sizeof(rest)); // counts nothing
  std::memcpy(rest, text.data(), text.size());
  return total + sumOfBytes(_mm_sub_epi8(lanes, What::count(load(rest))));
}

#else

struct LineFeeds {
  static unsigned count(uint8_t byte) { return byte == '\n'; }
};

struct Units {
  static unsigned count(uint8_t byte) { return ((byte & 0xC0) != 0x80) + (byte >= 0xF0); }
};

template <class What> uint64_t countIn(std::string_view text) {
  uint64_t total = 0;
  for (const char c : text)
    total += What::count(static_cast<uint8_t>(c));
  return total;
}

#endif

} // namespace

uint64_t countLineFeeds(std::string_view text) { return countIn<LineFeeds>(text); }

void DocumentPlace::advance(std::string_view text) {
  const uint64_t lines = countLineFeeds(text);
  if (lines != 0) {
    const size_t start = text.rfind('\n') + 1;
    units_ += countIn<Units>(text.substr(0, start));
    text.remove_prefix(start);
    line_ += lines;
    column_ = 1;
  }
  const uint64_t more = countIn<Units>(text);
  units_ += more;
  column_ += more;
}

} // namespace branchline::stream
