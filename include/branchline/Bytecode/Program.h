// A compiled program in memory: what BCGen makes, files hold and the VM runs. Plain data; a program
// that verifies (Verifier.h) is immutable and shared by threads.
#pragma once

#include "branchline/Bytecode/Opcode.h"
#include "branchline/Support/SourceText.h"

#include <cstdint>
#include <string>
#include <vector>

namespace branchline::bytecode {

/// A constant of the pool; the same kinds as in BIR.
struct Constant {
  enum class Kind : uint8_t { Null, Bool, Int, Float, BigInt, Decimal, String } kind;
  int64_t integer = 0; // Bool: 0 or 1
  double real = 0;
  std::string text; // String: WTF-8; BigInt and Decimal: the number's text
  bool operator==(const Constant &other) const; // floats by bits
};

/// What a register may hold; fixed for the whole function. Value registers start unbound, cell
/// registers with a fresh unbound cell, iterator registers exhausted.
enum class RegisterClass : uint8_t { Value, Cell, Iterator };

enum class FunctionKind : uint8_t { Transform, Func, Lambda };

/// Traps raised in words [begin, end) go to `target`. Of several regions with a word the first in
/// the table is meant (innermost first).
struct HandlerRegion {
  uint32_t begin;
  uint32_t end;
  uint32_t target;
};

/// From word `pc` on (until the next entry) instructions belong to this place; line 0: none.
struct LineEntry {
  uint32_t pc;
  LineColumn at;
};

inline constexpr uint32_t kNoSite = 0xFFFFFFFF;

/// A call that is gone because the body of its callee stands in its place. A trap raised in that
/// body has a frame of the callee on its call stack.
struct InlineSite {
  uint32_t callee = 0;       // a FUNC or lambda
  uint32_t parent = kNoSite; // the row, before this one, in whose body the call stood
  LineColumn at{0, 0};       // of the call; line 0: none, as in stripped files
};

/// From word `pc` on (until the next entry) instructions came from the body of this inlined call;
/// kNoSite: from the function's own text. So do those before the first entry.
struct SiteEntry {
  uint32_t pc;
  uint32_t site;
};

/// Where a suspended activation goes on, and which registers it still needs.
struct ResumePoint {
  uint32_t pc;                // of the suspend instruction
  std::vector<uint16_t> live; // registers, ascending
};

struct Function {
  FunctionKind kind;
  std::string sourceName;       // as in the program; empty: anonymous
  std::vector<uint16_t> params; // registers the arguments go to, in order; may repeat
  std::vector<RegisterClass>
      registers;         // classes of the frame's registers, outgoing windows included
  uint16_t captures = 0; // number of captured cells
  std::vector<Word> code;
  std::vector<HandlerRegion> handlers;
  std::vector<LineEntry> lines; // ascending; may be empty in stripped files
  std::vector<ResumePoint> resumePoints;
  std::vector<InlineSite> inlineSites;
  std::vector<SiteEntry> siteEntries; // ascending
};

/// The keys of an object literal, in order.
struct Layout {
  std::vector<uint32_t> keys; // constants (String, Int, BigInt), or kComputedKey
  bool operator==(const Layout &) const = default;
};
inline constexpr uint32_t kComputedKey = 0xFFFFFFFF;

/// The segments of a write path.
struct PathSegment {
  enum class Kind : uint8_t { Name, Index, Computed } kind;
  uint32_t constant = 0; // Name: String; Index: Int or BigInt
  bool operator==(const PathSegment &) const = default;
};
struct Path {
  std::vector<PathSegment> segments;
  /// Number of computed segments.
  unsigned computed() const;
  bool operator==(const Path &) const = default;
};

/// A function the program calls by name: of the library or of the host.
struct Import {
  enum class Kind : uint8_t { Library, Host } kind;
  std::string name;
  bool operator==(const Import &) const = default;
};

struct TransformEntry {
  std::string name; // empty: anonymous
  uint32_t function;
};

struct SharedResource {
  std::string name;
  bool single = false;
};

struct Program {
  std::vector<Constant> constants;
  std::vector<Layout> layouts;
  std::vector<Path> paths;
  std::vector<Import> imports;
  std::vector<SharedResource> shared;
  std::vector<Function> functions;
  std::vector<TransformEntry> transforms; // in source order
  /// The smallest call depth limit that a run may have: calls that are gone are not counted, so it
  /// could not meet a smaller one where it should. At most kMaxInlineDepth; 0: any limit will do.
  uint32_t minCallDepth = 0;
  std::string sourceName; // debug information; empty when stripped
  std::string source;     // the program text; empty when stripped

  /// \param name empty: the first transform. \returns null when there is none
  const TransformEntry *findTransform(std::string_view name) const;
};

} // namespace branchline::bytecode
