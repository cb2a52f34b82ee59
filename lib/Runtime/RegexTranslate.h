// From a parsed pattern to a PCRE2 pattern with the same meaning. Anchors, classes and case are
// spelled out, so that PCRE2's own ideas of them do not matter; what it cannot express becomes a
// hook, a callout that answers whether matching may go on here.
// Leaves out: compiling and running the result.
#pragma once

#include "RegexAst.h"

namespace branchline::runtime::regex {

/// A question that PCRE2 asks us while it matches.
struct HookSpec {
  enum class Kind : uint8_t {
    LastMatch, // is this where the last match ended?
    Boundary,  // is this a word boundary (R3.8.6)?
    NotBoundary,
    FoldedRef,  // is the text since group `mark` group `group`, but for ASCII case?
    LookBehind, // does a match of `body` end here?
    NotLookBehind,
    EndsHere // is this where the surrounding look-behind was asked?
  };
  Kind kind;
  uint32_t mark = 0; // PCRE2 group numbers
  uint32_t group = 0;
  const Node *body = nullptr; // of a look-behind; borrowed from the tree
  uint32_t minLength = 0;     // of the body, in code points
  uint32_t maxLength = 0;
};

struct Translation {
  std::string pattern;
  std::vector<HookSpec> hooks;       // callout number n is hook n - 1
  std::vector<uint32_t> groupNumber; // PCRE2's number by ours; [0] is 0
  bool asksBoundary = false;         // whether a hook serves \b or \B
  bool keepBacktracking = false;     // PCRE2 must not make repetitions possessive by itself
  bool plainSearch = false;          // PCRE2 must not derive what a match starts or ends with
  std::string error;                 // not empty: the pattern cannot be translated
};

struct TranslateOptions {
  bool asciiSubject = false;    // only ASCII text will be searched
  bool hookLookBehinds = false; // PCRE2 refused a look-behind: use hooks for all of them
  bool endHook = false;         // the pattern must end where the look-behind was asked
};

/// \param root outlives the result, whose hooks point into it
Translation translate(const Node &root, unsigned groupCount, const TranslateOptions &options);

} // namespace branchline::runtime::regex
