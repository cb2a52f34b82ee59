// Bracketed character classes: ranges, union, intersection, negation.
#include "RegexParser.h"

namespace branchline::runtime::regex {

ClassExpr Parser::makeRange(uint32_t low, uint32_t high) {
  CodePointSet set;
  switch (fold()) {
  case Fold::None:
    set.add(low, high);
    break;
  case Fold::Ascii:
    addIgnoringAsciiCase(set, low, high);
    break;
  case Fold::Unicode:
    if (!folds_)
      folds_.emplace();
    folds_->addRange(set, low, high);
    break;
  }
  return set;
}

// The cursor is before the first character of the class: at `[`, or, for the right side of `&&`
// (then the `]` is left for the caller), at the character before it.
std::optional<ClassExpr> Parser::parseClass(bool consumeEnd) {
  if (nesting_ >= kMaxNesting) {
    fail("Groups are nested too deeply");
    return std::nullopt;
  }
  ++nesting_;
  std::optional<ClassExpr> have;
  bool negated = false;
  uint32_t ch = next();
  while (!failed()) {
    if (ch == '^' && at(cursor_ - 1) == '[' && !have) {
      negated = true;
      ch = next();
      continue;
    }
    if (ch == ']' && have) {
      if (consumeEnd)
        next();
      --nesting_;
      return negated ? complement(std::move(*have)) : std::move(have);
    }
    if (atEnd()) {
      fail("Unclosed character class");
      break;
    }
    std::optional<ClassExpr> part;
    if (ch == '[') {
      part = parseClass(true);
    } else if (ch == '&' && parseIntersection(have)) {
      ch = peek();
      continue;
    } else if (!failed()) {
      part = parseClassRange();
    }
    if (part)
      have = have ? unite(std::move(*have), std::move(*part)) : std::move(part);
    ch = peek();
  }
  return std::nullopt;
}

// The cursor is at `&`. False when no second one follows: the character stands for itself.
bool Parser::parseIntersection(std::optional<ClassExpr> &have) {
  size_t saved = cursor_;
  if (next() != '&') {
    cursor_ = saved;
    return false;
  }
  uint32_t ch = next();
  std::optional<ClassExpr> right;
  while (!failed() && ch != ']' && ch != '&') {
    std::optional<ClassExpr> part;
    if (ch == '[') {
      part = parseClass(true);
    } else {
      --cursor_;
      part = parseClass(false);
    }
    if (part)
      right = right ? unite(std::move(*right), std::move(*part)) : std::move(part);
    ch = peek();
  }
  if (failed())
    return true;
  if (!have && !right)
    fail("Bad class syntax");
  else if (!have)
    have = std::move(right);
  else if (right)
    have = intersect(std::move(*have), std::move(*right));
  return true;
}

// One character, range, escape or property.
std::optional<ClassExpr> Parser::parseClassRange() {
  uint32_t low = peek();
  if (low == '\\') {
    uint32_t letter = at(cursor_ + 1);
    if (letter == 'p' || letter == 'P') {
      nextEscaped();
      std::optional<ClassExpr> expr = parseProperty();
      return expr && letter == 'P' ? complement(std::move(*expr)) : std::move(expr);
    }
    std::optional<uint32_t> point;
    NodePtr node = parseEscape(true, at(cursor_ + 2) == '-', point);
    if (failed())
      return std::nullopt;
    if (!point)
      return std::move(node->expr);
    low = *point;
  } else {
    next();
    low &= ~kQuoted;
  }
  if (peek() != '-' || at(cursor_ + 1) == ']' || at(cursor_ + 1) == '[')
    return makeRange(low, low);
  next();
  std::optional<uint32_t> high = peek();
  if (*high == '\\') {
    high.reset();
    parseEscape(true, true, high);
    if (failed())
      return std::nullopt;
  } else if (atEnd()) {
    ++cursor_;
    high.reset();
  } else {
    next();
    high = *high & ~kQuoted;
  }
  if (!high || *high < low) {
    fail("Illegal character range");
    return std::nullopt;
  }
  return makeRange(low, *high);
}

} // namespace branchline::runtime::regex
