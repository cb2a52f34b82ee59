// Going through lists, sets and sequences. A sequence is a walk over a tree: before their children,
// containers are items themselves. \rule R2.11.9, R3.3.6
#include "branchline/Runtime/Iteration.h"

#include "HeapImpl.h"

#include "branchline/Runtime/Objects.h"

#include <cstring>
#include <memory>

namespace branchline::runtime {

bool isIterable(const Value &value) {
  return value.isList() || value.is(Tag::Set) || value.is(Tag::Sequence);
}

Value makeIterator(Heap &heap, const Value &iterable) {
  BL_ASSERT(isIterable(iterable), "the kind is checked before");
  auto *object = makeObject<IteratorObject>(heap, Tag::Iterator);
  // Holding the container makes this a snapshot: writes see that it is shared and copy it.
  new (&object->source) Value(iterable);
  object->next = 0;
  object->depth = 0;
  object->capacity = 0;
  object->started = false;
  object->containers = nullptr;
  object->path = nullptr;
  object->positions = nullptr;
  return Value::adopt(object);
}

namespace {

uint32_t childCount(const Value &value) {
  if (value.isList())
    return value.list()->size;
  return value.isObject() ? value.asObject()->size : 0;
}

template <class T> T *grow(Heap &heap, T *block, uint32_t capacity, uint32_t grown) {
  return static_cast<T *>(heap.reallocate(block, capacity * sizeof(T), grown * sizeof(T)));
}

void enter(Heap &heap, IteratorObject &walk, const Value &container) {
  if (walk.depth == walk.capacity) {
    const uint32_t grown = walk.capacity == 0 ? 8 : walk.capacity * 2;
    walk.containers = grow(heap, walk.containers, walk.capacity, grown);
    walk.path = grow(heap, walk.path, walk.capacity, grown);
    walk.positions = grow(heap, walk.positions, walk.capacity, grown);
    walk.capacity = grown;
  }
  new (&walk.containers[walk.depth]) Value(container);
  new (&walk.path[walk.depth]) Value();
  walk.positions[walk.depth] = 0;
  ++walk.depth;
}

void leave(IteratorObject &walk) {
  --walk.depth;
  walk.containers[walk.depth].~Value();
  walk.path[walk.depth].~Value();
}

// One record of a walk: path, key, value, depth, isLeaf.
Value record(Heap &heap, const IteratorObject &walk, const Value &value) {
  const std::span<const Value> path(walk.path, walk.depth);
  Value fields[5] = {heap.list(path), path.empty() ? Value() : path.back(), value,
                     Value::integer(walk.depth), Value::boolean(childCount(value) == 0)};
  return objectOfShape(heap, heap.impl().walkShape, fields);
}

std::optional<Value> nextOfWalk(Heap &heap, IteratorObject &walk) {
  if (!walk.started) {
    walk.started = true;
    const Value &root = walk.source.object<SequenceObject>()->root;
    Value item = record(heap, walk, root);
    if (childCount(root) != 0)
      enter(heap, walk, root);
    return item;
  }
  while (walk.depth != 0) {
    const uint32_t top = walk.depth - 1;
    const Value &container = walk.containers[top];
    const uint32_t i = walk.positions[top]++;
    if (i == childCount(container)) {
      leave(walk);
      continue;
    }
    const bool list = container.isList();
    walk.path[top] = list ? Value::integer(i) : keyAt(*container.asObject(), i);
    const Value child = list ? container.list()->data[i] : container.asObject()->values[i];
    Value item = record(heap, walk, child);
    if (childCount(child) != 0)
      enter(heap, walk, child);
    return item;
  }
  return std::nullopt;
}

} // namespace

std::optional<Value> nextItem(Heap &heap, const Value &iterator) {
  auto *state = iterator.object<IteratorObject>();
  const Value &source = state->source;
  if (source.isList()) {
    if (state->next == source.list()->size)
      return std::nullopt;
    return source.list()->data[state->next++];
  }
  if (source.is(Tag::Set)) {
    auto *set = source.object<SetObject>();
    if (state->next == set->size)
      return std::nullopt;
    return set->data[state->next++];
  }
  return nextOfWalk(heap, *state);
}

} // namespace branchline::runtime
