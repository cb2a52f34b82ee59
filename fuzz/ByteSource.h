// Decisions out of the bytes of a fuzzer. When they are used up every decision is the first
// alternative, so that whoever makes something of them puts the simplest one first and comes to an
// end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace branchline::fuzz {

class ByteSource {
public:
  /// \param bytes  borrowed
  explicit ByteSource(std::string_view bytes) : bytes_(bytes) {}

  bool isEmpty() const { return at_ >= bytes_.size(); }
  uint8_t byte() { return isEmpty() ? 0 : static_cast<uint8_t>(bytes_[at_++]); }
  /// One of `count` alternatives, at most 256.
  unsigned pick(size_t count) { return byte() % static_cast<unsigned>(count); }
  /// True once in `count` times, never when the bytes are used up.
  bool onceIn(size_t count) { return pick(count) == count - 1; }
  template <class List> const auto &of(const List &list) { return list[pick(std::size(list))]; }

private:
  std::string_view bytes_;
  size_t at_ = 0;
};

} // namespace branchline::fuzz
