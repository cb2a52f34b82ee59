// Moving past values that are not built. Everything is checked as if it were: grammar, escapes,
// numbers, keys that come twice, nesting. While doing so it finds out whether the text is the very
// text a compact writer would write, so that it can be copied.
#include "DigitScan.h"
#include "JsonNumber.h"
#include "JsonText.h"
#include "JsonWalker.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace branchline::format {

namespace {

/// Most digits of a number that goes through a double and back unchanged.
constexpr size_t kDoubleDigits = 15;
constexpr std::array<uint64_t, 16> kPowersOf10 = {1,
                                                  10,
                                                  100,
                                                  1'000,
                                                  10'000,
                                                  100'000,
                                                  1'000'000,
                                                  10'000'000,
                                                  100'000'000,
                                                  1'000'000'000,
                                                  10'000'000'000,
                                                  100'000'000'000,
                                                  1'000'000'000'000,
                                                  10'000'000'000'000,
                                                  100'000'000'000'000,
                                                  1'000'000'000'000'000};

/// Whether a number is written as it stands (R5.4.6): no exponent in either text, no zero at the
/// end of a fraction but a single one. \param digits  all digits as one number, at most
/// kDoubleDigits of them. \param scale  of the
///                fraction; 0: there is none
bool isWrittenSo(uint64_t digits, size_t wholeDigits, size_t scale, bool negative) {
  if (scale == 0)
    return digits != 0 || !negative;
  if (digits == 0)
    return scale == 1;
  if (digits % 10 == 0 && scale != 1)
    return false;
  const bool atLeastThousandth = scale <= 3 || digits >= kPowersOf10[scale - 3];
  return wholeDigits <= 7 && atLeastThousandth;
}

} // namespace

bool JsonWalker::hasBackslash(const char *from, const char *to) {
  if (nextBackslash_ < from) {
    const void *found = std::memchr(from, '\\', static_cast<size_t>(end_ - from));
    nextBackslash_ = found != nullptr ? static_cast<const char *>(found) : end_;
  }
  return nextBackslash_ < to;
}

bool JsonWalker::skipTrusted() {
  // How far a token leads into containers, or out of them: looked up, because a jump that depended
  // on it could not be predicted.
  static constexpr auto kInto = [] {
    std::array<int8_t, 256> into{};
    into['{'] = into['['] = 1;
    into['}'] = into[']'] = -1;
    return into;
  }();
  int32_t open = 0;
  uint32_t at = at_;
  do {
    if (at >= count_) // a lead may have led past the end
      return fail();
    open += kInto[static_cast<unsigned char>(text_[index_[at++]])];
  } while (open > 0);
  at_ = at;
  return open == 0 || fail();
}

/// The scalars that most values are, without a call. False when it is another value, or none.
/// \param begin  the current token, whose first byte is `c`. \param longer  grows by its bytes
/// beyond the first when the passage is measured
template <bool Measured>
[[gnu::always_inline]] inline bool JsonWalker::skipPlain(const char *begin, char c,
                                                         uint64_t &longer, Passage &passage) {
  if (c == '"') {
    if (!isPlainString())
      return false;
    if constexpr (Measured)
      longer += index_[at_ + 1] - index_[at_] - 1;
    ++at_;
    return true;
  }
  if (c == 'n' && isPlainNull()) {
    if constexpr (Measured)
      longer += std::string_view("null").size() - 1;
    ++at_;
    return true;
  }
  if ((c != '-' && !isDigit(c)) || end_ - begin < ShortNumber::kReads)
    return false;
  const ShortNumber number = readShortNumber(begin);
  if (number.length == 0)
    return false;
  if constexpr (Measured) {
    longer += number.length - 1;
    passage.asWritten = passage.asWritten &&
                        isWrittenSo(number.digits, number.whole, number.scale, number.negative);
  }
  ++at_;
  return true;
}

bool JsonWalker::skipValue(KeyNode *owner) {
  if (options_.trustInput)
    return skipTrusted();
  const char *begin = text_ + index_[at_];
  const char c = peek();
  uint64_t longer = 0;
  Passage passage;
  if (c == '{' || c == '[')
    return skip<false>(owner, passage);
  return skipPlain<false>(begin, c, longer, passage) || skipScalar<false>(begin, longer, passage);
}

bool JsonWalker::measure(KeyNode *owner, Passage &passage) {
  const char *begin = text_ + index_[at_];
  const char c = peek();
  uint64_t longer = 0;
  if (c == '{' || c == '[')
    return skip<true>(owner, passage);
  return skipPlain<true>(begin, c, longer, passage) || skipScalar<true>(begin, longer, passage);
}

/// As `skipPlain`, for all scalars. False when there is none, or not a good one.
template <bool Measured>
bool JsonWalker::skipScalar(const char *begin, uint64_t &longer, Passage &passage) {
  switch (at_ < count_ ? *begin : '\0') {
  case '"': {
    const uint32_t token = at_++;
    if constexpr (Measured)
      longer += static_cast<uint64_t>(closingQuote(token) - begin);
    return !hasBackslash(begin, text_ + index_[at_]) ||
           skipEscapes<Measured>(begin, closingQuote(token), passage);
  }
  case 't':
  case 'f':
  case 'n': {
    const auto left = static_cast<size_t>(end_ - begin);
    const size_t length = literalLength(begin, left);
    if (length == 0 || (left != length && !endsScalar(begin[length])))
      return fail();
    ++at_;
    longer += length - 1;
    return true;
  }
  case '\0':
    return fail();
  default: {
    size_t length = 0;
    if (!skipNumber<Measured>(begin, length, passage))
      return false;
    ++at_;
    longer += length - 1;
    return true;
  }
  }
}

// The innermost open container is held in local variables, those around it on the stack; tokens are
// told apart by one look at their first byte.
template <bool Measured> bool JsonWalker::skip(KeyNode *owner, Passage &passage) {
  const size_t outside = depth();
  const uint32_t first = at_;
  uint64_t longer = 0; // bytes of tokens beyond their first
  SkipFrame open{owner, nullptr, 0, ContainerKind::List};
  skipFrames_.clear();
  for (;;) {
    // A value.
    const char *begin = text_ + index_[at_];
    const char c = at_ < count_ ? *begin : '\0';
    if (c == '[' || c == '{') {
      if (outside + skipFrames_.size() >= options_.maxDepth)
        return fail();
      const bool isList = c == '[';
      skipFrames_.push_back(open);
      open = {owner, skipped_.root(), 0, isList ? ContainerKind::List : ContainerKind::Shaped};
      if constexpr (Measured)
        passage.depth = std::max(passage.depth, static_cast<uint32_t>(skipFrames_.size()));
      if (!isList && skipKnownKey(open, owner->skippedStart, longer)) {
        owner = open.node;
        continue;
      }
      ++at_;
      if (peek() != (isList ? ']' : '}')) {
        if (!isList) {
          if (!skipKey<Measured>(open, longer, passage))
            return false;
          owner = open.node;
        }
        continue;
      }
    } else if (!skipPlain<Measured>(begin, c, longer, passage) &&
               !skipScalar<Measured>(begin, longer, passage)) {
      return false;
    }
    // What follows it.
    for (;;) {
      if (skipFrames_.empty()) {
        // When the tokens are as we write them, what can differ is the space between them.
        if constexpr (Measured)
          passage.asWritten =
              passage.asWritten && longer + (at_ - first) == 1 + index_[at_ - 1] - index_[first];
        return true;
      }
      const bool isList = open.kind == ContainerKind::List;
      if (open.kind == ContainerKind::Shaped && skipKnownKey(open, open.node->lastHit, longer)) {
        owner = open.node;
        break;
      }
      const char next = take();
      if (next == ',') {
        if (isList) {
          owner = open.owner;
        } else {
          if (!skipKey<Measured>(open, longer, passage))
            return false;
          owner = open.node;
        }
        break;
      }
      if (next != (isList ? ']' : '}'))
        return fail();
      if (open.kind == ContainerKind::Generic && !closeSkipped(open))
        return false;
      open = skipFrames_.back();
      skipFrames_.pop_back();
    }
  }
}

/// The escapes of the string between two quotes.
template <bool Measured>
bool JsonWalker::skipEscapes(const char *quote, const char *close, Passage &passage) {
  const std::string_view raw(quote + 1, static_cast<size_t>(close - quote - 1));
  scratch_.clear();
  if (!unescape(scratch_, raw))
    return fail();
  if constexpr (Measured)
    passage.asWritten = passage.asWritten && hasWrittenEscapes(raw);
  return true;
}

template <bool Measured>
bool JsonWalker::skipNumber(const char *begin, size_t &length, Passage &passage) {
  if (openTail_) {
    passage.asWritten = false;
    return skipSlowNumber(begin, length);
  }
  const char *at = begin + (*begin == '-');
  const char *whole = at;
  uint64_t digits = 0; // meaningless past 18 digits, when it is not used
  for (; isDigit(*at); ++at)
    digits = digits * 10 + static_cast<uint64_t>(*at - '0');
  const auto wholeDigits = static_cast<size_t>(at - whole);
  if (wholeDigits == 0 || (*whole == '0' && wholeDigits != 1))
    return fail();
  size_t scale = 0;
  if (*at == '.') {
    const char *fraction = ++at;
    for (; isDigit(*at); ++at)
      digits = digits * 10 + static_cast<uint64_t>(*at - '0');
    scale = static_cast<size_t>(at - fraction);
    if (scale == 0)
      return fail();
  }
  if (wholeDigits + scale > kDoubleDigits || !endsScalar(*at)) {
    passage.asWritten = false;
    return skipSlowNumber(begin, length);
  }
  length = static_cast<size_t>(at - begin);
  if constexpr (Measured) {
    passage.asWritten = passage.asWritten && isWrittenSo(digits, wholeDigits, scale, *begin == '-');
  }
  return true;
}

/// Numbers of many digits or with exponents.
bool JsonWalker::skipSlowNumber(const char *begin, size_t &length) {
  const char *stop = scanNumber(begin, end_);
  if (stop == nullptr || (stop != end_ && !endsScalar(*stop)))
    return fail();
  length = static_cast<size_t>(stop - begin);
  switch (convertNumber({begin, length}, options_.numbers).kind) {
  case NumberKind::Int:
  case NumberKind::Float:
  case NumberKind::Big:
  case NumberKind::Decimal:
    return true;
  case NumberKind::UnsafeInteger:
  case NumberKind::HugeInteger:
  case NumberKind::UnsafeDecimal:
  case NumberKind::HugeDecimal:
  case NumberKind::Limit:
    break;
  }
  return fail();
}

/// A key of an object that begins or goes on at the current token, if its lead is the one of
/// `next`.
[[gnu::always_inline]] inline bool JsonWalker::skipKnownKey(SkipFrame &frame, KeyNode *next,
                                                            uint64_t &longer) {
  if (next == nullptr || !next->lead.matches(text_ + index_[at_], end_))
    return false;
  at_ += KeyLead::kTokens;
  frame.node = next;
  longer += next->length + 1;
  return true;
}

/// A key and the colon behind it; the token in front of them has been passed.
template <bool Measured>
bool JsonWalker::skipKey(SkipFrame &frame, uint64_t &longer, Passage &passage) {
  if (peek() != '"')
    return fail();
  const char *quote = text_ + index_[at_];
  KeyNode *node = frame.node;
  KeyNode *next = nullptr;
  if (frame.kind == ContainerKind::Shaped) {
    KeyNode *hint = node == skipped_.root() ? frame.owner->skippedStart : node->lastHit;
    next = KeyTree::find(node, hint, quote + 1, end_);
  }
  if (next != nullptr) {
    ++at_;
    if (node == skipped_.root())
      frame.owner->skippedStart = next;
    frame.node = next;
    longer += next->length + 1;
    if (peek() == ':')
      next->lead.learn({text_ + index_[at_ - 2], index_[at_] + size_t(1) - index_[at_ - 2]});
  } else {
    if (!skipNewKey(frame))
      return false;
    const char *close = closingQuote(at_ - 1);
    longer += static_cast<uint64_t>(close - quote);
    if constexpr (Measured)
      passage.asWritten = passage.asWritten &&
                          hasWrittenEscapes({quote + 1, static_cast<size_t>(close - quote - 1)});
  }
  return take() == ':' || fail();
}

/// A key that the tree of skipped objects does not hold at this place. An object whose keys do not
/// fit there keeps them for comparison at its end.
bool JsonWalker::skipNewKey(SkipFrame &frame) {
  std::string_view key;
  bool hasEscape = false, isAscii = false;
  if (!stringBytes(key, hasEscape, isAscii))
    return false;
  if (hasEscape) {
    scratch_.clear();
    if (!unescape(scratch_, key))
      return fail();
    key = scratch_;
  }
  if (frame.kind == ContainerKind::Shaped) {
    KeyVerdict verdict = KeyVerdict::NoShape;
    KeyNode *node = skipped_.add(frame.node, key, verdict);
    if (verdict == KeyVerdict::Duplicate)
      return fail();
    if (verdict == KeyVerdict::Ok) {
      frame.node = node;
      return true;
    }
    frame.kind = ContainerKind::Generic;
    frame.keys = static_cast<uint32_t>(skippedKeys_.size());
    for (const KeyNode *known = frame.node; known != skipped_.root(); known = known->parent)
      skippedKeys_.emplace_back(known->text());
  }
  skippedKeys_.emplace_back(key);
  return true;
}

/// Whether all keys of a generic object are different.
bool JsonWalker::closeSkipped(const SkipFrame &frame) {
  const auto first = skippedKeys_.begin() + frame.keys;
  std::sort(first, skippedKeys_.end());
  const bool differ = std::adjacent_find(first, skippedKeys_.end()) == skippedKeys_.end();
  skippedKeys_.erase(first, skippedKeys_.end());
  return differ || fail();
}

} // namespace branchline::format
