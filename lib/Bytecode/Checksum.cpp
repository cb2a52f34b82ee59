// A 64-bit hash over the bytes of a file, eight at a time. Every step is a bijection of the state,
// so a single changed lane always changes the result.
#include "Layout.h"

#include <bit>

namespace branchline::bytecode {

uint64_t checksum(std::string_view bytes) {
  constexpr uint64_t kFirst = 0x9E3779B97F4A7C15, kSecond = 0xD6E8FEB86659FD93;
  uint64_t state = bytes.size() * kFirst;
  auto mix = [&](uint64_t lane) { state = std::rotl(state ^ (lane * kSecond), 29) * kFirst; };
  size_t at = 0;
  for (; bytes.size() - at >= 8; at += 8)
    mix(readFixed<uint64_t>(bytes, at));
  uint64_t rest = 0;
  for (size_t i = 0; at + i < bytes.size(); ++i)
    rest |= uint64_t(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  mix(rest);
  state ^= state >> 32;
  state *= kSecond;
  return state ^ state >> 29;
}

} // namespace branchline::bytecode
