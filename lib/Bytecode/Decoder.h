// Reads the primitives of a section of an untrusted file. The first fault is kept; after it every
// read gives zeros and every list is empty, so that callers need not look after each step.
#pragma once

#include "Layout.h"
#include "branchline/Bytecode/Limits.h"
#include "branchline/Bytecode/Program.h"
#include "branchline/Support/Error.h"

#include <bit>
#include <optional>
#include <string>
#include <string_view>

namespace branchline::bytecode {

class Decoder {
public:
  /// \param bytes   the whole file, borrowed. \param section  what messages call the section
  Decoder(std::string_view bytes, size_t begin, size_t end, std::string_view section)
      : bytes_(bytes), at_(begin), end_(end), section_(section) {}

  const std::optional<Error> &error() const { return error_; }
  bool atEnd() const { return at_ == end_; }
  size_t offset() const { return at_; }
  /// Where the code of each function began.
  const std::vector<size_t> &codeOffsets() const { return codeOffsets_; }
  /// Keeps the first fault, which was found at byte `at`.
  void fail(size_t at, std::string_view what);

  template <class T> void number(T &value) {
    const size_t begin = at_;
    const uint64_t raw = rawNumber();
    value = static_cast<T>(raw);
    if (value != raw)
      fail(begin, "a number is too large");
  }
  void signedNumber(int64_t &value) {
    const uint64_t raw = rawNumber();
    value = static_cast<int64_t>(raw >> 1 ^ (0 - (raw & 1)));
  }
  void plusOne(uint32_t &value) {
    number(value);
    --value;
  }
  void difference(uint32_t &value, uint32_t &previous) {
    const size_t begin = at_;
    int64_t step = 0;
    signedNumber(step);
    value = previous + static_cast<uint32_t>(step);
    // The encoder takes the shortest way around 32 bits.
    if (step != static_cast<int32_t>(step))
      fail(begin, "a number is too large");
    previous = value;
  }
  template <class T> void flag(T &value, std::string_view what) { value = rawChoice(2, what) != 0; }
  template <class E> void choice(E &value, unsigned count, std::string_view what) {
    value = static_cast<E>(rawChoice(count, what));
  }
  void real(double &value) { value = std::bit_cast<double>(fixed()); }
  void text(std::string &value);
  /// \param smallest  bytes that an item takes at least: no more room is made than the section
  ///                  could fill
  template <class T, class F>
  void list(std::vector<T> &items, TableLimit limit, size_t smallest, const F &each) {
    const size_t count = rawCount(limit, smallest);
    items.reserve(count);
    for (size_t i = 0; i < count && !error_; ++i)
      each(items.emplace_back());
  }
  void code(std::vector<Word> &words, TableLimit limit);

private:
  uint64_t rawNumber();
  uint8_t rawChoice(unsigned count, std::string_view what);
  size_t rawCount(TableLimit limit, size_t smallest);
  uint64_t fixed();
  bool need(size_t count);

  std::string_view bytes_;
  size_t at_;
  size_t end_;
  std::string_view section_;
  std::vector<size_t> codeOffsets_;
  std::optional<Error> error_;
};

} // namespace branchline::bytecode
