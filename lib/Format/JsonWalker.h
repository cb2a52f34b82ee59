// The second half of reading: walks the positions of structural characters that the first half
// found (and thereby checked quotes and UTF-8) and builds values, all of them or what a plan asks
// for. It only says that a document is bad, not why; JsonDiagnose.cpp does.
#pragma once

#include "DigitScan.h"
#include "KeyTree.h"
#include "PlannedPlace.h"
#include "ValueStack.h"

#include "branchline/Format/JsonReader.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::format {

/// Why there is no value.
enum class WalkFailure : uint8_t {
  None,
  Malformed,  // or refused by the options: the diagnosing parser says why
  ValueLimit, // see JsonWalker::limitMessage
  Memory,
};

/// Builds the values of one document after another. What it keeps between documents is memory and
/// the trees of keys.
class JsonWalker {
public:
  /// \param plan  borrowed; null: all values are built whole
  JsonWalker(runtime::Heap &heap, const JsonReadOptions &options, const ReadPlan *plan);

  /// Names the text whose documents are walked next, in their order.
  /// \param text  borrowed by the results. \param index  positions of the structural characters;
  ///              one more entry behind the last holds the size of the text
  void begin(std::string_view text, const uint32_t *index);

  /// The document whose tokens have the numbers from `first` up to `last`.
  WalkFailure walk(uint32_t first, uint32_t last, runtime::Value &result);
  /// The document whose first token is `first`, if it is well-formed and has all of the tokens in
  /// front of the byte `end`. Its tokens need not be counted before.
  /// \param most  no document there has tokens from this one on
  /// \returns    the token behind the document, or nothing: then `walk` says why
  std::optional<uint32_t> tryWalk(uint32_t first, uint32_t most, size_t end,
                                  runtime::Value &result);
  const std::string &limitMessage() const { return limitMessage_; }

private:
  enum class ContainerKind : uint8_t { List, Shaped, Generic };
  /// An open container that is built whole; its values start at `base` of the value stack. A
  /// generic object's keys stand before their values.
  struct Frame {
    KeyNode *owner; // the key (of an object further out) whose value this is
    KeyNode *node;  // shaped: the last key
    uint32_t base;
    ContainerKind kind;
  };
  /// An open container that is not built.
  struct SkipFrame {
    KeyNode *owner;
    KeyNode *node;
    uint32_t keys; // generic: where its keys start in skippedKeys_
    ContainerKind kind;
  };
  /// How much of a skipped value is text that a compact writer would write as well.
  struct Passage {
    uint32_t depth = 0;
    bool asWritten = true;
  };
  enum class Started : uint8_t { Failed, Scalar, Container };

  char peek() const { return at_ < count_ ? text_[index_[at_]] : '\0'; }
  char take() { return at_ < count_ ? text_[index_[at_++]] : '\0'; }
  /// The last quote in front of the token after a string; the string's own first quote when there
  /// is no other. Between the two there is only white space.
  const char *closingQuote(uint32_t token) const {
    const char *close = text_ + index_[token + 1] - 1;
    while (*close != '"')
      --close;
    return close;
  }
  /// Whether the string at the current position ends right before the next token and is known to
  /// have no escapes, so that its bytes need not be looked at.
  bool isPlainString() const {
    const char *next = text_ + index_[at_ + 1];
    return next[-1] == '"' && next <= nextBackslash_ && next - 1 != text_ + index_[at_];
  }
  /// Whether the literal at the current position is null, with some text behind it.
  bool isPlainNull() const {
    constexpr std::string_view kNull = "null";
    const char *begin = text_ + index_[at_];
    return end_ - begin > static_cast<ptrdiff_t>(kNull.size()) &&
           std::memcmp(begin, kNull.data(), kNull.size()) == 0 && endsScalar(begin[kNull.size()]);
  }
  bool fail(WalkFailure failure = WalkFailure::Malformed) {
    failure_ = failure;
    return false;
  }

  size_t depth() const { return frames_.size() + planDepth_; }

  /// Reads a value and pushes it.
  bool readWhole(KeyNode *owner) {
    const Started started = startValue(owner);
    return started == Started::Scalar || (started == Started::Container && finishContainer());
  }
  Started startValue(KeyNode *owner);
  Started startContainer(KeyNode *owner, ContainerKind kind);
  bool finishContainer();
  bool runList(bool resumed);
  bool runShaped();
  bool runGeneric(bool resumed);

