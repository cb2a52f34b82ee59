// One function for each rule of the grammar below values.
#include "JsonTokens.h"

#include "branchline/Support/Utf8.h"

#include <algorithm>
#include <optional>

namespace branchline::stream {
namespace {

using error::Id;

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isHexDigit(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return isDigit(c) || (lower >= 'a' && lower <= 'f');
}

/// What is missing at the end of a part: more of the document, or `id`.
Token missing(const Part &part, Id id, size_t at) {
  return part.isLast ? Token::wrong(id, at) : Token::cut();
}

/// Bytes of the character at `at` as its first byte has it; 1 for a byte that begins none.
size_t characterSize(std::string_view text, size_t at) {
  const auto first = static_cast<uint8_t>(text[at]);
  return first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

uint16_t hexUnit(std::string_view digits) {
  unsigned unit = 0;
  for (const char c : digits.substr(0, 4))
    unit = unit * 16 + static_cast<unsigned>(isDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  return static_cast<uint16_t>(unit);
}

/// The four digits of a `\u` escape; the token ends behind them.
Token scanHexUnit(const Part &part, size_t digits) {
  size_t end = digits;
  // The four units are counted before they are looked at.
  for (size_t units = 0; units < 4;) {
    if (end >= part.text.size())
      return missing(part, Id::JsonUnicodeEscape, digits);
    const size_t size = characterSize(part.text, end);
    end += size;
    units += size == 4 ? 2 : 1;
  }
  for (size_t at = digits; at != digits + 4; ++at)
    if (!isHexDigit(part.text[at]))
      return Token::wrong(Id::JsonUnicodeEscape, at, 1);
  return Token::whole(digits + 4);
}

/// The escape whose backslash is at `at`.
Token scanEscape(const Part &part, size_t at) {
  const std::string_view text = part.text;
  if (++at == text.size())
    return missing(part, Id::JsonUnterminatedEscape, at);
  if (text[at] != 'u') {
    if (std::string_view("\"\\/bfnrt").find(text[at]) == std::string_view::npos)
      return unexpected(part, at, Id::JsonEscape, 1);
    return Token::whole(at + 1);
  }
  const Token first = scanHexUnit(part, at + 1);
  if (first.state != Token::State::Whole || (hexUnit(text.substr(at + 1)) & 0xFC00) != 0xD800)
    return first;
  const size_t after = first.end;
  const std::string_view next = text.substr(after, 2);
  if (next != "\\u") {
    const bool mayCome = std::string_view("\\u").starts_with(next);
    return mayCome ? missing(part, Id::JsonSurrogatePair, after)
                   : Token::wrong(Id::JsonSurrogatePair, after);
  }
  Token second = scanHexUnit(part, after + 2);
  if (second.state == Token::State::Whole && (hexUnit(text.substr(after + 2)) & 0xFC00) != 0xDC00)
    return Token::wrong(Id::JsonSurrogatePair, second.end);
  return second;
}

/// Digits from `at` on, at least one.
Token scanDigits(const Part &part, size_t at) {
  const size_t begin = at;
  while (at < part.text.size() && isDigit(part.text[at]))
    ++at;
  if (at == part.text.size() && !part.isLast)
    return Token::cut();
  return at != begin ? Token::whole(at) : Token::wrong(Id::JsonNumber, at);
}

} // namespace

Token unexpected(const Part &part, size_t at, Id id, size_t more) {
  const size_t size = characterSize(part.text, at);
  const std::string_view character = part.text.substr(at, size);
  if (character.size() < size && !part.isLast)
    return Token::cut();
  if (utf8::findInvalid(character) != std::string_view::npos)
    return Token::wrong(Id::JsonMalformedUtf8, at);
  return Token::wrong(id, at, more, std::string(character));
}

Token scanString(const Part &part, size_t at) {
  const std::string_view text = part.text;
  const size_t begin = at + 1;
  for (at = begin; at < text.size();) {
    const char c = text[at];
    if (static_cast<uint8_t>(c) < 0x20)
      return Token::wrong(Id::JsonControlCharacter, at + 1);
    if (c == '"') {
      const size_t bad = utf8::findInvalid(text.substr(begin, at - begin));
      return bad == std::string_view::npos ? Token::whole(at + 1)
                                           : Token::wrong(Id::JsonMalformedUtf8, begin + bad);
    }
    if (c != '\\') {
      ++at;
      continue;
    }
    const Token escape = scanEscape(part, at);
    if (escape.state != Token::State::Whole)
      return escape;
    at = escape.end;
  }
  return missing(part, Id::JsonUnterminatedString, text.size());
}

Token scanNumber(const Part &part, size_t at) {
  const std::string_view text = part.text;
  if (text[at] == '-' && ++at == text.size())
    return missing(part, Id::JsonEnd, at);
  Token token = text[at] == '0' ? Token::whole(at + 1) : scanDigits(part, at);
  if (token.state == Token::State::Whole && token.end < text.size() && text[token.end] == '.')
    token = scanDigits(part, token.end + 1);
  if (token.state == Token::State::Whole && token.end < text.size() &&
      (text[token.end] | 0x20) == 'e') {
    size_t digits = token.end + 1;
    if (digits < text.size() && (text[digits] == '+' || text[digits] == '-'))
      ++digits;
    token = scanDigits(part, digits);
  }
  const bool mayGoOn = token.state == Token::State::Whole && token.end == text.size();
  return mayGoOn && !part.isLast ? Token::cut() : token;
}

Token scanLiteral(const Part &part, size_t at, std::string_view word) {
  const std::string_view found = part.text.substr(at, word.size());
  if (found == word)
    return Token::whole(at + word.size());
  if (word.starts_with(found) && !part.isLast)
    return Token::cut();
  return Token::wrong(Id::JsonLiteral, at, 0, std::string(word));
}

std::string unescaped(std::string_view raw) {
  std::string out;
  for (size_t at = 0; at < raw.size(); ++at) {
    const size_t slash = std::min(raw.find('\\', at), raw.size());
    out += raw.substr(at, slash - at);
    if (slash == raw.size())
      break;
    at = slash + 1;
    if (raw[at] == 'u') {
      utf8::appendUnit(out, hexUnit(raw.substr(at + 1)));
      at += 4;
    } else {
      constexpr std::string_view kNames = "bfnrt";
      const size_t known = kNames.find(raw[at]);
      out += known == std::string_view::npos ? raw[at] : "\b\f\n\r\t"[known];
    }
  }
  return out;
}

} // namespace branchline::stream
