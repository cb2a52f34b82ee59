// The objects a reader has seen, as a tree of their keys: a path from the root is an order of keys
// without repetition. A reader that knows where it is in the tree compares the next key with the
// one it expects instead of hashing it, and knows that no key came twice. Lives as long as the
// reader; its size is bounded.
#pragma once

#include "ByteScan.h"

#include "branchline/Format/ReadPlan.h"
#include "branchline/Runtime/Objects.h"
#include "branchline/Support/Arena.h"

#include <cstdint>
#include <cstring>
#include <string_view>
#include <unordered_map>

namespace branchline::format {

class PlannedPlace;

/// What stood in front of a value the last time: the opening brace or a comma, the key and the
/// colon, with the space between them. Objects of one source look alike, so one comparison of these
/// bytes mostly takes the place of three tokens.
class KeyLead {
public:
  static constexpr uint32_t kMaxBytes = 32;
  /// Tokens of a lead.
  static constexpr uint32_t kTokens = 3;

  /// \param at  a token
  bool matches(const char *at, const char *end) const {
    return static_cast<size_t>(end - at) >= kMaxBytes && mask_ != 0 &&
           (equalBytes32(at, bytes_) & mask_) == mask_;
  }
  /// \param text  from the first token to the last, whose key is written without escapes
  void learn(std::string_view text) {
    if (text.size() > kMaxBytes)
      return;
    text.copy(bytes_, text.size());
    mask_ = ~0u >> (kMaxBytes - text.size());
  }

private:
  uint32_t mask_ = 0; // of the bytes that count; 0: nothing is known yet
  char bytes_[kMaxBytes] = {};
};

/// A key in its place after the keys on the way to it.
struct KeyNode {
  static constexpr uint32_t kWords = 4;
  /// Longest key (with its closing quote) that is compared word by word.
  static constexpr uint32_t kMaxWordBytes = kWords * 8;
  static constexpr uint32_t kNoWords = ~0u; // compare `chars`

  const runtime::Shape *shape = nullptr; // the keys up to and with this one that are kept
  uint32_t count = 0;                    // of all keys up to and with this one
  uint32_t childCount = 0;
  // The key with its closing quote in words: the last one, how much of it counts and where it
  // stands, and those before it.
  uint64_t lastWord = 0;
  uint64_t lastMask = 0;
  uint32_t lastAt = kNoWords;
  uint32_t length = 0; // of the key in bytes
  bool plain = false;  // the key is written without escapes
  bool kept = true;    // its value becomes part of the object
  uint64_t words[kWords - 1] = {};
  const char *chars = nullptr;
  KeyLead lead;

  // Of a planned tree: what is needed of the value, and more about it.
  ReadPlan::Need need = ReadPlan::Need::Nothing;
  PlannedPlace *place = nullptr;
  KeyNode *parent = nullptr;
  KeyNode *firstChild = nullptr;
  KeyNode *sibling = nullptr;
  KeyNode *lastHit = nullptr; // the child that was met last
  // First key of the last object that was a value of this key: one that was built, one skipped.
  KeyNode *objectStart = nullptr;
  KeyNode *skippedStart = nullptr;

  std::string_view text() const { return {chars, length}; }

  /// Whether the text at `at`, just behind an opening quote, is this key and its closing quote.
  bool matches(const char *at, const char *end) const {
    if (static_cast<size_t>(end - at) < uint64_t(lastAt) + 8)
      return matchesBytes(at, end);
    if (((load(at + lastAt) ^ lastWord) & lastMask) != 0)
      return false;
    for (uint32_t i = 0; i < lastAt; i += 8)
      if (load(at + i) != words[i / 8])
        return false;
    return true;
  }

private:
  bool matchesBytes(const char *at, const char *end) const {
    return plain && static_cast<size_t>(end - at) > length && at[length] == '"' &&
           std::string_view(at, length) == text();
  }
  static uint64_t load(const char *from) {
    uint64_t word;
    std::memcpy(&word, from, sizeof word);
    return word;
  }
};

/// Why KeyTree::add has no node to give.
enum class KeyVerdict : uint8_t { Ok, Duplicate, NoShape };

/// Owner of the nodes. One of three kinds: of objects that are built, with all their keys; of the
/// objects at a place of a plan, which keep some of their keys; of objects that are only checked.
class KeyTree {
public:
  enum class Kind : uint8_t { Built, Planned, Skipped };

  /// \param place  of Kind::Planned, else null
  KeyTree(runtime::Heap &heap, Kind kind, PlannedPlace *place = nullptr);

  /// The object without keys.
  KeyNode *root() { return root_; }
  /// What stands for the key of the document itself.
  KeyNode *document() { return document_; }

  /// The child of `parent` whose key stands at `at`, or null. \param hint tried first, may be null
  [[gnu::always_inline]] static KeyNode *find(KeyNode *parent, KeyNode *hint, const char *at,
                                              const char *end) {
    if (hint != nullptr && hint->matches(at, end)) [[likely]]
      return hint;
    return search(parent, at, end);
  }

  /// The child of `parent` for an unescaped key, made when it is new. Null unless `verdict` is Ok:
  /// Duplicate when the key is on the way to `parent`, NoShape when such an object has no shape or
  /// looks like a map with keys of its own.
  KeyNode *add(KeyNode *parent, std::string_view key, KeyVerdict &verdict);

private:
  static KeyNode *search(KeyNode *parent, const char *at, const char *end);
  KeyNode *addBuilt(KeyNode *parent, std::string_view key, KeyVerdict &verdict);
  KeyNode *addOther(KeyNode *parent, std::string_view key, KeyVerdict &verdict);
  /// \param key  kept by somebody for as long as the tree
  KeyNode *makeNode(KeyNode *parent, std::string_view key);

  runtime::Heap &heap_;
  Kind kind_;
  PlannedPlace *place_;
  size_t nodes_ = 0;
  Arena arena_;
  std::unordered_map<const runtime::Shape *, KeyNode *> byShape_;
  KeyNode *root_;
  KeyNode *document_;
};

} // namespace branchline::format
