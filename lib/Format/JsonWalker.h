// The second half of reading: walks the positions of structural characters that the first half
// found (and thereby checked quotes and UTF-8) and builds values. It only says that a document is
// bad, not why; JsonDiagnose.cpp does.
#pragma once

#include "KeyTree.h"
#include "ValueStack.h"

#include "branchline/Format/JsonReader.h"

#include <cstdint>
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
/// the tree of keys.
class JsonWalker {
public:
  JsonWalker(runtime::Heap &heap, const JsonReadOptions &options);

  /// \param index  positions of the structural characters; one more entry holds the text's size
  WalkFailure walk(std::string_view text, const uint32_t *index, uint32_t count,
                   runtime::Value &result);
  const std::string &limitMessage() const { return limitMessage_; }

private:
  enum class ContainerKind : uint8_t { List, Shaped, Generic };
  /// An open container; its values start at `base` of the value stack. A generic object's keys
  /// stand before their values.
  struct Frame {
    KeyNode *owner; // the key (of an object further out) whose value this is
    KeyNode *node;  // shaped: the last key
    uint32_t base;
    ContainerKind kind;
  };
  enum class Started : uint8_t { Failed, Scalar, Container };

  char peek() const { return at_ < count_ ? text_[index_[at_]] : '\0'; }
  char take() { return at_ < count_ ? text_[index_[at_++]] : '\0'; }
  bool fail(WalkFailure failure = WalkFailure::Malformed) {
    failure_ = failure;
    return false;
  }

  bool run();
  Started startValue(KeyNode *owner);
  Started startContainer(KeyNode *owner, char open);
  bool runList(bool resumed);
  bool runShaped(bool resumed);
  bool runGeneric(bool resumed);

  bool literal(std::string_view word, runtime::Value value);
  bool number();
  bool slowNumber(const char *begin);
  bool string();
  /// The bytes between the quotes at the current position; moves past the string.
  bool stringBytes(std::string_view &raw, bool &hasEscape, bool &isAscii);
  bool limit(std::string message);

  KeyNode *newKey(KeyNode *parent, bool &generic);
  bool pushGenericKey();
  bool numericKeysHere() const;
  void makeGeneric(Frame &frame);

  bool closeList(const Frame &frame);
  bool closeShaped(const Frame &frame);
  bool closeGeneric(const Frame &frame);
  bool mayTake(size_t values);

  runtime::Heap &heap_;
  const JsonReadOptions options_;
  KeyTree keys_;
  ValueStack values_;
  std::vector<Frame> frames_;
  std::string scratch_;
  std::string limitMessage_;

  const char *text_ = nullptr;
  const char *end_ = nullptr;
  const uint32_t *index_ = nullptr;
  uint32_t count_ = 0;
  uint32_t at_ = 0;
  bool openTail_ = false; // the last byte of the text may belong to a number
  WalkFailure failure_ = WalkFailure::None;
};

} // namespace branchline::format
