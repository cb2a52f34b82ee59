// Running compiled patterns: successive matches, positions inside surrogate pairs, hooks, limits.
//
// PCRE2 reads our strings as they are: an unpaired surrogate in its three-byte form decodes to the
// surrogate. For a search that starts between the halves of a pair, a copy of the subject is made
// in which that one pair is written as two halves.
#include "RegexProgram.h"

#include "branchline/Runtime/Regex.h"
#include "branchline/Support/Assert.h"
#include "branchline/Support/Utf8.h"

#include <cstring>
#include <utf8proc.h>

namespace branchline::runtime {

using namespace regex;

namespace {

// Bounds of one search, in steps as PCRE2 counts them: half a second or so. Just-in-time code takes
// a few nanoseconds a step, the interpreter ten times that.
constexpr uint32_t kJitMatchLimit = 100'000'000;
constexpr uint32_t kMatchLimit = 20'000'000;
constexpr uint32_t kHeapLimitKiB = 256 * 1024;
constexpr size_t kJitStackStart = 32 * 1024;
constexpr size_t kJitStackMax = 16 * 1024 * 1024;
// Of the matches that look-behind hooks run themselves, in one search; and the steps of each.
constexpr uint64_t kNestedSearches = 10'000'000;
constexpr uint32_t kNestedMatchLimit = 2'000;
// How many marks in a row \b looks through for their base letter.
constexpr unsigned kMaxMarks = 256;

size_t characterLength(std::string_view text, size_t offset) {
  size_t end = offset;
  utf8::decode(text, end);
  return end - offset;
}

size_t previousCharacter(std::string_view text, size_t offset) {
  do
    --offset;
  while (offset > 0 && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80);
  return offset;
}

bool isPair(std::string_view text, size_t offset) {
  return offset < text.size() && static_cast<unsigned char>(text[offset]) >= 0xF0;
}

// True for an offset between the halves of a pair, which is two bytes into a character of four.
bool isInsidePair(std::string_view text, size_t offset) {
  return offset < text.size() && offset >= 2 &&
         (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80 && isPair(text, offset - 2);
}

} // namespace

struct NestedMatch {
  pcre2_match_data *data = nullptr;
  pcre2_match_context *context = nullptr;
};

struct MatchScratch::Impl {
  pcre2_match_context *context = pcre2_match_context_create(nullptr);
  pcre2_jit_stack *stack = pcre2_jit_stack_create(kJitStackStart, kJitStackMax, nullptr);
  pcre2_match_data *data = nullptr;
  uint32_t dataGroups = 0;
  std::vector<size_t> registers;   // start and end of each PCRE2 group
  std::vector<NestedMatch> nested; // by depth of look-behind hooks

  Impl() {
    pcre2_set_heap_limit(context, kHeapLimitKiB);
    if (stack)
      pcre2_jit_stack_assign(context, nullptr, stack);
  }
  Impl(const Impl &) = delete;
  Impl &operator=(const Impl &) = delete;
  ~Impl() {
    for (const NestedMatch &match : nested) {
      pcre2_match_data_free(match.data);
      pcre2_match_context_free(match.context);
    }
    pcre2_match_data_free(data);
    pcre2_jit_stack_free(stack);
    pcre2_match_context_free(context);
  }

  void reserveGroups(uint32_t groups) {
    if (groups <= dataGroups)
      return;
    pcre2_match_data_free(data);
    dataGroups = groups < 16 ? 16 : groups;
    data = pcre2_match_data_create(dataGroups, nullptr);
  }

