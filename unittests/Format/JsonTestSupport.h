// Short ways to read and write JSON in the tests of Format.
#pragma once

#include "branchline/Format/JsonReader.h"
#include "branchline/Format/JsonWriter.h"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace branchline::format {

/// The message of a document that must be refused, or `accepted`. The diagnosing parser must say
/// the same.
inline std::string messageOf(std::string_view text, const JsonReadOptions &options = {}) {
  runtime::Heap heap;
  auto value = readJson(heap, text, options);
  const std::optional<Error> diagnosed = diagnoseJson(text, options);
  EXPECT_EQ(value.has_value(), !diagnosed.has_value()) << text;
  if (value)
    return "accepted";
  if (diagnosed) {
    EXPECT_EQ(value.error().message, diagnosed->message);
  }
  return value.error().message;
}

inline JsonReadOptions readingWith(JsonNumbers numbers) {
  JsonReadOptions options;
  options.numbers = numbers;
  return options;
}

inline JsonWriteOptions writing(JsonFormat format, JsonNumbers numbers = JsonNumbers::Safe) {
  JsonWriteOptions options;
  options.format = format;
  options.numbers = numbers;
  return options;
}

/// The text of a value, or the message of the error.
inline std::string textOf(const runtime::Value &value,
                          const JsonWriteOptions &options = writing(JsonFormat::Compact)) {
  std::string out;
  auto written = writeJson(out, value, options);
  if (!written) {
    EXPECT_EQ(out, "") << "an error leaves no text behind";
    return "error: " + written.error().message;
  }
  return out;
}

/// Reads a document and writes it again.
inline std::string rewrite(std::string_view text,
                           const JsonWriteOptions &options = writing(JsonFormat::Compact),
                           const JsonReadOptions &reading = {}) {
  runtime::Heap heap;
  auto value = readJson(heap, text, reading);
  if (!value)
    return "error: " + value.error().message;
  return textOf(*value, options);
}

} // namespace branchline::format
