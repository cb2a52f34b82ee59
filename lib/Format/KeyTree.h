// The objects a reader has seen, as a tree of their keys: a path from the root is a shape. A reader
// that knows where it is in the tree compares the next key with the one it expects instead of
// hashing it. Lives as long as the reader; its size is bounded.
#pragma once

#include "branchline/Runtime/Objects.h"
#include "branchline/Support/Arena.h"

#include <cstdint>
#include <cstring>
#include <string_view>
#include <unordered_map>

namespace branchline::format {

/// A key in its place after the keys on the way to it.
struct KeyNode {
  static constexpr uint32_t kWords = 4;
  /// Longest key (with its closing quote) that is compared word by word.
  static constexpr uint32_t kMaxWordBytes = kWords * 8;

  const runtime::Shape *shape = nullptr; // all keys up to and with this one
  uint32_t count = 0;                    // of these keys
  uint32_t childCount = 0;
  uint32_t wordCount = 0; // 0: compare `chars`
  uint32_t length = 0;    // of the key in bytes
  bool plain = false;     // the key is written without escapes
  uint64_t words[kWords] = {};
  uint64_t lastMask = 0;
  const char *chars = nullptr;

  KeyNode *firstChild = nullptr;
  KeyNode *sibling = nullptr;
  KeyNode *lastHit = nullptr;     // the child that was met last
  KeyNode *objectStart = nullptr; // first key of the last object that was a value of this key

  /// Whether the text at `at`, just behind an opening quote, is this key and its closing quote.
  bool matches(const char *at, const char *end) const {
    const size_t left = static_cast<size_t>(end - at);
    if (wordCount == 0 || left < wordCount * size_t(8))
      return plain && left > length && at[length] == '"' && std::memcmp(at, chars, length) == 0;
    uint64_t difference = 0;
    uint32_t i = 0;
    for (; i + 1 < wordCount; ++i)
      difference |= load(at + i * 8) ^ words[i];
    return (difference | ((load(at + i * 8) ^ words[i]) & lastMask)) == 0;
  }

private:
  static uint64_t load(const char *from) {
    uint64_t word;
    std::memcpy(&word, from, sizeof word);
    return word;
  }
};

/// Why KeyTree::add has no node to give.
enum class KeyVerdict : uint8_t { Ok, Duplicate, NoShape };

/// Owner of the nodes.
class KeyTree {
public:
  explicit KeyTree(runtime::Heap &heap);

  /// The object without keys.
  KeyNode *root() { return root_; }
  /// What stands for the key of the document itself.
  KeyNode *document() { return document_; }

  /// The child of `parent` whose key stands at `at`, or null. \param hint tried first, may be null
  static KeyNode *find(KeyNode *parent, KeyNode *hint, const char *at, const char *end) {
    if (hint != nullptr && hint->matches(at, end))
      return hint;
    for (KeyNode *child = parent->firstChild; child != nullptr; child = child->sibling)
      if (child->matches(at, end)) {
        parent->lastHit = child;
        return child;
      }
    return nullptr;
  }

  /// The child of `parent` for an unescaped key, made when it is new. Null unless `verdict` is Ok:
  /// Duplicate when the key is on the way to `parent`, NoShape when such an object has no shape or
  /// looks like a map with keys of its own.
  KeyNode *add(KeyNode *parent, std::string_view key, KeyVerdict &verdict);

private:
  KeyNode *makeNode(KeyNode *parent, const runtime::Shape *shape, const runtime::Symbol &key);

  runtime::Heap &heap_;
  Arena arena_;
  std::unordered_map<const runtime::Shape *, KeyNode *> byShape_;
  KeyNode *root_;
  KeyNode *document_;
};

} // namespace branchline::format
