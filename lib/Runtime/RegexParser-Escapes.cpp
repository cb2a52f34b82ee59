// Escape sequences of the dialect, references and \p{...} included.
#include "RegexParser.h"

#include "branchline/Support/Utf8.h"

namespace branchline::runtime::regex {
namespace {

bool isOctal(uint32_t ch) { return ch >= '0' && ch <= '7'; }

int hexValue(uint32_t ch) {
  if (ch >= '0' && ch <= '9')
    return static_cast<int>(ch - '0');
  if (ch >= 'a' && ch <= 'f')
    return static_cast<int>(ch - 'a' + 10);
  if (ch >= 'A' && ch <= 'F')
    return static_cast<int>(ch - 'A' + 10);
  return -1;
}

NodePtr make(NodeKind kind) { return std::make_unique<Node>(kind); }

} // namespace

// The cursor is at the backslash. `rangeBound`: the character is one end of a range in a class,
// where `\v` is the vertical tab.
NodePtr Parser::parseEscape(bool inClass, bool rangeBound, std::optional<uint32_t> &point) {
  if (cursor_ + 1 >= chars_.size()) {
    if (inClass) {
      cursor_ = chars_.size() + 1;
      return fail("Unclosed character class");
    }
    cursor_ = chars_.size() + 1;
    return fail("Nothing follows the backslash");
  }
  uint32_t letter = skip();
  bool ascii = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
               (letter >= 'A' && letter <= 'Z');
  if (!ascii) {
    point = letter & ~kQuoted;
    return nullptr;
  }
  if (letter == 'v' && rangeBound) {
    point = 0x0B;
    return nullptr;
  }
  if (std::string_view("dDhHsSvVwW").find(static_cast<char>(letter)) != std::string_view::npos) {
    NodePtr node = make(NodeKind::Class);
    node->expr = predefinedClass(static_cast<char>(letter), flags_.unicodeClasses);
    return node;
  }
  if (!inClass) {
    if (letter >= '1' && letter <= '9')
      return parseNumberedReference(letter - '0');
    if (letter == 'k')
      return parseNamedReference();
    if (std::string_view("ABGRXZbz").find(static_cast<char>(letter)) != std::string_view::npos)
      return parseAnchorEscape(letter);
  }
  point = parseCharacterEscape(letter);
  return nullptr;
}

NodePtr Parser::parseAnchorEscape(uint32_t letter) {
  NodePtr node;
  switch (letter) {
  case 'A':
    return make(NodeKind::InputStart);
  case 'z':
    return make(NodeKind::InputEnd);
  case 'G':
    return make(NodeKind::LastMatch);
  case 'R':
    return make(NodeKind::LineBreak);
  case 'X':
    return make(NodeKind::Cluster);
  case 'Z':
    node = make(NodeKind::FinalEnd);
    node->unixLines = flags_.unixLines;
    return node;
  default:
    break;
  }
  if (letter == 'b' && at(cursor_) == '{' && at(cursor_ + 1) == 'g') {
    cursor_ += 3;
    return fail("Illegal/unsupported escape sequence");
  }
  node = make(NodeKind::WordBoundary);
  node->negated = letter == 'B';
  node->unicode = flags_.unicodeClasses;
  return node;
}

NodePtr Parser::parseNumberedReference(uint32_t number) {
  for (;;) {
    uint32_t ch = peek();
    if (ch < '0' || ch > '9')
      break;
    uint32_t longer = number * 10 + (ch - '0');
    if (longer > groupCount_)
      break;
    number = longer;
    read();
  }
  NodePtr node = make(NodeKind::BackReference);
  node->group = number;
  node->fold = fold();
  references_.push_back(node.get());
  return node;
}

NodePtr Parser::parseNamedReference() {
  if (read() != '<')
    return fail("\\k is not followed by '<' for named capturing group");
  std::optional<std::string> name = parseGroupName(read());
  if (!name)
    return nullptr;
  for (const auto &have : names_)
    if (have.first == *name) {
      NodePtr node = make(NodeKind::BackReference);
      node->group = have.second;
      node->fold = fold();
      return node;
    }
  return fail("named capturing group <" + *name + "> does not exist");
}

// Escapes that denote one character.
std::optional<uint32_t> Parser::parseCharacterEscape(uint32_t letter) {
  switch (letter) {
  case '0':
    return parseOctal();
  case 'a':
    return 0x07;
  case 'c':
    if (!atEnd())
      return (read() & ~kQuoted) ^ 64;
    fail("Illegal control escape sequence");
    return std::nullopt;
  case 'e':
    return 0x1B;
  case 'f':
    return 0x0C;
  case 'n':
    return '\n';
  case 'r':
    return '\r';
  case 't':
    return '\t';
  case 'u':
    return parseUnicode();
  case 'x':
    return parseHex();
  case 'N':
    if (read() != '{')
      fail("Illegal character name escape sequence");
    else
      fail("Illegal/unsupported escape sequence");
    return std::nullopt;
  default:
    fail("Illegal/unsupported escape sequence");
    return std::nullopt;
  }
}

std::optional<uint32_t> Parser::parseOctal() {
  uint32_t first = read();
  if (!isOctal(first)) {
    fail("Illegal octal escape sequence");
    return std::nullopt;
  }
  uint32_t value = first - '0';
  uint32_t second = peek();
  if (!isOctal(second))
    return value;
  read();
  value = value * 8 + (second - '0');
  uint32_t third = peek();
  if (!isOctal(third) || first > '3')
    return value;
  read();
  return value * 8 + (third - '0');
}

std::optional<uint32_t> Parser::parseHex() {
  uint32_t first = read();
  if (hexValue(first) >= 0) {
    uint32_t second = read();
    if (hexValue(second) >= 0)
      return static_cast<uint32_t>(hexValue(first) * 16 + hexValue(second));
  } else if (first == '{' && hexValue(peek()) >= 0) {
    uint32_t value = 0;
    uint32_t ch = read();
    for (; hexValue(ch) >= 0; ch = read()) {
      value = value * 16 + static_cast<uint32_t>(hexValue(ch));
      if (value > kMaxCodePoint) {
        fail("Hexadecimal codepoint is too big");
        return std::nullopt;
      }
    }
    if (ch == '}')
      return value;
    fail("Unclosed hexadecimal escape sequence");
    return std::nullopt;
  }
  fail("Illegal hexadecimal escape sequence");
  return std::nullopt;
}

std::optional<uint32_t> Parser::parseUnicodeUnit() {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    int digit = hexValue(read());
    if (digit < 0) {
      fail("Illegal Unicode escape sequence");
      return std::nullopt;
    }
    value = value * 16 + static_cast<uint32_t>(digit);
  }
  return value;
}

