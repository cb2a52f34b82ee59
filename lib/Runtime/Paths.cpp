// Path writes: the checking walk and the committing one. \rule R2.11.3-7, D3
// The commit copies a container on the way exactly when somebody else can see it; a copy that a
// later failure makes useless is not visible, since it equals the original.
#include "branchline/Runtime/Paths.h"

#include "Access.h"
#include "Limits.h"

#include "branchline/Runtime/Ops.h"

#include <memory>

namespace branchline::runtime {
namespace {

std::string_view opText(PathOp op) {
  switch (op) {
  case PathOp::Set:
    return "SET";
  case PathOp::Append:
    return "APPEND TO";
  case PathOp::Modify:
    return "MODIFY";
  }
  BL_UNREACHABLE("a path operation");
}

// Keys that got this far are strings and integers; their text fails only by length.
std::string keyText(const Value &key) {
  std::string text;
  if (Result<void> appended = appendText(text, key); !appended)
    text = "?";
  return text;
}

Unexpected<Trap> missingSegment(PathOp op, std::span<const PathKey> keys, size_t at) {
  const std::string key = keyText(*keys[at].key);
  if (op == PathOp::Modify)
    return trap<TrapId::ModifySegmentMissing>(key);
  if (keys[at].kind == PathKey::Kind::Dynamic)
    return trap<TrapId::PathKeyMissing>(opText(op), key);
  std::string trail;
  for (size_t i = 0; i < at; ++i)
    trail += "." + keyText(*keys[i].key);
  return trap<TrapId::PathSegmentMissing>(opText(op), key, trail);
}

Result<uint32_t> listIndex(const ListObject &list, const PathKey &key) {
  if (key.kind == PathKey::Kind::Name)
    return trap<TrapId::NameSegmentOnList>();
  return checkIndex(list, *key.key);
}

// The child that `keys[at]` leads to. \returns never null
Result<Value *> step(Heap &heap, PathOp op, Value &container, std::span<const PathKey> keys,
                     size_t at) {
  const PathKey &key = keys[at];
  if (container.isObject()) {
    if (key.kind == PathKey::Kind::Dynamic)
      BL_CHECK(checkObjectKey(*key.key));
    Value *slot = findSlot(heap, *container.asObject(), *key.key);
    if (!slot || slot->isNull())
      return missingSegment(op, keys, at);
    return slot;
  }
  if (container.isList()) {
    BL_TRY(const uint32_t i, listIndex(*container.list(), key));
    Value *slot = &container.list()->data[i];
    if (op == PathOp::Modify && slot->isNull())
      return trap<TrapId::ModifyIndexNull>(i);
    return slot;
  }
  return trap<TrapId::PathEntersScalar>(opText(op));
}

// Walks `steps` keys without changing anything; the walk itself only reads.
Result<Value *> walk(Heap &heap, PathOp op, const Value &root, std::span<const PathKey> keys,
                     size_t steps) {
  Value *at = const_cast<Value *>(&root);
  for (size_t i = 0; i < steps; ++i) {
    BL_TRY(at, step(heap, op, *at, keys, i));
  }
  return at;
}

// Checks parent and leaf key. \returns the slot of the leaf, null for a key that is not there yet
Result<Value *> leafSlot(Heap &heap, Value &parent, const PathKey &key) {
  if (parent.isObject()) {
    if (key.kind == PathKey::Kind::Dynamic)
      BL_CHECK(checkObjectKey(*key.key));
    return findSlot(heap, *parent.asObject(), *key.key);
  }
  if (parent.isList()) {
    BL_TRY(const uint32_t i, listIndex(*parent.list(), key));
    return &parent.list()->data[i];
  }
  return trap<TrapId::PathParentKind>();
}

// Makes `container` one that only its holder sees, by copying it if need be.
void makeUnique(Heap &heap, Value &container) {
  if (container.isUnique())
    return;
  if (container.isObject())
    container = copyObject(heap, *container.asObject(), 1);
  else if (container.isList())
    container = copyList(heap, *container.list());
}

// The container that holds the leaf, every container on the way to it made unique.
Result<Value *> uniqueParent(Heap &heap, PathOp op, Value &root, std::span<const PathKey> keys,
                             size_t steps) {
  Value *at = &root;
  for (size_t i = 0; i < steps; ++i) {
    makeUnique(heap, *at);
    BL_TRY(at, step(heap, op, *at, keys, i));
  }
  return at;
}

Result<void> appendTo(Heap &heap, Value &target, Value value) {
  if (!target.isUnique()) {
    // Room for more: what is copied once is usually appended to in a loop.
    const ListObject &list = *target.list();
    const uint64_t extra = list.size / 2 + 4;
    if (!heap.mayAllocate((list.size + extra) * sizeof(Value)))
      return memoryTrap(heap);
    target = copyList(heap, list, extra);
  }
  return append(heap, *target.list(), std::move(value));
}

Value initialList(Heap &heap, const Value &init) { return init.isNull() ? heap.list() : init; }

} // namespace

Result<void> checkPathRoot(PathOp op, const Value &root, std::string_view name) {
  if (!root.isUnbound() && !root.isNull())
    return {};
  if (op == PathOp::Modify)
    return trap<TrapId::ModifyRootMissing>(name);
  return trap<TrapId::PathRootMissing>(opText(op), name);
}

Result<void> checkPathInner(Heap &heap, PathOp op, const Value &root,
                            std::span<const PathKey> keys) {
  BL_CHECK(walk(heap, op, root, keys, keys.size()));
  return {};
}

Result<void> checkPathLeaf(Heap &heap, PathOp op, const Value &root,
                           std::span<const PathKey> keys) {
  BL_ASSERT(!keys.empty(), "a path has a leaf");
  BL_TRY(Value * parent, walk(heap, op, root, keys, keys.size() - 1));
  BL_CHECK(leafSlot(heap, *parent, keys.back()));
  return {};
}

Result<void> setPath(Heap &heap, Value &root, std::span<const PathKey> keys, Value value) {
  BL_ASSERT(!keys.empty(), "a path has a leaf");
  BL_TRY(Value * parent, uniqueParent(heap, PathOp::Set, root, keys, keys.size() - 1));
  makeUnique(heap, *parent);
  BL_TRY(Value * slot, leafSlot(heap, *parent, keys.back()));
  if (slot) {
    *slot = std::move(value);
    return {};
  }
  if (value.isNull())
    return {};
  return setKey(heap, *parent->asObject(), *keys.back().key, std::move(value));
}

Result<void> appendPath(Heap &heap, Value &root, std::span<const PathKey> keys, const Value &init,
                        Value value) {
  if (!init.isNull() && !init.isList()) {
    if (keys.empty())
      return trap<TrapId::AppendInitKind>();
    return trap<TrapId::AppendPathInitKind>(className(init));
  }
  if (keys.empty()) {
    if (root.isNull())
      root = initialList(heap, init);
    else if (!root.isList())
      return trap<TrapId::AppendPathKind>(className(root));
    return appendTo(heap, root, std::move(value));
  }
  BL_TRY(Value * parent, uniqueParent(heap, PathOp::Append, root, keys, keys.size() - 1));
  makeUnique(heap, *parent);
  BL_TRY(Value * slot, leafSlot(heap, *parent, keys.back()));
  if (slot && !slot->isNull()) {
    if (!slot->isList())
      return trap<TrapId::AppendPathKind>(className(*slot));
    return appendTo(heap, *slot, std::move(value));
  }
  Value list = initialList(heap, init);
  BL_CHECK(appendTo(heap, list, std::move(value)));
  if (slot) {
    *slot = std::move(list);
    return {};
  }
  return setKey(heap, *parent->asObject(), *keys.back().key, std::move(list));
}

Result<void> modifyPath(Heap &heap, Value &root, std::string_view name,
                        std::span<const PathKey> keys, const ObjectObject &updates) {
  BL_CHECK(checkPathRoot(PathOp::Modify, root, name));
  BL_TRY(Value * target, uniqueParent(heap, PathOp::Modify, root, keys, keys.size()));
  if (!target->isObject())
    return trap<TrapId::ModifyTargetKind>();
  makeUnique(heap, *target);
  for (uint32_t i = 0; i < updates.size; ++i)
    BL_CHECK(setKey(heap, *target->asObject(), keyAt(updates, i), valueAt(updates, i)));
  return {};
}

} // namespace branchline::runtime
