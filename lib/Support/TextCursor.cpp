// Reading and writing pieces of the text forms.
#include "branchline/Support/TextCursor.h"

#include "branchline/Support/Utf8.h"

#include <fmt/format.h>
#include <iterator>

namespace branchline {

void appendQuoted(std::string &out, std::string_view text) {
  out.push_back('"');
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    const uint32_t c = utf8::decode(text, i);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(c));
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0xD800 && c <= 0xDFFF)) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    } else {
      out += text.substr(start, i - start);
    }
  }
  out.push_back('"');
}

bool TextCursor::skipBlanks() {
  bool newLine = false;
  for (;; ++position_) {
    if (peek() == ';')
      while (!isAtEnd() && peek() != '\n')
        ++position_;
    const char c = peek();
    if (isAtEnd() || (c != '\n' && c != ' ' && c != '\t' && c != '\r'))
      return newLine;
    newLine = newLine || c == '\n';
  }
}

void TextCursor::skipDigits() {
  while (isAsciiDigit(peek()))
    ++position_;
}

std::string_view TextCursor::takeCharacter() {
  const size_t begin = position_;
  utf8::decode(text_, position_);
  return since(begin);
}

QuotedText TextCursor::takeQuoted() {
  QuotedText found;
  ++position_;
  while (!isAtEnd() && peek() != '"' && peek() != '\n') {
    const size_t begin = position_;
    // Through appendText, so that a pair written half as escape and half as text stays one pair.
    if (peek() != '\\')
      utf8::appendText(found.text, takeCharacter());
    else if (!takeEscape(found.text))
      found.badEscapes.push_back(rangeFrom(begin));
  }
  found.isClosed = peek() == '"';
  if (found.isClosed)
    ++position_;
  return found;
}

static int hexValue(char c) {
  if (isAsciiDigit(c))
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool TextCursor::takeEscape(std::string &out) {
  ++position_;
  const char c = peek();
  if (c == '"' || c == '\\' || c == 'n' || c == 'r' || c == 't') {
    out.push_back(c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c);
    ++position_;
    return true;
  }
  if (c != 'u')
    return false;
  unsigned unit = 0;
  size_t digits = 0;
  for (; digits < 4 && hexValue(peek(digits + 1)) >= 0; ++digits)
    unit = unit * 16 + static_cast<unsigned>(hexValue(peek(digits + 1)));
  position_ += digits + 1;
  if (digits == 4)
    utf8::appendUnit(out, static_cast<uint16_t>(unit));
  return digits == 4;
}

NumberForm TextCursor::takeNumber(bool whole, std::string &number) {
  const size_t begin = position_;
  if (peek() == '-')
    ++position_;
  if (!isAsciiDigit(peek()) || (peek() == '0' && isAsciiDigit(peek(1))))
    return NumberForm::Malformed;
  skipDigits();
  NumberForm form = NumberForm::Int;
  if (!whole && peek() == '.' && isAsciiDigit(peek(1))) {
    ++position_;
    skipDigits();
    form = NumberForm::Float;
  }
  if (!whole && (peek() == 'e' || peek() == 'E')) {
    const size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if (!isAsciiDigit(peek(1 + sign)))
      return NumberForm::Malformed;
    position_ += 1 + sign;
    skipDigits();
    form = NumberForm::Float;
  }
  number = since(begin);
  if (peek() == 'n' && form == NumberForm::Int) {
    ++position_;
    form = NumberForm::BigInt;
  } else if (peek() == 'm' && !whole) {
    ++position_;
    form = NumberForm::Decimal;
  }
  return startsBareName(peek()) || isAsciiDigit(peek()) ? NumberForm::Malformed : form;
}

} // namespace branchline