std::optional<uint32_t> Parser::parseUnicode() {
  std::optional<uint32_t> high = parseUnicodeUnit();
  if (!high || *high < 0xD800 || *high > 0xDBFF)
    return high;
  size_t saved = cursor_;
  if (read() == '\\' && read() == 'u') {
    std::optional<uint32_t> low = parseUnicodeUnit();
    if (!low)
      return std::nullopt;
    if (*low >= 0xDC00 && *low <= 0xDFFF)
      return 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00);
  }
  cursor_ = saved;
  return high;
}

// The cursor is at the `p` or `P`.
std::optional<ClassExpr> Parser::parseProperty() {
  std::string name;
  if (next() != '{') {
    if (!atEnd())
      utf8::append(name, at(cursor_) & ~kQuoted);
    read();
  } else {
    next();
    size_t start = cursor_;
    while (!atEnd() && at(cursor_) != '}')
      ++cursor_;
    bool closed = !atEnd();
    size_t end = cursor_++;
    if (!closed || start == end) {
      fail(closed ? "Empty character family" : "Unclosed character family");
      return std::nullopt;
    }
    for (size_t i = start; i < end; ++i)
      utf8::append(name, at(i) & ~kQuoted);
  }
  return propertyByName(name);
}

std::optional<ClassExpr> Parser::propertyByName(const std::string &name) {
  std::optional<ClassExpr> found;
  bool fold = flags_.caseInsensitive;
  size_t equals = name.find('=');
  if (equals != std::string::npos) {
    std::string key = name.substr(0, equals);
    for (char &c : key)
      if (c >= 'A' && c <= 'Z')
        c = static_cast<char>(c - 'A' + 'a');
    std::string value = name.substr(equals + 1);
    if (key == "sc" || key == "script")
      found = scriptClass(value);
    else if (key == "gc" || key == "general_category")
      found = categoryClass(value, fold);
    if (!found)
      fail("Unknown Unicode property {name=<" + key + ">, value=<" + value + ">}");
    return found;
  }
  if (name.starts_with("Is")) {
    std::string rest = name.substr(2);
    found = binaryPropertyClass(rest, fold);
    if (!found)
      found = unicodePosixClass(rest, fold);
    if (!found)
      found = categoryClass(rest, fold);
    if (!found)
      found = scriptClass(rest);
  } else if (!name.starts_with("In")) {
    if (flags_.unicodeClasses)
      found = unicodePosixClass(name, fold);
    if (!found)
      found = categoryClass(name, fold);
  }
  if (!found)
    fail("Unknown character property name {" + name + "}");
  return found;
}

} // namespace branchline::runtime::regex
