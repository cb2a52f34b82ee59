// Growing the tree of keys; see KeyTree.h. What is met often is found without coming here.
#include "KeyTree.h"

namespace branchline::format {
namespace {

/// Children that are searched one by one.
constexpr uint32_t kMaxListed = 64;
/// An object whose next key has been this many different ones is taken for a map.
constexpr uint32_t kMaxChildren = 64;
constexpr uint32_t kMaxFirstKeys = 4096;
constexpr size_t kMaxNodes = size_t(1) << 16;

/// Whether a JSON text may hold the key byte by byte.
bool isPlain(std::string_view key) {
  for (const char c : key)
    if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\')
      return false;
  return true;
}

} // namespace

KeyTree::KeyTree(runtime::Heap &heap)
    : heap_(heap), root_(arena_.make<KeyNode>()), document_(arena_.make<KeyNode>()) {
  root_->shape = heap.emptyShape();
}

KeyNode *KeyTree::add(KeyNode *parent, std::string_view key, KeyVerdict &verdict) {
  verdict = KeyVerdict::NoShape;
  if (parent->childCount >= (parent == root_ ? kMaxFirstKeys : kMaxChildren) ||
      parent->count >= runtime::kMaxShapeKeys)
    return nullptr;
  const runtime::Symbol *symbol = heap_.intern(key);
  if (symbol == nullptr)
    return nullptr;
  if (runtime::shapeSlot(*parent->shape, symbol) != runtime::kNoSlot) {
    verdict = KeyVerdict::Duplicate;
    return nullptr;
  }
  const runtime::Shape *shape = heap_.extend(parent->shape, symbol);
  if (shape == nullptr)
    return nullptr;
  KeyNode *node = nullptr;
  if (const auto known = byShape_.find(shape); known != byShape_.end())
    node = known->second;
  else if (byShape_.size() < kMaxNodes)
    node = makeNode(parent, shape, *symbol);
  if (node == nullptr)
    return nullptr;
  verdict = KeyVerdict::Ok;
  parent->lastHit = node;
  return node;
}

KeyNode *KeyTree::makeNode(KeyNode *parent, const runtime::Shape *shape,
                           const runtime::Symbol &key) {
  KeyNode *node = arena_.make<KeyNode>();
  byShape_.emplace(shape, node);
  node->shape = shape;
  node->count = parent->count + 1;
  node->chars = key.chars;
  node->length = key.length;
  node->plain = isPlain(key.text());
  if (node->plain && key.length < KeyNode::kMaxWordBytes) {
    char bytes[KeyNode::kMaxWordBytes] = {};
    char mask[8] = {};
    std::memcpy(bytes, key.chars, key.length);
    bytes[key.length] = '"';
    std::memset(mask, 0xFF, key.length % 8 + 1);
    node->wordCount = key.length / 8 + 1;
    std::memcpy(node->words, bytes, sizeof bytes);
    std::memcpy(&node->lastMask, mask, sizeof mask);
  }
  if (parent->childCount++ < kMaxListed) {
    node->sibling = parent->firstChild;
    parent->firstChild = node;
  }
  return node;
}

} // namespace branchline::format
