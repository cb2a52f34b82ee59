// Counting in lanes of bytes, which compilers turn into vector instructions.
#include "DocumentPlace.h"

#include <algorithm>
#include <cstddef>

namespace branchline::stream {
namespace {

/// The sum over a text of what `count` gives for a byte: 0, 1 or 2.
template <class Count> uint64_t sumOver(std::string_view text, Count count) {
  constexpr size_t kLanes = 32;
  constexpr size_t kMaxRounds = 127; // a lane holds up to 255
  uint64_t total = 0;
  while (text.size() >= kLanes) {
    uint8_t lanes[kLanes] = {};
    const size_t rounds = std::min(kMaxRounds, text.size() / kLanes);
    const char *at = text.data();
    for (size_t round = 0; round < rounds; ++round, at += kLanes)
      for (size_t lane = 0; lane < kLanes; ++lane)
        lanes[lane] = static_cast<uint8_t>(lanes[lane] + count(static_cast<uint8_t>(at[lane])));
    for (const uint8_t lane : lanes)
      total += lane;
    text.remove_prefix(rounds * kLanes);
  }
  for (const char c : text)
    total += count(static_cast<uint8_t>(c));
  return total;
}

/// Continuation bytes count nothing, the first of four bytes two.
uint64_t countUnits(std::string_view text) {
  return sumOver(text, [](uint8_t byte) {
    return static_cast<uint8_t>(((byte & 0xC0) != 0x80) + (byte >= 0xF0));
  });
}

} // namespace

uint64_t countLineFeeds(std::string_view text) {
  return sumOver(text, [](uint8_t byte) { return static_cast<uint8_t>(byte == '\n'); });
}

void DocumentPlace::advance(std::string_view text) {
  const uint64_t lines = countLineFeeds(text);
  if (lines != 0) {
    const size_t start = text.rfind('\n') + 1;
    units_ += countUnits(text.substr(0, start));
    text.remove_prefix(start);
    line_ += lines;
    column_ = 1;
  }
  const uint64_t more = countUnits(text);
  units_ += more;
  column_ += more;
}

} // namespace branchline::stream
