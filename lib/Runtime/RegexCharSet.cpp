// Arithmetic on code point sets, and how class expressions are written for PCRE2.
#include "RegexCharSet.h"

#include <algorithm>
#include <fmt/format.h>

namespace branchline::runtime::regex {

CodePointSet::CodePointSet(std::initializer_list<Range> ranges) {
  for (const Range &range : ranges)
    add(range.first, range.second);
}

void CodePointSet::add(uint32_t low, uint32_t high) {
  if (ranges_.empty() || low > ranges_.back().second + 1) {
    ranges_.emplace_back(low, high);
    return;
  }
  // The first range that overlaps or touches [low, high], and the first behind it that does not.
  auto first =
      std::lower_bound(ranges_.begin(), ranges_.end(), low, [](const Range &range, uint32_t value) {
        return uint64_t(range.second) + 1 < value;
      });
  auto last = first;
  while (last != ranges_.end() && last->first <= uint64_t(high) + 1) {
    low = std::min(low, last->first);
    high = std::max(high, last->second);
    ++last;
  }
  if (first == last) {
    ranges_.insert(first, Range(low, high));
  } else {
    *first = Range(low, high);
    ranges_.erase(first + 1, last);
  }
}

void CodePointSet::add(const CodePointSet &other) {
  for (const Range &range : other.ranges_)
    add(range.first, range.second);
}

bool CodePointSet::contains(uint32_t codePoint) const {
  auto at =
      std::lower_bound(ranges_.begin(), ranges_.end(), codePoint,
                       [](const Range &range, uint32_t value) { return range.second < value; });
  return at != ranges_.end() && at->first <= codePoint;
}

CodePointSet CodePointSet::complement() const {
  CodePointSet result;
  uint32_t next = 0;
  for (const Range &range : ranges_) {
    if (range.first > next)
      result.ranges_.emplace_back(next, range.first - 1);
    next = range.second + 1;
  }
  if (next <= kMaxCodePoint)
    result.ranges_.emplace_back(next, kMaxCodePoint);
  return result;
}

CodePointSet CodePointSet::intersection(const CodePointSet &other) const {
  CodePointSet result;
  auto a = ranges_.begin();
  auto b = other.ranges_.begin();
  while (a != ranges_.end() && b != other.ranges_.end()) {
    uint32_t low = std::max(a->first, b->first);
    uint32_t high = std::min(a->second, b->second);
    if (low <= high)
      result.ranges_.emplace_back(low, high);
    if (a->second < b->second)
      ++a;
    else
      ++b;
  }
  return result;
}

ClassExpr ClassExpr::ofProperty(std::string name) {
  ClassExpr result;
  result.kind = Kind::Property;
  result.property = std::move(name);
  return result;
}

namespace {

using Kind = ClassExpr::Kind;

ClassExpr combine(Kind kind, ClassExpr a, ClassExpr b) {
  ClassExpr result;
  result.kind = kind;
  // Operands of the same kind are spliced in, and explicit sets meet in one operand.
  for (ClassExpr *operand : {&a, &b}) {
    std::vector<ClassExpr> parts;
    if (operand->kind == kind)
      parts = std::move(operand->parts);
    else
      parts.push_back(std::move(*operand));
    for (ClassExpr &part : parts) {
      ClassExpr *explicitPart = nullptr;
      if (part.kind == Kind::Set)
        for (ClassExpr &have : result.parts)
          if (have.kind == Kind::Set)
            explicitPart = &have;
      if (!explicitPart)
        result.parts.push_back(std::move(part));
      else if (kind == Kind::Union)
        explicitPart->set.add(part.set);
      else
        explicitPart->set = explicitPart->set.intersection(part.set);
    }
  }
  if (result.parts.size() == 1) {
    ClassExpr only = std::move(result.parts.front());
    return only;
  }
  return result;
}

bool fitsInBrackets(const ClassExpr &expr) {
  if (expr.kind == Kind::Set || expr.kind == Kind::Property)
    return true;
  return expr.kind == Kind::Union &&
         std::all_of(expr.parts.begin(), expr.parts.end(), fitsInBrackets);
}

void printProperty(std::string &out, const ClassExpr &expr) {
  out += expr.negated ? "\\P{" : "\\p{";
  out += expr.property;
  out += '}';
}

void printRanges(std::string &out, const CodePointSet &set) {
  for (auto [low, high] : set.ranges()) {
    printLiteral(out, low);
    if (high > low) {
      if (high > low + 1)
        out += '-';
      printLiteral(out, high);
    }
  }
}

void printInBrackets(std::string &out, const ClassExpr &expr) {
  if (expr.kind == Kind::Set)
    printRanges(out, expr.set);
  else if (expr.kind == Kind::Property)
    printProperty(out, expr);
  else
    for (const ClassExpr &part : expr.parts)
      printInBrackets(out, part);
}

void printSet(std::string &out, const CodePointSet &set) {
  if (set.empty()) {
    out += "(?:(?!))";
    return;
  }
  bool negate = set.contains(kMaxCodePoint);
  CodePointSet inverse;
  if (negate)
    inverse = set.complement();
  if (negate && inverse.empty()) {
    out += '.'; // with DOTALL: anything
    return;
  }
  const CodePointSet &shown = negate ? inverse : set;
  if (!negate && shown.ranges().size() == 1 &&
      shown.ranges()[0].first == shown.ranges()[0].second) {
    printLiteral(out, shown.ranges()[0].first);
    return;
  }
  out += negate ? "[^" : "[";
  printRanges(out, shown);
  out += ']';
}

} // namespace

ClassExpr unite(ClassExpr a, ClassExpr b) {
  return combine(Kind::Union, std::move(a), std::move(b));
}

ClassExpr intersect(ClassExpr a, ClassExpr b) {
  return combine(Kind::Intersection, std::move(a), std::move(b));
}

ClassExpr complement(ClassExpr a) {
  switch (a.kind) {
  case Kind::Set:
    return ClassExpr(a.set.complement());
  case Kind::Property:
    a.negated = !a.negated;
    return a;
  case Kind::Complement: {
    ClassExpr inner = std::move(a.parts.front());
    return inner;
  }
  case Kind::Union:
  case Kind::Intersection:
    break;
  }
  ClassExpr result;
  result.kind = Kind::Complement;
  result.parts.push_back(std::move(a));
  return result;
}

void printClass(std::string &out, const ClassExpr &expr) {
  switch (expr.kind) {
  case Kind::Set:
    printSet(out, expr.set);
    return;
  case Kind::Property:
    printProperty(out, expr);
    return;
  case Kind::Union:
    if (fitsInBrackets(expr)) {
      out += '[';
      printInBrackets(out, expr);
      out += ']';
      return;
    }
    out += "(?:";
    for (size_t i = 0; i < expr.parts.size(); ++i) {
      if (i > 0)
        out += '|';
      printClass(out, expr.parts[i]);
    }
    out += ')';
    return;
  case Kind::Intersection:
    // All but the last look ahead at the character that the last one takes.
    out += "(?:";
    for (size_t i = 0; i + 1 < expr.parts.size(); ++i) {
      out += "(?=";
      printClass(out, expr.parts[i]);
      out += ')';
    }
    printClass(out, expr.parts.back());
    out += ')';
    return;
  case Kind::Complement:
    if (fitsInBrackets(expr.parts.front())) {
      out += "[^";
      printInBrackets(out, expr.parts.front());
      out += ']';
      return;
    }
    out += "(?:(?!";
    printClass(out, expr.parts.front());
    out += ").)";
    return;
  }
}

void printLiteral(std::string &out, uint32_t codePoint) {
  bool plain = (codePoint >= '0' && codePoint <= '9') || (codePoint >= 'A' && codePoint <= 'Z') ||
               (codePoint >= 'a' && codePoint <= 'z');
  if (plain)
    out += static_cast<char>(codePoint);
  else
    fmt::format_to(std::back_inserter(out), "\\x{{{:x}}}", codePoint);
}

} // namespace branchline::runtime::regex