  bool readNull(bool kept);
  bool readScalar(ReadPlan::Need need, bool kept);
  bool readNeeded(KeyNode *owner, ReadPlan::Need need, PlannedPlace *place, bool kept);
  bool readText(KeyNode *owner);
  bool readPlannedList(KeyNode *owner, PlannedPlace &place);
  bool readPlannedObject(KeyNode *owner, PlannedPlace &place);

  /// Moves past a value that is not built, checking all of it.
  bool skipValue(KeyNode *owner);
  /// The same without checks but for the brackets. \rule `--trust-input`
  bool skipTrusted();
  /// Moves past a value, checking it, and finds out about its text.
  bool measure(KeyNode *owner, Passage &passage);
  template <bool Measured> bool skip(KeyNode *owner, Passage &passage);
  template <bool Measured>
  bool skipPlain(const char *begin, char c, uint64_t &longer, Passage &passage);
  template <bool Measured> bool skipScalar(const char *begin, uint64_t &longer, Passage &passage);
  template <bool Measured> bool skipEscapes(const char *quote, const char *close, Passage &passage);
  template <bool Measured> bool skipNumber(const char *begin, size_t &length, Passage &passage);
  bool skipKnownKey(SkipFrame &frame, KeyNode *next, uint64_t &longer);
  template <bool Measured> bool skipKey(SkipFrame &frame, uint64_t &longer, Passage &passage);
  bool skipSlowNumber(const char *begin, size_t &length);
  bool skipNewKey(SkipFrame &frame);
  bool closeSkipped(const SkipFrame &frame);
  /// Whether there is a backslash in a part of the text. Parts must follow each other.
  bool hasBackslash(const char *from, const char *to);

  bool literal(runtime::Value value);
  bool number() { return shortNumber() || longNumber(); }
  /// Reads a number of the common lengths. False when it is none of them, or none at all.
  bool shortNumber();
  bool longNumber();
  bool slowNumber(const char *begin);
  bool string();
  /// The bytes between the quotes at the current position; moves past the string.
  bool stringBytes(std::string_view &raw, bool &hasEscape, bool &isAscii);
  bool limit(std::string message);
  bool readDocument(uint32_t first, uint32_t most);
  void clear();

  KeyNode *readKey(KeyTree &tree, KeyNode *node, KeyNode *hint, bool &generic);
  KeyNode *newKey(KeyTree &tree, KeyNode *parent, bool &generic);
  bool pushGenericKey();
  bool numericKeysHere() const;
  void makeGeneric(Frame &frame);

  /// Makes a container of the values from `base` on.
  bool pushList(size_t base);
  bool pushShaped(size_t base, const runtime::Shape &shape);
  bool pushGeneric(size_t base);
  bool mayTake(size_t values);

  runtime::Heap &heap_;
  const JsonReadOptions options_;
  KeyTree keys_;
  KeyTree skipped_;
  std::optional<PlannedPlace> plan_;
  ValueStack values_;
  std::vector<Frame> frames_;
  uint32_t planDepth_ = 0; // containers around `frames_` that are read by the plan
  std::vector<SkipFrame> skipFrames_;
  std::vector<std::string> skippedKeys_;
  std::string scratch_;
  std::string limitMessage_;

  const char *text_ = nullptr;
  const char *end_ = nullptr;
  const uint32_t *index_ = nullptr;
  uint32_t count_ = 0;
  uint32_t at_ = 0;
  const char *nextBackslash_ = nullptr;
  bool openTail_ = false; // the last byte of the text may belong to a number
  WalkFailure failure_ = WalkFailure::None;
};

[[gnu::always_inline]] inline bool JsonWalker::shortNumber() {
  const char *begin = text_ + index_[at_];
  if (end_ - begin < ShortNumber::kReads)
    return false;
  const ShortNumber number = readShortNumber(begin);
  if (number.length == 0)
    return false;
  ++at_;
  // The digits are few: as a signed number they become a double in one instruction.
  const auto digits = static_cast<int64_t>(number.digits);
  if (number.scale == 0) {
    values_.push(runtime::Value::integer(number.negative ? -digits : digits));
  } else {
    const double value = static_cast<double>(digits) / kExactPowersOf10[number.scale];
    values_.push(runtime::Value::real(number.negative ? -value : value));
  }
  return true;
}

} // namespace branchline::format
