// What the text forms of IR and bytecode have in common: a place in a text, blanks and comments,
// quoted texts and numbers. Leaves out tokens and messages, which each form has of its own.
#pragma once

#include "branchline/Support/SourceText.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace branchline {

constexpr bool isAsciiDigit(char c) { return c >= '0' && c <= '9'; }
/// Whether a character may start a bare name: an ASCII letter or `_`.
constexpr bool startsBareName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Appends text between quotes with control characters, quotes, backslashes and unpaired surrogates
/// escaped. \param text WTF-8
void appendQuoted(std::string &out, std::string_view text);

/// What kind of number a text looks like.
enum class NumberForm : uint8_t {
  Malformed,
  Int,
  Float,   // with a point or an exponent
  BigInt,  // 123n
  Decimal, // 1.50m
};

/// What was found between quotes.
struct QuotedText {
  std::string text; // decoded, WTF-8
  bool isClosed = false;
  std::vector<SourceRange> badEscapes;
};

/// A place in a text, which is borrowed. Reading stops at the end for ever.
class TextCursor {
public:
  explicit TextCursor(std::string_view text) : text_(text) {}

  /// Makes the text end at a place.
  void cutAt(size_t end) { text_ = text_.substr(0, end); }

  size_t position() const { return position_; }
  void moveTo(size_t position) { position_ = position; }
  bool isAtEnd() const { return position_ >= text_.size(); }
  /// NUL behind the end.
  char peek(size_t ahead = 0) const {
    return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
  }
  char take() { return text_[position_++]; }
  std::string_view since(size_t begin) const { return text_.substr(begin, position_ - begin); }
  SourceRange rangeFrom(size_t begin) const {
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(position_)};
  }

  /// Skips blanks, line ends and comments, which `;` starts. \returns whether a line ended
  bool skipBlanks();
  void skipDigits();
  /// The next character, of one byte or several.
  std::string_view takeCharacter();
  /// From a quote to the next one, or to the end of the line. Escapes: `\" \\ \n \r \t \uXXXX`.
  QuotedText takeQuoted();
  /// `-? (0 | [1-9] digits) (. digits)? ([eE] [+-]? digits)? [nm]?`. The position afterwards is
  /// behind what was understood; `n` and `m` are not part of the number.
  /// \param whole   digits only: no point, no exponent, no `m`
  /// \param number  receives the number without its suffix
  NumberForm takeNumber(bool whole, std::string &number);

private:
  bool takeEscape(std::string &out);

  std::string_view text_;
  size_t position_ = 0;
};

} // namespace branchline
