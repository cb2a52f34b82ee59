// Sets of code points, and the boolean expressions over them that a character class denotes.
// Explicit sets are combined by arithmetic; Unicode properties stay symbolic, because PCRE2 tests
// them by table and their range lists are long. Leaves out: which names denote which sets.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace branchline::runtime::regex {

inline constexpr uint32_t kMaxCodePoint = 0x10FFFF;

/// A set of code points as sorted, disjoint, non-adjacent ranges (both ends included).
class CodePointSet {
public:
  using Range = std::pair<uint32_t, uint32_t>;

  CodePointSet() = default;
  CodePointSet(std::initializer_list<Range> ranges);

  void add(uint32_t low, uint32_t high);
  void add(uint32_t codePoint) { add(codePoint, codePoint); }
  void add(const CodePointSet &other);
  bool contains(uint32_t codePoint) const;
  bool empty() const { return ranges_.empty(); }
  const std::vector<Range> &ranges() const { return ranges_; }

  CodePointSet complement() const;
  CodePointSet intersection(const CodePointSet &other) const;

  static CodePointSet all() { return CodePointSet{{0, kMaxCodePoint}}; }

private:
  std::vector<Range> ranges_;
};

/// What a character class matches.
struct ClassExpr {
  enum class Kind : uint8_t {
    Set,          // `set`
    Property,     // PCRE2's \p{property}, or \P{property} if `negated`
    Union,        // of `parts`
    Intersection, // of `parts`
    Complement    // of the one part
  };
  Kind kind = Kind::Set;
  bool negated = false;
  CodePointSet set;
  std::string property;
  std::vector<ClassExpr> parts;

  ClassExpr() = default;
  ClassExpr(CodePointSet points) : set(std::move(points)) {}
  static ClassExpr ofProperty(std::string name);
};

/// Union, intersection and complement, as simple as they can be had.
ClassExpr unite(ClassExpr a, ClassExpr b);
ClassExpr intersect(ClassExpr a, ClassExpr b);
ClassExpr complement(ClassExpr a);

/// Writes an expression as PCRE2 pattern text that matches one character and is one unit for a
/// quantifier.
void printClass(std::string &out, const ClassExpr &expr);

/// Writes one code point as a literal of a PCRE2 pattern, outside or inside a class.
void printLiteral(std::string &out, uint32_t codePoint);

} // namespace branchline::runtime::regex
