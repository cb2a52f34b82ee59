// Structure of a pattern: branches, groups, quantifiers, flags. Escapes and classes are parsed in
// RegexParser-Escapes.cpp and RegexParser-Classes.cpp.
#include "RegexParser.h"

#include "branchline/Support/Utf8.h"

namespace branchline::runtime::regex {
namespace {

bool isBlank(uint32_t ch) { return (ch >= 0x09 && ch <= 0x0D) || ch == ' '; }
bool isDigit(uint32_t ch) { return ch >= '0' && ch <= '9'; }
bool isLetter(uint32_t ch) { return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z'); }

NodePtr make(NodeKind kind) { return std::make_unique<Node>(kind); }

} // namespace

Parser::Parser(std::string_view pattern) { unquote(pattern); }

// Resolves \Q...\E, which works on the text before everything else does.
void Parser::unquote(std::string_view pattern) {
  std::vector<uint32_t> points;
  for (size_t offset = 0; offset < pattern.size();)
    points.push_back(utf8::decode(pattern, offset));
  bool quoting = false;
  for (size_t i = 0; i < points.size(); ++i) {
    bool escape = points[i] == '\\' && i + 1 < points.size();
    if (quoting && escape && points[i + 1] == 'E') {
      quoting = false;
      ++i;
    } else if (quoting) {
      chars_.push_back(points[i] | kQuoted);
    } else if (escape && points[i + 1] == 'Q') {
      quoting = true;
      ++i;
    } else {
      chars_.push_back(points[i]);
      if (escape)
        chars_.push_back(points[++i]);
    }
  }
}

bool Parser::endsLine(uint32_t ch) const {
  if (flags_.unixLines)
    return ch == '\n';
  return ch == '\n' || ch == '\r' || ch == 0x85 || ch == 0x2028 || ch == 0x2029;
}

uint32_t Parser::peek() {
  if (!flags_.comments)
    return at(cursor_);
  for (;;) {
    while (isBlank(at(cursor_)))
      ++cursor_;
    if (at(cursor_) != '#')
      return at(cursor_);
    while (!atEnd() && !endsLine(at(cursor_)))
      ++cursor_;
  }
}

uint32_t Parser::next() {
  ++cursor_;
  return peek();
}

uint32_t Parser::read() {
  uint32_t ch = peek();
  ++cursor_;
  return ch;
}

// The character behind the current one; the cursor moves past it.
uint32_t Parser::skip() {
  cursor_ += 2;
  return at(cursor_ - 1);
}

NodePtr Parser::fail(std::string description) {
  if (!error_)
    error_ = SyntaxError{std::move(description), static_cast<ptrdiff_t>(cursor_) - 1};
  return nullptr;
}

Fold Parser::fold() const {
  if (!flags_.caseInsensitive)
    return Fold::None;
  return flags_.unicodeCase ? Fold::Unicode : Fold::Ascii;
}

Expected<ParsedPattern, SyntaxError> Parser::parse() {
  NodePtr root = parseAlternation();
  if (!failed() && !atEnd()) {
    if (peek() == ')')
      fail("Unmatched closing ')'");
    else
      fail("Malformed pattern");
  }
  if (failed())
    return Unexpected(*error_);
  for (Node *reference : references_)
    if (reference->group > groupCount_)
      reference->group = 0;
  return ParsedPattern{std::move(root), groupCount_, std::move(names_)};
}

NodePtr Parser::parseAlternation() {
  NodePtr first = parseSequence();
  if (failed() || peek() != '|')
    return first;
  NodePtr result = make(NodeKind::Alternation);
  result->children.push_back(std::move(first));
  while (!failed() && peek() == '|') {
    next();
    result->children.push_back(parseSequence());
  }
  return result;
}

NodePtr Parser::parseSequence() {
  NodePtr result = make(NodeKind::Sequence);
  while (!failed()) {
    uint32_t ch = peek();
    if (atEnd() || ch == '|' || ch == ')')
      break;
    NodePtr atom;
    if (ch == '(') {
      atom = parseGroup();
      if (!atom) // a change of flags, or an error
        continue;
    } else if (ch == '*' || ch == '+' || ch == '?') {
      next();
      fail(std::string("Dangling meta character '") + static_cast<char>(ch) + "'");
      break;
    } else {
      atom = parseAtom();
    }
    if (!failed())
      atom = parseQuantifier(std::move(atom));
    if (!failed())
      result->children.push_back(std::move(atom));
  }
  return failed() ? nullptr : std::move(result);
}

// One character, class or anchor. `{` without an atom quantifies the empty string (R3.8.4).
NodePtr Parser::parseAtom() {
  uint32_t ch = peek();
  switch (ch) {
  case '{':
    return make(NodeKind::Empty);
  case '[': {
    std::optional<ClassExpr> expr = parseClass(true);
    if (!expr)
      return nullptr;
    NodePtr node = make(NodeKind::Class);
    node->expr = std::move(*expr);
    return node;
  }
  case '^':
  case '$':
  case '.':
    next();
    return parseAnchor(ch);
  case '\\': {
    uint32_t letter = at(cursor_ + 1);
    if (letter == 'p' || letter == 'P') {
      nextEscaped();
      std::optional<ClassExpr> expr = parseProperty();
      if (!expr)
        return nullptr;
      NodePtr node = make(NodeKind::Class);
      node->expr = letter == 'P' ? complement(std::move(*expr)) : std::move(*expr);
      return node;
    }
    std::optional<uint32_t> point;
    NodePtr node = parseEscape(false, false, point);
    return point ? makeChar(*point) : std::move(node);
  }
  default:
    next();
    return makeChar(ch & ~kQuoted);
  }
}

NodePtr Parser::parseAnchor(uint32_t ch) {
  NodePtr node;
  if (ch == '.') {
    node = make(NodeKind::Class);
    node->expr = dotClass(flags_.dotAll, flags_.unixLines);
  } else if (ch == '^') {
    node = make(flags_.multiline ? NodeKind::LineStart : NodeKind::InputStart);
  } else {
    node = make(flags_.multiline ? NodeKind::LineEnd : NodeKind::FinalEnd);
  }
  node->unixLines = flags_.unixLines;
  return node;
}

NodePtr Parser::makeChar(uint32_t point) {
  if (fold() == Fold::Unicode) {
    ClassExpr expr = makeRange(point, point);
    if (expr.set.ranges().size() > 1 || expr.set.ranges()[0].first != expr.set.ranges()[0].second) {
      NodePtr node = make(NodeKind::Class);
      node->expr = std::move(expr);
      return node;
    }
  }
  NodePtr node = make(NodeKind::Char);
  node->point = point;
  if (fold() != Fold::None && isLetter(point))
    node->fold = Fold::Ascii;
  return node;
}

NodePtr Parser::parseQuantifier(NodePtr atom) {
  uint32_t ch = peek();
  uint32_t min = 0;
  uint32_t max = kUnbounded;
  if (ch == '?' || ch == '*' || ch == '+') {
    min = ch == '+' ? 1 : 0;
    max = ch == '?' ? 1 : kUnbounded;
    next();
  } else if (ch == '{') {
    if (!parseCounts(min, max))
      return nullptr;
  } else {
    return atom;
  }
  NodePtr repeat = make(NodeKind::Repeat);
  repeat->min = min;
  repeat->max = max;
  ch = peek();
  if (ch == '?' || ch == '+') {
    repeat->mode = ch == '?' ? RepeatMode::Reluctant : RepeatMode::Possessive;
    next();
  }
  if (atom->kind == NodeKind::Empty)
    return atom;
  repeat->children.push_back(std::move(atom));
  return repeat;
}

// `{n}`, `{n,}` or `{n,m}`; the cursor is at the brace.
bool Parser::parseCounts(uint32_t &min, uint32_t &max) {
  uint32_t ch = skip();
  if (!isDigit(ch)) {
    fail("Illegal repetition");
    return false;
  }
  auto number = [&](uint32_t &value) {
    uint64_t result = 0;
    do {
      result = result * 10 + (ch - '0');
      if (result > 0x7FFFFFFF) {
        fail("Illegal repetition range");
        return false;
      }
      ch = read();
    } while (isDigit(ch));
    value = static_cast<uint32_t>(result);
    return true;
  };
  if (!number(min))
    return false;
  max = min;
  if (ch == ',') {
    max = kUnbounded;
    ch = read();
    if (isDigit(ch) && !number(max))
      return false;
  }
  if (ch != '}') {
    fail("Unclosed counted closure");
    return false;
  }
  if (max < min) {
    fail("Illegal repetition range");
    return false;
  }
  peek();
  return true;
}

// The cursor is at `(`. Gives no node for a mere change of flags.
NodePtr Parser::parseGroup() {
  if (nesting_ >= kMaxNesting)
    return fail("Groups are nested too deeply");
  Flags saved = flags_;
  NodePtr group;
  if (next() == '?') {
    if (!openSpecialGroup(group))
      return nullptr;
  } else {
    group = make(NodeKind::Capture);
    group->group = ++groupCount_;
  }
  group = parseGroupBody(std::move(group));
  flags_ = saved;
  return group;
}

NodePtr Parser::parseGroupBody(NodePtr group) {
  ++nesting_;
  NodePtr body = parseAlternation();
  --nesting_;
  if (failed())
    return nullptr;
  if (group->kind == NodeKind::LookBehind) {
    if (!lookBehindIsBounded(*body))
      return nullptr;
    simplifyLookBehind(*body);
  }
  if (read() != ')')
    return fail("Unclosed group");
  group->children.push_back(std::move(body));
  return group;
}

bool Parser::lookBehindIsBounded(const Node &body) {
  MatchLength length = matchLength(body);
  if (length.obvious && length.openEnds <= 1)
    return true;
  fail("Look-behind group does not have an obvious maximum length");
  return false;
}

// Behind `(?`. False: an error, or a change of flags for the rest of the enclosing group.
bool Parser::openSpecialGroup(NodePtr &group) {
  uint32_t ch = skip();
  switch (ch) {
  case ':':
    group = make(NodeKind::Group);
    return true;
  case '>':
    group = make(NodeKind::Atomic);
    return true;
  case '=':
  case '!':
    group = make(NodeKind::LookAhead);
    group->negated = ch == '!';
    return true;
  case '<': {
    ch = read();
    if (ch == '=' || ch == '!') {
      group = make(NodeKind::LookBehind);
      group->negated = ch == '!';
      return true;
    }
    std::optional<std::string> name = parseGroupName(ch);
    if (!name)
      return false;
    for (const auto &have : names_)
      if (have.first == *name) {
        fail("Named capturing group <" + *name + "> is already defined");
        return false;
      }
    group = make(NodeKind::Capture);
    group->group = ++groupCount_;
    names_.emplace_back(std::move(*name), groupCount_);
    return true;
  }
  case '$':
  case '@':
    fail("Unknown group type");
    return false;
  default:
    break;
  }
  --cursor_;
  parseFlags();
  ch = read();
  if (ch == ')')
    return false;
  if (ch != ':') {
    fail("Unknown inline modifier");
    return false;
  }
  group = make(NodeKind::Group);
  return true;
}

bool Parser::applyFlag(uint32_t ch, bool on) {
  switch (ch) {
  case 'i':
    flags_.caseInsensitive = on;
    return true;
  case 'm':
    flags_.multiline = on;
    return true;
  case 's':
    flags_.dotAll = on;
    return true;
  case 'd':
    flags_.unixLines = on;
    return true;
  case 'u':
    flags_.unicodeCase = on;
    return true;
  case 'x':
    flags_.comments = on;
    return true;
  case 'U':
    flags_.unicodeClasses = on;
    flags_.unicodeCase = on;
    return true;
  default:
    return false;
  }
}

bool Parser::parseFlags() {
  uint32_t ch = peek();
  while (applyFlag(ch, true))
    ch = next();
  if (ch == '-') {
    ch = next();
    while (applyFlag(ch, false))
      ch = next();
  }
  return true;
}

std::optional<std::string> Parser::parseGroupName(uint32_t first) {
  if (!isLetter(first)) {
    fail("capturing group name does not start with a Latin letter");
    return std::nullopt;
  }
  std::string name;
  uint32_t ch = first;
  do {
    name += static_cast<char>(ch);
    ch = read();
  } while (isLetter(ch) || isDigit(ch));
  if (ch != '>') {
    fail("named capturing group is missing trailing '>'");
    return std::nullopt;
  }
  return name;
}

} // namespace branchline::runtime::regex
