// Regular expressions in the dialect of MATCH and REPLACE: java.util.regex without flags, matched
// by code point. A pattern is parsed by our own parser (which gives the documented error texts),
// rewritten as an equivalent PCRE2 pattern and run by PCRE2, just-in-time compiled where it can be.
// Leaves out: `\N{...}`, `\b{g}`, blocks `\p{In...}`, `\p{javaXxx}`, capturing groups in a
// look-behind of variable length; such patterns are rejected, never matched differently. With
// `(?iu)` a back-reference takes two characters for equal when Unicode's simple folding does.
#pragma once

#include "branchline/Support/Expected.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace branchline::runtime {

/// Why a pattern was rejected; the program sees it as a PatternSyntaxException. \rule R3.8.7
struct RegexError {
  std::string message;     // the complete text: description, index, pattern and caret line
  std::string description; // the first part of it, such as `Unclosed group`
  ptrdiff_t index = -1;    // in code points of the pattern; negative: not in the message
};

/// Working memory for matching: registers, the machine stack of compiled patterns. One per
/// session; not thread-safe. It keeps no reference to a pattern or a subject between calls.
class MatchScratch {
public:
  MatchScratch();
  ~MatchScratch();
  MatchScratch(MatchScratch &&) noexcept;
  MatchScratch &operator=(MatchScratch &&) noexcept;

private:
  friend class RegexMatcher;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct RegexImpl;

/// A compiled pattern: immutable. \threads any number at once, one MatchScratch each
class Regex {
public:
  /// Parses and compiles a pattern.
  /// \param pattern borrowed for the call; UTF-8 in which unpaired surrogates may occur
  /// \errors RegexError for a malformed, unsupported or too large pattern
  /// \rule R3.8.4, R3.8.5, R3.8.7
  static Expected<std::shared_ptr<const Regex>, RegexError> compile(std::string_view pattern);

  /// Number of capturing groups, the whole match not counted.
  unsigned groupCount() const;

  /// The number of a named group, or 0 when there is none of that name.
  unsigned groupNumber(std::string_view name) const;

  explicit Regex(std::unique_ptr<RegexImpl> impl);
  ~Regex();
  Regex(const Regex &) = delete;
  Regex &operator=(const Regex &) = delete;

private:
  friend class RegexMatcher;
  std::unique_ptr<const RegexImpl> impl_;
};

/// What a search came to.
enum class MatchStatus : uint8_t {
  Match,
  NoMatch,
  LimitExceeded, // the pattern backtracks too much on this text
  MalformedText  // the subject is not UTF-8 (with unpaired surrogates allowed)
};

/// Walks through the successive matches of a pattern in a text. Keeps references to the pattern,
/// the text and the scratch memory until it is destroyed; temporaries do not compile.
///
/// Offsets are bytes. Since the language counts UTF-16 units, an empty match may lie between the
/// two halves of a supplementary character: that position is written as the offset of the
/// character plus two, which is no character's start. `appendSlice` understands such offsets.
/// \rule R3.8.1
class RegexMatcher {
public:
  static constexpr size_t npos = std::string_view::npos;

  RegexMatcher(const Regex &regex, std::string_view subject, MatchScratch &scratch);
  RegexMatcher(Regex &&, std::string_view, MatchScratch &) = delete;
  template <std::same_as<std::string> Temporary>
  RegexMatcher(const Regex &, Temporary &&, MatchScratch &) = delete;
  RegexMatcher(const RegexMatcher &) = delete;
  RegexMatcher &operator=(const RegexMatcher &) = delete;

  /// Finds the next match: at or after the end of the last one, one UTF-16 unit further if that
  /// was empty. After anything but Match every further call gives the same answer.
  /// \complexity what the pattern asks for, cut off after some hundred milliseconds
  MatchStatus next();

  /// Where the group of the last match starts and ends; npos when it took no part.
  /// \param group 0 is the whole match; at most `groupCount()`
  size_t begin(unsigned group = 0) const;
  size_t end(unsigned group = 0) const;

  /// The text of the last match. \param storage used only when the text is cut out of a surrogate
  /// pair \returns a view into the subject or into `storage`; empty when it took no part
  std::string_view text(std::string &storage, unsigned group = 0) const;

private:
  size_t mapOffset(size_t offset) const;
  int runAt(std::string_view subject, size_t start, size_t lastEnd, bool anchored);
  MatchStatus search(size_t from);
  MatchStatus searchInsidePair(size_t pair);
  void moveSplit(size_t pair);
  MatchStatus finish(MatchStatus status);

  const RegexImpl &regex_;
  std::string_view subject_;
  MatchScratch::Impl &scratch_;
  std::string split_;     // the subject with one pair written as two halves
  size_t splitAt_ = npos; // which pair that is
  size_t begin_ = 0;      // of the last match
  size_t end_ = 0;        // of the last match; 0 before the first
  bool started_ = false;  // whether there was a match
  bool inSplit_ = false;  // the registers hold offsets into `split_`
  bool isAscii_ = false;
  MatchStatus final_ = MatchStatus::Match; // what ended the walk, or Match
};

/// Appends the part of `subject` between two offsets of a match to `out`. Half of a surrogate pair
/// becomes an unpaired surrogate; halves that meet in `out` are joined again.
void appendSlice(std::string &out, std::string_view subject, size_t begin, size_t end);

/// Why a replacement failed.
struct ReplaceError {
  enum class Kind : uint8_t {
    IllegalArgument,  // malformed replacement text
    IndexOutOfBounds, // reference to a group that does not exist
    LimitExceeded,    // the pattern backtracks too much
    ResultTooLong,    // the result would be longer than the bound
    Stopped,          // `poll` said so
    MalformedText     // the subject is not well-formed
  };
  Kind kind;
  std::string message;
};

/// Bounds of one replacement.
struct ReplaceLimits {
  size_t maxBytes = SIZE_MAX;
  std::function<bool()> poll; // asked every few hundred matches; false stops
};

/// Replaces every match. The replacement text is only looked at when there is a match.
/// \param replacement `$1`, `${name}`, `\c` as in R3.8.3
/// \returns nothing when there was no match, so that the caller can keep the subject
/// \rule R3.8.2, R3.8.3
Expected<std::optional<std::string>, ReplaceError>
replaceAll(const Regex &regex, std::string_view subject, std::string_view replacement,
           MatchScratch &scratch, const ReplaceLimits &limits = {});

/// Compiled patterns of one session by their text, and the scratch memory to match with. Bounded:
/// it forgets all patterns when it is full. Not thread-safe.
class RegexCache {
public:
  /// The compiled pattern, from the cache if it was asked for before.
  /// \errors RegexError; errors are not cached
  Expected<std::shared_ptr<const Regex>, RegexError> get(std::string_view pattern);

  MatchScratch &scratch() { return scratch_; }

private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  static constexpr size_t kMaxEntries = 64;
  // Longer patterns are compiled each time, so that the cache is bounded in bytes too.
  static constexpr size_t kMaxPatternBytes = 4096;

  std::unordered_map<std::string, std::shared_ptr<const Regex>, Hash, std::equal_to<>> entries_;
  MatchScratch scratch_;
};

} // namespace branchline::runtime
