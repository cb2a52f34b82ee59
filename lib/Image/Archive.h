// Writing and reading the parts of an image. Both classes have the same members, so that what
// stands in an image is said once (Image.cpp). A reader keeps in mind that something did not fit
// and gives zeros from there on. Private to Image.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace branchline::image {

class Writer {
public:
  static constexpr bool kReads = false;
  explicit Writer(std::string &out) : out_(out) {}

  /// Seven bits a byte, lowest first; the highest bit says that more follow.
  template <class T> void number(const T &value) {
    auto rest = static_cast<uint64_t>(value);
    for (; rest >= 0x80; rest >>= 7)
      out_.push_back(static_cast<char>(rest | 0x80));
    out_.push_back(static_cast<char>(rest));
  }
  void signedNumber(int64_t value) {
    number(static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63));
  }
  void real(double value) { signedNumber(std::bit_cast<int64_t>(value)); }
  void text(std::string_view value) {
    number(value.size());
    out_ += value;
  }
  template <class List, class Each> void list(const List &items, const Each &each) {
    number(items.size());
    for (const auto &item : items)
      each(item);
  }

private:
  std::string &out_;
};

class Reader {
public:
  static constexpr bool kReads = true;
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  /// Whether everything fitted, and nothing is left over.
  bool complete() const { return good_ && bytes_.empty(); }

  template <class T> void number(T &value) {
    const uint64_t raw = next();
    value = static_cast<T>(raw);
    good_ = good_ && static_cast<uint64_t>(value) == raw;
  }
  void signedNumber(int64_t &value) {
    const uint64_t raw = next();
    value = static_cast<int64_t>(raw >> 1 ^ (0 - (raw & 1)));
  }
  void real(double &value) {
    int64_t bits = 0;
    signedNumber(bits);
    value = std::bit_cast<double>(bits);
  }
  template <class Text> void text(Text &value) {
    const uint64_t size = next();
    good_ = good_ && size <= bytes_.size();
    value = good_ ? bytes_.substr(0, size) : std::string_view();
    bytes_.remove_prefix(value.size());
  }
  template <class List, class Each> void list(List &items, const Each &each) {
    const uint64_t count = next();
    good_ = good_ && count <= bytes_.size(); // an item takes a byte at least
    if (!good_)
      return;
    items.reserve(count);
    for (uint64_t i = 0; i < count && good_; ++i)
      each(items.emplace_back());
  }

private:
  uint64_t next() {
    uint64_t value = 0;
    for (unsigned shift = 0; good_; shift += 7) {
      if (bytes_.empty() || shift > 63) {
        good_ = false;
        return 0;
      }
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= uint64_t(byte & 0x7F) << shift;
      if (byte < 0x80)
        return value;
    }
    return 0;
  }

  std::string_view bytes_;
  bool good_ = true;
};

} // namespace branchline::image
