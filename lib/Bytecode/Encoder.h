// Writes the primitives of a file. The counterpart of Decoder.h; both have the same members.
#pragma once

#include "branchline/Bytecode/Limits.h"
#include "branchline/Bytecode/Program.h"

#include <bit>
#include <string>

namespace branchline::bytecode {

class Encoder {
public:
  explicit Encoder(std::string &out) : out_(out) {}

  /// Seven bits a byte, lowest first; the highest bit says that more follow.
  void number(uint64_t value) {
    for (; value >= 0x80; value >>= 7)
      byte(static_cast<uint8_t>(value | 0x80));
    byte(static_cast<uint8_t>(value));
  }
  /// 0, -1, 1, -2, … as 0, 1, 2, 3, …
  void signedNumber(int64_t value) {
    number(static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63));
  }
  void plusOne(uint32_t value) { number(value + 1); }
  void difference(uint32_t value, uint32_t &previous) {
    signedNumber(static_cast<int32_t>(value - previous));
    previous = value;
  }
  template <class T> void flag(T value, std::string_view) { byte(value ? 1 : 0); }
  template <class E> void choice(E value, unsigned, std::string_view) {
    byte(static_cast<uint8_t>(value));
  }
  void real(double value) { fixed(std::bit_cast<uint64_t>(value)); }
  void text(const std::string &value) {
    number(value.size());
    out_ += value;
  }
  template <class T, class F>
  void list(const std::vector<T> &items, TableLimit, size_t, const F &each) {
    number(items.size());
    for (const T &item : items)
      each(item);
  }
  void code(const std::vector<Word> &words, TableLimit) {
    number(words.size());
    for (const Word &word : words)
      fixed(uint64_t(word.op) | uint64_t(word.x) << 8 | uint64_t(word.a) << 16 |
            uint64_t(word.b) << 32 | uint64_t(word.c) << 48);
  }

private:
  void byte(uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void fixed(uint64_t value) {
    for (int i = 0; i < 8; ++i)
      byte(static_cast<uint8_t>(value >> (8 * i)));
  }

  std::string &out_;
};

} // namespace branchline::bytecode
