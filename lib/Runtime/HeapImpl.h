// The private side of Heap: allocator, shapes and the index of long strings.
#pragma once

#include "Allocator.h"
#include "Shape.h"
#include "TextIndex.h"

#include "branchline/Runtime/Heap.h"

namespace branchline::runtime {

struct Heap::Impl {
  explicit Impl(HeapStats &stats) : allocator(stats) {}

  Allocator allocator;
  ShapeTable shapes;
  TextIndex textIndex;
  const Shape *walkShape = nullptr;  // path, key, value, depth, isLeaf
  const Shape *errorShape = nullptr; // message, type
};

/// Writes the header of a fresh object with one reference.
inline void startObject(Heap &heap, HeapObject &object, Tag tag, uint16_t sizeClass) {
  object.refs = 1;
  object.tag = tag;
  object.flags = 0;
  object.sizeClass = sizeClass;
  object.heap = &heap;
}

/// A fresh object of the heap with one reference; the caller fills what follows the header.
template <class T> T *makeObject(Heap &heap, Tag tag, size_t bytes = sizeof(T)) {
  const uint16_t sizeClass = Allocator::classOf(bytes);
  auto *object = static_cast<T *>(heap.impl().allocator.allocate(bytes, sizeClass));
  startObject(heap, *object, tag, sizeClass);
  return object;
}

/// Gives back the key and index arrays of an object in dictionary form (Objects.cpp).
void freeDictionary(Heap &heap, ObjectObject &object) noexcept;

/// Kinds of objects that hold no other values.
inline bool isLeafTag(Tag tag) {
  return tag == Tag::String || tag == Tag::BigInt || tag == Tag::Decimal || tag == Tag::Bytes;
}

/// The state of an iteration. Lists and sets are counted through; a sequence is a walk over a tree
/// that keeps a stack of containers and the keys that lead to the next item.
struct IteratorObject : HeapObject {
  Value source;        // List, Set or Sequence
  uint32_t next;       // lists and sets: the index of the next item
  uint32_t depth;      // walks: containers on the stack
  uint32_t capacity;   // walks: room in `containers`, `positions` and `path`
  bool started;        // walks: the root was given out
  Value *containers;   // the container entered at each level
  Value *path;         // path[i] is the key taken in containers[i]
  uint32_t *positions; // the next child of each container
};

} // namespace branchline::runtime