  NestedMatch nestedAt(size_t depth) {
    while (nested.size() <= depth) {
      NestedMatch match;
      match.data = pcre2_match_data_create(16, nullptr);
      match.context = pcre2_match_context_create(nullptr);
      pcre2_set_match_limit(match.context, kNestedMatchLimit);
      pcre2_set_heap_limit(match.context, kHeapLimitKiB);
      nested.push_back(match);
    }
    return nested[depth];
  }
};

MatchScratch::MatchScratch() : impl_(std::make_unique<Impl>()) {}
MatchScratch::~MatchScratch() = default;
MatchScratch::MatchScratch(MatchScratch &&) noexcept = default;
MatchScratch &MatchScratch::operator=(MatchScratch &&) noexcept = default;

namespace {

// What hooks need to know about the search that asks them.
struct HookState {
  const Program *program;
  std::string_view subject;
  size_t lastEnd; // for \G
  size_t target;  // where the body of a look-behind must end
  size_t depth;   // of look-behind hooks
  uint64_t *searchesLeft;
  // Runs the body of a look-behind once; type-erased because the scratch memory is private.
  NestedMatch (*nestedAt)(void *scratch, size_t depth);
  void *scratch;
};

int answerHook(pcre2_callout_block *block, void *data);

utf8proc_category_t categoryOf(uint32_t point) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(point));
}

// A letter or digit stands before `end`, with nothing but marks between.
bool hasBase(std::string_view subject, size_t end) {
  for (unsigned i = 0; i < kMaxMarks && end > 0; ++i) {
    end = previousCharacter(subject, end);
    size_t offset = end;
    utf8proc_category_t category = categoryOf(utf8::decode(subject, offset));
    if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO)
      return true;
    if (category == UTF8PROC_CATEGORY_ND)
      return true;
    if (category != UTF8PROC_CATEGORY_MN)
      return false;
  }
  return false;
}

// Whether the character at `offset` is part of a word. \rule R3.8.6
bool isWordAt(std::string_view subject, size_t offset) {
  size_t start = offset;
  uint32_t point = utf8::decode(subject, offset);
  if (point < 0x80)
    return (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z') || point == '_' ||
           (point >= 'a' && point <= 'z');
  return categoryOf(point) == UTF8PROC_CATEGORY_MN && hasBase(subject, start);
}

bool isBoundary(std::string_view subject, size_t at) {
  bool left = at > 0 && isWordAt(subject, previousCharacter(subject, at));
  bool right = at < subject.size() && isWordAt(subject, at);
  return left != right;
}

bool equalButForAsciiCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size())
    return false;
  auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (size_t i = 0; i < a.size(); ++i)
    if (fold(a[i]) != fold(b[i]))
      return false;
  return true;
}

bool foldedReferenceHolds(const pcre2_callout_block &block, const Hook &hook,
                          std::string_view subject) {
  size_t from = block.offset_vector[2 * hook.mark];
  size_t groupStart = block.offset_vector[2 * hook.group];
  size_t groupEnd = block.offset_vector[2 * hook.group + 1];
  if (from == PCRE2_UNSET || groupStart == PCRE2_UNSET || from > block.current_position)
    return false;
  return equalButForAsciiCase(subject.substr(from, block.current_position - from),
                              subject.substr(groupStart, groupEnd - groupStart));
}

// Tries the body of a look-behind at each start it may have, nearest first.
// \returns 1 found, 0 not, negative: a PCRE2 error that ends the search
int searchBehind(const HookState &outer, const Hook &hook, size_t end) {
  NestedMatch match = outer.nestedAt(outer.scratch, outer.depth);
  HookState inner = outer;
  inner.program = hook.body.get();
  inner.target = end;
  inner.depth = outer.depth + 1;
  pcre2_set_callout(match.context, answerHook, &inner);
  size_t start = end;
  for (uint32_t length = 0;; ++length) {
    if (length >= hook.minLength) {
      if (*outer.searchesLeft == 0)
        return PCRE2_ERROR_MATCHLIMIT;
      --*outer.searchesLeft;
      int result =
          pcre2_match(hook.body->code, reinterpret_cast<PCRE2_SPTR>(outer.subject.data()),
                      outer.subject.size(), start, PCRE2_NO_UTF_CHECK, match.data, match.context);
      if (result >= 0)
        return 1;
      if (result != PCRE2_ERROR_NOMATCH)
        return PCRE2_ERROR_MATCHLIMIT;
    }
    if (start == 0 || length == hook.maxLength)
      return 0;
    start = previousCharacter(outer.subject, start);
  }
}

// \returns 0 to go on, 1 to backtrack, negative to give up with that error
int answerHook(pcre2_callout_block *block, void *data) {
  const auto &state = *static_cast<const HookState *>(data);
  const Hook &hook = state.program->hooks[block->callout_number - 1];
  size_t at = block->current_position;
  bool holds = false;
  switch (hook.kind) {
  case HookSpec::Kind::LastMatch:
    holds = at == state.lastEnd;
    break;
  case HookSpec::Kind::Boundary:
    holds = isBoundary(state.subject, at);
    break;
  case HookSpec::Kind::NotBoundary:
    holds = !isBoundary(state.subject, at);
    break;
  case HookSpec::Kind::FoldedRef:
    holds = foldedReferenceHolds(*block, hook, state.subject);
    break;
  case HookSpec::Kind::EndsHere:
    holds = at == state.target;
    break;
  case HookSpec::Kind::LookBehind:
  case HookSpec::Kind::NotLookBehind: {
    int found = searchBehind(state, hook, at);
    if (found < 0)
      return found;
    holds = (found == 1) == (hook.kind == HookSpec::Kind::LookBehind);
    break;
  }
  }
  return holds ? 0 : 1;
}

} // namespace

