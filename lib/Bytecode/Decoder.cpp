// The primitives, each of which checks that the section holds what it takes.
#include "Decoder.h"

#include "branchline/Lang/Errors.h"

namespace branchline::bytecode {

void Decoder::fail(size_t at, std::string_view what) {
  if (!error_)
    error_ = error::make<error::Id::BytecodeMalformed>(section_, at, what);
  at_ = end_;
}

bool Decoder::need(size_t count) {
  if (count <= end_ - at_)
    return true;
  fail(at_, "the section ends too early");
  return false;
}

uint64_t Decoder::rawNumber() {
  const size_t begin = at_;
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (!need(1))
      return 0;
    const auto byte = static_cast<unsigned char>(bytes_[at_++]);
    const uint64_t bits = byte & 0x7Fu;
    if (shift == 63 && bits > 1)
      break;
    value |= bits << shift;
    if (byte < 0x80) {
      // One spelling a number, so that equal programs are equal files.
      if (byte == 0 && shift != 0)
        break;
      return value;
    }
  }
  fail(begin, "a number is not in its shortest form or too large");
  return 0;
}

uint8_t Decoder::rawChoice(unsigned count, std::string_view what) {
  if (!need(1))
    return 0;
  const auto value = static_cast<uint8_t>(bytes_[at_]);
  if (value < count) {
    ++at_;
    return value;
  }
  fail(at_, fmt::format("{} is no {}", value, what));
  return 0;
}

size_t Decoder::rawCount(TableLimit limit, size_t smallest) {
  const size_t begin = at_;
  const uint64_t count = rawNumber();
  if (count > limit.count) {
    if (!error_)
      error_ = error::make<error::Id::BytecodeLimit>(count, limit.what, limit.count, begin);
    at_ = end_;
    return 0;
  }
  if (count * smallest > end_ - at_) {
    fail(begin, fmt::format("{} {} do not fit the section", count, limit.what));
    return 0;
  }
  return static_cast<size_t>(count);
}

uint64_t Decoder::fixed() {
  if (!need(8))
    return 0;
  at_ += 8;
  return readFixed<uint64_t>(bytes_, at_ - 8);
}

void Decoder::text(std::string &value) {
  const size_t begin = at_;
  const uint64_t size = rawNumber();
  if (error_)
    return;
  if (size > end_ - at_)
    return fail(begin, fmt::format("a text of {} bytes does not fit the section", size));
  value.assign(bytes_.substr(at_, static_cast<size_t>(size)));
  at_ += static_cast<size_t>(size);
}

void Decoder::code(std::vector<Word> &words, TableLimit limit) {
  const size_t count = rawCount(limit, 8);
  codeOffsets_.push_back(at_);
  words.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const uint64_t raw = fixed();
    words.push_back({static_cast<uint8_t>(raw), static_cast<uint8_t>(raw >> 8),
                     static_cast<uint16_t>(raw >> 16), static_cast<uint16_t>(raw >> 32),
                     static_cast<uint16_t>(raw >> 48)});
  }
}

} // namespace branchline::bytecode
