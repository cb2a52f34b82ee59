// JSON documents of any bytes: reader and diagnosing parser agree about what is well-formed and
// what is said about the rest, in every mode; what was read, written and read again is written the
// same.
#include "branchline/Format/JsonReader.h"
#include "branchline/Format/JsonWriter.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace branchline;

void require(bool condition, const char *what) {
  if (condition)
    return;
  std::fprintf(stderr, "JsonFuzzer: %s\n", what);
  std::abort();
}

/// The text of a value, or empty where the mode forbids it.
std::string write(const runtime::Value &value, format::JsonFormat format,
                  format::JsonNumbers numbers) {
  format::JsonWriteOptions options;
  options.format = format;
  options.numbers = numbers;
  options.maxBytes = size_t(16) << 20; // decimals may grow a million times
  std::string out;
  if (!format::writeJson(out, value, options))
    out.clear();
  return out;
}

void roundTrip(runtime::Heap &heap, const runtime::Value &value,
               const format::JsonReadOptions &reading) {
  for (const auto form :
       {format::JsonFormat::Pretty, format::JsonFormat::Compact, format::JsonFormat::Canonical}) {
    const std::string first = write(value, form, format::JsonNumbers::Extended);
    if (first.empty() || reading.numbers == format::JsonNumbers::Strict)
      continue;
    auto again = format::readJson(heap, first, reading);
    require(again.has_value(), "what was written is not read");
    const std::string second = write(*again, form, format::JsonNumbers::Extended);
    require(second == first || form == format::JsonFormat::Canonical, "a round trip changes text");
    (void)write(value, form, format::JsonNumbers::Safe);
    (void)write(value, form, format::JsonNumbers::Strict);
  }
}

void check(std::string_view text, const format::JsonReadOptions &options) {
  runtime::Heap heap;
  format::JsonReader reader(heap, options);
  const std::optional<Error> diagnosed = format::diagnoseJson(text, options);
  // Twice: the second time every key is expected.
  for (int round = 0; round < 2; ++round) {
    auto value = reader.read(text);
    require(value.has_value() == !diagnosed.has_value(), "reader and diagnosis disagree");
    if (!value) {
      require(value.error().message == diagnosed->message, "two messages for one mistake");
      continue;
    }
    roundTrip(heap, *value, options);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  // An allocation of its own, so that a read past the end is seen.
  const auto exact = std::make_unique<char[]>(size);
  for (size_t i = 0; i < size; ++i)
    exact[i] = static_cast<char>(data[i]);
  const std::string_view text(exact.get(), size);
  format::JsonReadOptions options;
  options.maxDepth = 64;
  check(text, options);
  options.numbers = format::JsonNumbers::Strict;
  check(text, options);
  options.numbers = format::JsonNumbers::Extended;
  options.keys = format::JsonKeys::Numeric;
  options.convertRootKeys = true;
  check(text, options);
  return 0;
}
