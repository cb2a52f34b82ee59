// The tree of a parsed pattern. Flags are resolved while parsing: a node says exactly what it
// matches. Leaves out: positions in the pattern, which only the parser's errors need.
#pragma once

#include "RegexCharSet.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace branchline::runtime::regex {

inline constexpr uint32_t kUnbounded = 0xFFFFFFFF;

enum class NodeKind : uint8_t {
  Empty,
  Char,          // `point`; both cases of an ASCII letter if `fold` is Ascii
  Class,         // `expr`
  Sequence,      // of children
  Alternation,   // of children; only below a group or at the root
  Capture,       // of the child, number `group`
  Group,         // of the child
  Atomic,        // of the child
  LookAhead,     // of the child, `negated`
  LookBehind,    // of the child, `negated`
  Repeat,        // of the child, `min`, `max`, `mode`
  BackReference, // `group` (0: one that does not exist), `fold`
  InputStart,    // \A, and ^ without (?m)
  InputEnd,      // \z
  FinalEnd,      // \Z, and $ without (?m); `unixLines`
  LineStart,     // ^ with (?m); `unixLines`
  LineEnd,       // $ with (?m); `unixLines`
  LastMatch,     // \G
  WordBoundary,  // \b and \B (`negated`); `unicode`
  LineBreak,     // \R
  Cluster        // \X
};

enum class Fold : uint8_t { None, Ascii, Unicode };
enum class RepeatMode : uint8_t { Greedy, Reluctant, Possessive };

struct Node;
using NodePtr = std::unique_ptr<Node>;

struct Node {
  explicit Node(NodeKind nodeKind) : kind(nodeKind) {}
  NodeKind kind;
  Fold fold = Fold::None;
  RepeatMode mode = RepeatMode::Greedy;
  bool negated = false;
  bool unixLines = false;
  bool unicode = false;
  uint32_t point = 0;
  uint32_t group = 0;
  uint32_t min = 0;
  uint32_t max = 0;
  ClassExpr expr;
  std::vector<NodePtr> children;
};

/// A whole parsed pattern.
struct ParsedPattern {
  NodePtr root;
  unsigned groupCount = 0;
  std::vector<std::pair<std::string, unsigned>> names;
};

/// How many code points a node can match.
struct MatchLength {
  uint32_t min = 0;
  uint32_t max = 0;      // kUnbounded when there is no bound
  bool obvious = true;   // false: no maximum that a look-behind accepts (R3.8.5)
  unsigned openEnds = 0; // unbounded repetitions of single characters in it
};

/// \complexity O(nodes)
MatchLength matchLength(const Node &node);

/// Shortens what a look-behind starts with: `x{n,m}...` ends where `x{n}...` does, since a
/// look-behind may start anywhere. That leaves most of them with one length.
void simplifyLookBehind(Node &body);

/// True when the tree contains a node of that kind.
bool containsKind(const Node &node, NodeKind kind);

} // namespace branchline::runtime::regex