RegexMatcher::RegexMatcher(const Regex &regex, std::string_view subject, MatchScratch &scratch)
    : regex_(*regex.impl_), subject_(subject), scratch_(*scratch.impl_) {
  if (!subject_.data())
    subject_ = "";
  isAscii_ = utf8::isAscii(subject_);
  if (!isAscii_ && !isWellFormed(subject_))
    final_ = MatchStatus::MalformedText;
}

// One run of PCRE2; fills the registers.
int RegexMatcher::runAt(std::string_view subject, size_t start, size_t lastEnd, bool anchored) {
  const Program &program = isAscii_ && regex_.ascii ? *regex_.ascii : *regex_.general;
  scratch_.reserveGroups(program.captureCount + 1);
  uint64_t searchesLeft = kNestedSearches;
  HookState state{&program,
                  subject,
                  lastEnd,
                  0,
                  0,
                  &searchesLeft,
                  [](void *impl, size_t depth) {
                    return static_cast<MatchScratch::Impl *>(impl)->nestedAt(depth);
                  },
                  &scratch_};
  if (program.hooks.empty())
    pcre2_set_callout(scratch_.context, nullptr, nullptr);
  else
    pcre2_set_callout(scratch_.context, answerHook, &state);
  auto text = reinterpret_cast<PCRE2_SPTR>(subject.data());
  pcre2_match_data *data = scratch_.data;
  pcre2_match_data *ownData = nullptr;
  int result;
  pcre2_set_match_limit(scratch_.context, program.jit && !anchored ? kJitMatchLimit : kMatchLimit);
  if (program.jit && !anchored) {
    result = pcre2_jit_match(program.code, text, subject.size(), start, 0, data, scratch_.context);
    if (result == PCRE2_ERROR_JIT_STACKLIMIT) {
      // The interpreter keeps its backtracking points on the heap, as part of the match data. That
      // can be much here, so this data does not outlive the search.
      ownData = data = pcre2_match_data_create(program.captureCount + 1, nullptr);
      searchesLeft = kNestedSearches;
      pcre2_set_match_limit(scratch_.context, kMatchLimit);
      result = pcre2_match(program.code, text, subject.size(), start,
                           PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, data, scratch_.context);
    }
  } else {
    uint32_t options = PCRE2_NO_UTF_CHECK | (anchored ? PCRE2_ANCHORED : 0);
    result =
        pcre2_match(program.code, text, subject.size(), start, options, data, scratch_.context);
  }
  if (result > 0) {
    const size_t *offsets = pcre2_get_ovector_pointer(data);
    size_t count = 2 * static_cast<size_t>(result);
    scratch_.registers.assign(offsets, offsets + count);
    // Groups behind the last one that took part.
    scratch_.registers.resize(2 * (size_t(program.captureCount) + 1), npos);
  }
  pcre2_match_data_free(ownData);
  return result;
}

MatchStatus RegexMatcher::finish(MatchStatus status) {
  if (status != MatchStatus::Match)
    final_ = status;
  return status;
}

MatchStatus RegexMatcher::next() {
  if (final_ != MatchStatus::Match)
    return final_;
  size_t from = end_;
  if (started_ && begin_ == end_) {
    // One unit further; of a pair, that is between its halves (R3.8.1).
    if (from >= subject_.size())
      return finish(MatchStatus::NoMatch);
    if (isInsidePair(subject_, from))
      from += 2;
    else
      from += isPair(subject_, from) ? 2 : characterLength(subject_, from);
  }
  if (isInsidePair(subject_, from)) {
    MatchStatus status = searchInsidePair(from - 2);
    if (status != MatchStatus::NoMatch)
      return finish(status);
    from += 2;
  }
  return finish(search(from));
}

