// Layouts of objects (hidden classes) and the tables that make and find them: symbols, shapes and
// their transitions. They outlive runs, so both are bounded: past the bounds objects take
// dictionary form. Leaves out: the objects themselves (Objects.h).
#pragma once

#include "branchline/Runtime/Heap.h"
#include "branchline/Support/Arena.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace branchline::runtime {

/// Keys in order, shared by a shape and the shapes that extend it one after another.
struct ShapeKeys {
  uint32_t used;
  uint32_t capacity;
  const Symbol **keys;
};

struct Shape {
  ShapeKeys *keys; // the first `size` belong to this shape
  uint32_t size;
  const Symbol *lastKey; // successor made or asked for last
  const Shape *lastChild;
  const uint8_t *slots; // hash table of slot + 1; null up to kScannedKeys keys
};

inline constexpr uint32_t kMaxShapes = 100'000;
inline constexpr uint32_t kMaxSymbols = 1'000'000;
inline constexpr size_t kMaxSymbolBytes = 256;
inline constexpr size_t kMaxSymbolTableBytes = size_t(64) << 20;
/// Up to this many keys a scan is faster than a hash.
inline constexpr uint32_t kScannedKeys = 8;
inline constexpr uint32_t kShapeTableSize = 64; // a power of two, twice kMaxShapeKeys

/// The slot of `key`, or kNoSlot.
inline uint32_t slotOf(const Shape &shape, const Symbol *key) {
  const Symbol *const *keys = shape.keys->keys;
  if (!shape.slots) {
    for (uint32_t i = 0; i < shape.size; ++i)
      if (keys[i] == key)
        return i;
    return kNoSlot;
  }
  constexpr uint32_t mask = kShapeTableSize - 1;
  for (uint32_t i = key->hash & mask; shape.slots[i]; i = (i + 1) & mask)
    if (keys[shape.slots[i] - 1] == key)
      return shape.slots[i] - 1u;
  return kNoSlot;
}

/// All symbols and shapes of one heap.
class ShapeTable {
public:
  ShapeTable();

  const Symbol *intern(std::string_view text);
  const Symbol *find(std::string_view text) const;
  const Shape *empty() const { return empty_; }
  const Shape *extend(const Shape *shape, const Symbol *key);

  uint32_t shapeCount() const { return shapeCount_; }

private:
  struct Transition {
    const Shape *from;
    const Symbol *key;
    Shape *to;
  };
  Shape *findTransition(const Shape *from, const Symbol *key) const;
  void addTransition(const Shape *from, const Symbol *key, Shape *to);
  void growSymbols();
  Shape *makeShape(const Shape *from, const Symbol *key);

  Arena arena_;
  std::vector<const Symbol *> symbols_; // open addressing, a power of two
  std::vector<Transition> transitions_; // open addressing, a power of two
  uint32_t symbolCount_ = 0;
  size_t symbolBytes_ = 0;
  uint32_t transitionCount_ = 0;
  uint32_t shapeCount_ = 0;
  Shape *empty_;
};

} // namespace branchline::runtime
