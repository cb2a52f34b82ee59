// Parser of the java.util.regex dialect. It follows that dialect's cursor movements closely enough
// to report its error texts at its indexes. Leaves out: canonical equivalence (flag `c`).
#pragma once

#include "RegexAst.h"
#include "RegexClasses.h"

#include "branchline/Support/Expected.h"

#include <optional>
#include <string_view>

namespace branchline::runtime::regex {

/// What is wrong with a pattern, and where.
struct SyntaxError {
  std::string description;
  ptrdiff_t index; // in code points
};

class Parser {
public:
  /// \param pattern borrowed; well-formed
  explicit Parser(std::string_view pattern);

  /// Parses the whole pattern. Call once.
  Expected<ParsedPattern, SyntaxError> parse();

private:
  struct Flags {
    bool caseInsensitive = false;
    bool unicodeCase = false;
    bool unicodeClasses = false;
    bool multiline = false;
    bool dotAll = false;
    bool unixLines = false;
    bool comments = false;
  };

  // Pattern characters are code points; those from \Q...\E carry kQuoted, so that they never equal
  // a character with a meaning. kEnd stands behind the last one.
  static constexpr uint32_t kQuoted = 0x80000000;
  static constexpr uint32_t kEnd = 0x7FFFFFFF;
  // Groups and classes within each other; recursion is bounded by it.
  static constexpr unsigned kMaxNesting = 250;

  // Cursor: peek and next skip blanks and comments under (?x), at, skip and nextEscaped do not.
  uint32_t at(size_t index) const { return index < chars_.size() ? chars_[index] : kEnd; }
  bool atEnd() const { return cursor_ >= chars_.size(); }
  uint32_t peek();
  uint32_t read();
  uint32_t next();
  uint32_t nextEscaped() { return at(++cursor_); }
  uint32_t skip();
  bool endsLine(uint32_t ch) const;

  NodePtr fail(std::string description);
  bool failed() const { return error_.has_value(); }

  void unquote(std::string_view pattern);
  NodePtr parseAlternation();
  NodePtr parseSequence();
  NodePtr parseAtom();
  NodePtr parseAnchor(uint32_t ch);
  NodePtr parseGroup();
  NodePtr parseGroupBody(NodePtr group);
  bool openSpecialGroup(NodePtr &group);
  NodePtr parseQuantifier(NodePtr atom);
  bool parseCounts(uint32_t &min, uint32_t &max);
  bool parseFlags();
  bool applyFlag(uint32_t ch, bool on);
  std::optional<std::string> parseGroupName(uint32_t first);
  bool lookBehindIsBounded(const Node &body);

  // Escapes give a node, or a code point in `point`.
  NodePtr parseEscape(bool inClass, bool rangeBound, std::optional<uint32_t> &point);
  NodePtr parseAnchorEscape(uint32_t letter);
  NodePtr parseNumberedReference(uint32_t number);
  NodePtr parseNamedReference();
  std::optional<uint32_t> parseCharacterEscape(uint32_t letter);
  std::optional<uint32_t> parseOctal();
  std::optional<uint32_t> parseHex();
  std::optional<uint32_t> parseUnicode();
  std::optional<uint32_t> parseUnicodeUnit();
  std::optional<ClassExpr> parseProperty();
  std::optional<ClassExpr> propertyByName(const std::string &name);

  std::optional<ClassExpr> parseClass(bool consumeEnd);
  std::optional<ClassExpr> parseClassRange();
  bool parseIntersection(std::optional<ClassExpr> &have);

  NodePtr makeChar(uint32_t point);
  ClassExpr makeRange(uint32_t low, uint32_t high);
  Fold fold() const;

  std::vector<uint32_t> chars_;
  size_t cursor_ = 0;
  Flags flags_;
  unsigned nesting_ = 0;
  unsigned groupCount_ = 0;
  std::vector<std::pair<std::string, unsigned>> names_;
  std::vector<Node *> references_; // to be checked against the final number of groups
  std::optional<CaseFolds> folds_;
  std::optional<SyntaxError> error_;
};

} // namespace branchline::runtime::regex