MatchStatus RegexMatcher::search(size_t from) {
  inSplit_ = false;
  if (!regex_.literal.empty()) {
    size_t at = subject_.find(regex_.literal, from);
    if (at == npos)
      return MatchStatus::NoMatch;
    begin_ = at;
    end_ = at + regex_.literal.size();
  } else {
    // Where \G holds; a place inside a pair is behind `from` and cannot matter.
    int result = runAt(subject_, from, end_, false);
    if (result == PCRE2_ERROR_NOMATCH)
      return MatchStatus::NoMatch;
    if (result < 0)
      return MatchStatus::LimitExceeded;
    begin_ = scratch_.registers[0];
    end_ = scratch_.registers[1];
  }
  started_ = true;
  return MatchStatus::Match;
}

// Writes the pair at `pair` as two halves in `split_`. Pairs come in order, so that all moves
// together copy the subject once.
void RegexMatcher::moveSplit(size_t pair) {
  constexpr size_t kGrowth = 2; // two halves of three bytes for one character of four
  if (splitAt_ == npos) {
    split_.reserve(subject_.size() + kGrowth);
    split_.assign(subject_.substr(0, pair));
    split_.append(6, '\0');
    split_.append(subject_.substr(pair + 4));
  } else {
    // Put the last pair back and close the gap up to the new one.
    std::memcpy(split_.data() + splitAt_, subject_.data() + splitAt_, pair - splitAt_);
  }
  splitAt_ = pair;
  size_t offset = pair;
  uint32_t point = utf8::decode(subject_, offset) - 0x10000;
  std::string halves;
  utf8::append(halves, 0xD800 + (point >> 10));
  utf8::append(halves, 0xDC00 + (point & 0x3FF));
  BL_ASSERT(halves.size() == 6, "two surrogates take six bytes");
  std::memcpy(split_.data() + pair, halves.data(), halves.size());
}

// Offsets into `split_` as offsets into the subject, the place between the halves as two bytes
// into the pair.
size_t RegexMatcher::mapOffset(size_t offset) const {
  if (!inSplit_ || offset == npos || offset <= splitAt_)
    return offset;
  return offset == splitAt_ + 3 ? splitAt_ + 2 : offset - 2;
}

// A match that starts between the halves of the pair, or none.
MatchStatus RegexMatcher::searchInsidePair(size_t pair) {
  if (!regex_.literal.empty())
    return MatchStatus::NoMatch;
  moveSplit(pair);
  size_t start = pair + 3;
  size_t lastEnd = end_ == pair + 2 ? start : end_;
  int result = runAt(split_, start, lastEnd, true);
  if (result == PCRE2_ERROR_NOMATCH)
    return MatchStatus::NoMatch;
  if (result < 0)
    return MatchStatus::LimitExceeded;
  inSplit_ = true;
  begin_ = mapOffset(scratch_.registers[0]);
  end_ = mapOffset(scratch_.registers[1]);
  started_ = true;
  return MatchStatus::Match;
}

size_t RegexMatcher::begin(unsigned group) const {
  if (group == 0)
    return begin_;
  return mapOffset(scratch_.registers[2 * size_t(regex_.groupNumber[group])]);
}

size_t RegexMatcher::end(unsigned group) const {
  if (group == 0)
    return end_;
  return mapOffset(scratch_.registers[2 * size_t(regex_.groupNumber[group]) + 1]);
}

std::string_view RegexMatcher::text(std::string &storage, unsigned group) const {
  size_t from = begin(group);
  size_t to = end(group);
  if (from == npos)
    return {};
  if (isAscii_ || (!isInsidePair(subject_, from) && !isInsidePair(subject_, to)))
    return subject_.substr(from, to - from);
  storage.clear();
  appendSlice(storage, subject_, from, to);
  return storage;
}

void appendSlice(std::string &out, std::string_view subject, size_t begin, size_t end) {
  auto unitOf = [&](size_t pair, bool low) {
    uint32_t point = utf8::decode(subject, pair) - 0x10000;
    return static_cast<uint16_t>(low ? 0xDC00 + (point & 0x3FF) : 0xD800 + (point >> 10));
  };
  if (begin >= end)
    return;
  if (isInsidePair(subject, begin)) {
    utf8::appendUnit(out, unitOf(begin - 2, true));
    begin += 2;
  }
  bool cut = isInsidePair(subject, end);
  size_t whole = cut ? end - 2 : end;
  if (begin < whole)
    utf8::appendText(out, subject.substr(begin, whole - begin));
  if (cut)
    utf8::appendUnit(out, unitOf(end - 2, false));
}

} // namespace branchline::runtime
