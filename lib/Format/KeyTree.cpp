// Growing the tree of keys; see KeyTree.h. What is met often is found without coming here.
#include "KeyTree.h"

#include "PlannedPlace.h"

namespace branchline::format {
namespace {

/// Children that are searched one by one.
constexpr uint32_t kMaxListed = 64;
/// An object whose next key has been this many different ones is taken for a map.
constexpr uint32_t kMaxChildren = 64;
constexpr uint32_t kMaxFirstKeys = 4096;
constexpr size_t kMaxNodes = size_t(1) << 16;
/// Keys of an object that is not built, or in part.
constexpr uint32_t kMaxPath = 512;

/// Whether a JSON text may hold the key byte by byte.
bool isPlain(std::string_view key) {
  for (const char c : key)
    if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\')
      return false;
  return true;
}

} // namespace

KeyTree::KeyTree(runtime::Heap &heap, Kind kind, PlannedPlace *place)
    : heap_(heap), kind_(kind), place_(place), root_(arena_.make<KeyNode>()),
      document_(arena_.make<KeyNode>()) {
  if (kind != Kind::Skipped)
    root_->shape = heap.emptyShape();
}

/// Tries all of the children.
KeyNode *KeyTree::search(KeyNode *parent, const char *at, const char *end) {
  for (KeyNode *child = parent->firstChild; child != nullptr; child = child->sibling)
    if (child->matches(at, end)) {
      parent->lastHit = child;
      return child;
    }
  return nullptr;
}

KeyNode *KeyTree::add(KeyNode *parent, std::string_view key, KeyVerdict &verdict) {
  verdict = KeyVerdict::NoShape;
  const uint32_t maxKeys = kind_ == Kind::Built ? runtime::kMaxShapeKeys : kMaxPath;
  if (parent->childCount >= (parent == root_ ? kMaxFirstKeys : kMaxChildren) ||
      parent->count >= maxKeys || nodes_ >= kMaxNodes)
    return nullptr;
  KeyNode *node =
      kind_ == Kind::Built ? addBuilt(parent, key, verdict) : addOther(parent, key, verdict);
  if (node == nullptr)
    return nullptr;
  verdict = KeyVerdict::Ok;
  parent->lastHit = node;
  return node;
}

KeyNode *KeyTree::addBuilt(KeyNode *parent, std::string_view key, KeyVerdict &verdict) {
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
  if (const auto known = byShape_.find(shape); known != byShape_.end())
    return known->second;
  KeyNode *node = makeNode(parent, symbol->text());
  node->shape = shape;
  byShape_.emplace(shape, node);
  return node;
}

KeyNode *KeyTree::addOther(KeyNode *parent, std::string_view key, KeyVerdict &verdict) {
  for (const KeyNode *before = parent; before != root_; before = before->parent)
    if (before->text() == key) {
      verdict = KeyVerdict::Duplicate;
      return nullptr;
    }
  // A key that is written with escapes is not found by its bytes.
  for (KeyNode *child = parent->firstChild; child != nullptr; child = child->sibling)
    if (child->text() == key)
      return child;
  if (kind_ == Kind::Skipped)
    return makeNode(parent, arena_.copy(key));
  PlannedPlace *place = place_->member(key);
  const runtime::Shape *shape = parent->shape;
  const bool kept = place != nullptr || place_->plan().counted;
  if (kept) {
    const runtime::Symbol *symbol = heap_.intern(key);
    shape = symbol != nullptr ? heap_.extend(shape, symbol) : nullptr;
    if (shape == nullptr)
      return nullptr;
  }
  KeyNode *node = makeNode(parent, arena_.copy(key));
  node->shape = shape;
  if (place != nullptr)
    node->need = place->need();
  node->place = place;
  node->kept = kept;
  return node;
}

KeyNode *KeyTree::makeNode(KeyNode *parent, std::string_view key) {
  KeyNode *node = arena_.make<KeyNode>();
  ++nodes_;
  node->parent = parent;
  node->count = parent->count + 1;
  node->chars = key.data();
  node->length = static_cast<uint32_t>(key.size());
  node->plain = isPlain(key);
  if (node->plain && key.size() < KeyNode::kMaxWordBytes) {
    char bytes[KeyNode::kMaxWordBytes] = {};
    char mask[8] = {};
    key.copy(bytes, key.size());
    bytes[key.size()] = '"';
    std::memset(mask, 0xFF, key.size() % 8 + 1);
    node->lastAt = static_cast<uint32_t>(key.size() / 8 * 8);
    std::memcpy(&node->lastWord, bytes + node->lastAt, sizeof node->lastWord);
    std::memcpy(&node->lastMask, mask, sizeof mask);
    std::memcpy(node->words, bytes, sizeof node->words);
  }
  if (parent->childCount++ < kMaxListed) {
    node->sibling = parent->firstChild;
    parent->firstChild = node;
  }
  return node;
}

} // namespace branchline::format
