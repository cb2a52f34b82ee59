// Tokens of a JSON document of which only a part is there: each is whole, cut off by the end of the
// part, or wrong. They are checked as the diagnosing parser of Format does, byte for byte.
#pragma once

#include "branchline/Lang/Errors.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace branchline::stream {

/// What is wrong with a document, before its place is known in words.
struct Mistake {
  error::Id id = error::Id::JsonRejected;
  size_t at = 0;           // byte in the text
  size_t more = 0;         // units behind it that the message's position counts
  std::string quoted = {}; // what the message shows, where its format has room for it
};

/// A token, or why there is none.
struct Token {
  enum class State : uint8_t { Whole, Cut, Wrong };
  State state = State::Whole;
  size_t end = 0; // Whole: behind it
  Mistake mistake = {};

  static Token whole(size_t end) { return {State::Whole, end, {}}; }
  static Token cut() { return {State::Cut, 0, {}}; }
  static Token wrong(error::Id id, size_t at, size_t more = 0, std::string quoted = {}) {
    return {State::Wrong, 0, {id, at, more, std::move(quoted)}};
  }
};

/// Part of a document. `isLast`: nothing comes behind `text`.
struct Part {
  std::string_view text;
  bool isLast;
};

/// The string whose quote is at `at`.
Token scanString(const Part &part, size_t at);
/// The number that begins at `at` with a digit or a minus sign.
Token scanNumber(const Part &part, size_t at);
/// `word`, of which the first letter was seen at `at`.
Token scanLiteral(const Part &part, size_t at, std::string_view word);
/// The mistake that a character is no part of `id`'s grammar: the whole character is shown.
Token unexpected(const Part &part, size_t at, error::Id id, size_t more = 0);

/// What the inside of a well-formed string stands for.
std::string unescaped(std::string_view raw);

} // namespace branchline::stream
