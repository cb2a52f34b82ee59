// Where the writer puts its bytes: a block that is filled without questions and flushed into a
// string, with a bound on the total. Leaves out: what the bytes mean.
#pragma once

#include "branchline/Support/Assert.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace branchline::format {

/// Appends to a string through a block of its own. `begin` and `finish` frame one text.
class TextSink {
public:
  static constexpr size_t kBlock = size_t(32) << 10;
  /// The most that `room` may be asked for.
  static constexpr size_t kMaxRoom = size_t(8) << 10;

  TextSink() : block_(std::make_unique_for_overwrite<char[]>(kBlock)) {}

  void begin(std::string &out, uint64_t limit) {
    out_ = &out;
    start_ = out.size();
    limit_ = limit;
    full_ = false;
    at_ = block_.get();
    end_ = at_ + kBlock;
  }

  /// Whether the text has gone past its bound; what comes after it is dropped.
  bool full() const { return full_; }

  /// At least `bytes` bytes to write to; `advance` says how many were written.
  char *room(size_t bytes) {
    BL_ASSERT(bytes <= kMaxRoom, "more room than a block has");
    if (static_cast<size_t>(end_ - at_) < bytes)
      flush();
    return at_;
  }
  void advance(size_t bytes) { at_ += bytes; }
  void advanceTo(char *at) { at_ = at; }

  void put(char c) {
    *room(1) = c;
    ++at_;
  }
  void put(std::string_view text) {
    if (text.size() <= kShort) {
      copyShort(room(kShort), text.data(), text.size());
      at_ += text.size();
      return;
    }
    while (!text.empty()) {
      const size_t piece = text.size() < kMaxRoom ? text.size() : kMaxRoom;
      std::memcpy(room(piece), text.data(), piece);
      at_ += piece;
      text.remove_prefix(piece);
    }
  }

  /// Everything into the string. False when the bound was passed; then the string is as before.
  bool finish() {
    flush();
    if (full_)
      rollBack();
    return !full_;
  }
  /// Forgets the text.
  void rollBack() {
    out_->resize(start_);
    at_ = block_.get();
  }

private:
  static constexpr size_t kShort = 32;

  /// Copies up to kShort bytes by two loads that may overlap: most texts are short, and a call
  /// would take longer.
  static void copyShort(char *to, const char *from, size_t size) {
    auto copy = [&]<size_t Bytes>(std::integral_constant<size_t, Bytes>) {
      char first[Bytes], last[Bytes];
      std::memcpy(first, from, Bytes);
      std::memcpy(last, from + size - Bytes, Bytes);
      std::memcpy(to, first, Bytes);
      std::memcpy(to + size - Bytes, last, Bytes);
    };
    if (size >= 16)
      copy(std::integral_constant<size_t, 16>());
    else if (size >= 8)
      copy(std::integral_constant<size_t, 8>());
    else if (size >= 4)
      copy(std::integral_constant<size_t, 4>());
    else
      for (size_t i = 0; i < size; ++i)
        to[i] = from[i];
  }

  void flush() {
    const size_t bytes = static_cast<size_t>(at_ - block_.get());
    at_ = block_.get();
    if (limit_ != 0 && out_->size() - start_ + bytes > limit_)
      full_ = true;
    if (!full_)
      out_->append(block_.get(), bytes);
  }

  std::unique_ptr<char[]> block_;
  char *at_ = nullptr;
  char *end_ = nullptr;
  std::string *out_ = nullptr;
  size_t start_ = 0;
  uint64_t limit_ = 0;
  bool full_ = false;
};

} // namespace branchline::format
