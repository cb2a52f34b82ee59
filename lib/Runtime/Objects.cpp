// Lists and objects: growth, and the two forms of objects. Small objects with string keys have a
// shape; the others are hash tables in insertion order. Which writes are legal is for Ops and
// Paths.
#include "branchline/Runtime/Objects.h"

#include "HeapImpl.h"
#include "Limits.h"

#include "branchline/Runtime/Text.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>

namespace branchline::runtime {
namespace {

// Values may be moved as bytes: nothing points at them.
void relocate(Value *to, const Value *from, size_t count) {
  if (count != 0)
    std::memmove(static_cast<void *>(to), static_cast<const void *>(from), count * sizeof(Value));
}

uint32_t grownCapacity(uint32_t capacity, uint64_t most) {
  return static_cast<uint32_t>(
      std::min<uint64_t>(std::max<uint64_t>(4, uint64_t(capacity) * 2), most));
}

Result<void> mayGrow(Heap &heap, uint64_t bytes) {
  if (bytes >= kUncheckedBytes && !heap.mayAllocate(bytes))
    return memoryTrap(heap);
  return {};
}

// --- Dictionary form: keys, hashes and index are one block ---

constexpr uint32_t indexSizeFor(uint32_t capacity) {
  return std::bit_ceil(std::max(8u, capacity * 2u));
}

size_t dictionaryBytes(uint32_t capacity, uint32_t indexSize) {
  return capacity * (sizeof(Value) + sizeof(uint32_t)) + indexSize * sizeof(uint32_t);
}

Dictionary newDictionary(Heap &heap, uint32_t capacity) {
  const uint32_t indexSize = indexSizeFor(capacity);
  auto *block = static_cast<char *>(heap.allocate(dictionaryBytes(capacity, indexSize)));
  Dictionary made;
  made.keys = reinterpret_cast<Value *>(block);
  made.hashes = reinterpret_cast<uint32_t *>(made.keys + capacity);
  made.index = made.hashes + capacity;
  made.indexSize = indexSize;
  std::memset(made.index, 0, indexSize * sizeof(uint32_t));
  return made;
}

void addToIndex(Dictionary &dictionary, uint32_t slot) {
  const uint32_t mask = dictionary.indexSize - 1;
  uint32_t i = dictionary.hashes[slot] & mask;
  while (dictionary.index[i] != 0)
    i = (i + 1) & mask;
  dictionary.index[i] = slot + 1;
}

void rebuildIndex(Dictionary &dictionary, uint32_t size) {
  std::memset(dictionary.index, 0, dictionary.indexSize * sizeof(uint32_t));
  for (uint32_t slot = 0; slot < size; ++slot)
    addToIndex(dictionary, slot);
}

// Hashes of text keys are those of symbols, so that both forms agree.
uint32_t textKeyHash(std::string_view text) { return static_cast<uint32_t>(hashText(text) >> 32); }

uint32_t integerKeyHash(const Value &key) {
  // The value decides, not the kind (D2); the text hash of its bits spreads it unpredictably.
  const uint64_t hash = key.isInt() ? hashInt64(key.asInt()) : viewBigInt(key).hash();
  char bytes[sizeof(hash)];
  std::memcpy(bytes, &hash, sizeof(hash));
  return textKeyHash(std::string_view(bytes, sizeof(bytes)));
}

uint32_t keyHash(const Value &key) {
  return key.isString() ? textKeyHash(key.text()) : integerKeyHash(key);
}

bool sameInteger(const Value &a, const Value &b) {
  if (a.isInt() && b.isInt())
    return a.asInt() == b.asInt();
  if (a.isInt() || b.isInt()) {
    mp_limb_t storage;
    const Value &small = a.isInt() ? a : b;
    const Value &big = a.isInt() ? b : a;
    return BigInt::viewInt64(small.asInt(), storage) == viewBigInt(big);
  }
  return viewBigInt(a) == viewBigInt(b);
}

template <class Matches>
uint32_t probe(const Dictionary &dictionary, uint32_t hash, Matches matches) {
  const uint32_t mask = dictionary.indexSize - 1;
  for (uint32_t i = hash & mask; dictionary.index[i] != 0; i = (i + 1) & mask) {
    const uint32_t slot = dictionary.index[i] - 1;
    if (dictionary.hashes[slot] == hash && matches(dictionary.keys[slot]))
      return slot;
  }
  return kNoSlot;
}

uint32_t dictionaryTextSlot(const ObjectObject &object, std::string_view text, uint32_t hash) {
  return probe(object.dictionary, hash,
               [text](const Value &key) { return key.isString() && key.text() == text; });
}

uint32_t dictionarySlot(const ObjectObject &object, const Value &key, uint32_t hash) {
  if (key.isString())
    return dictionaryTextSlot(object, key.text(), hash);
  return probe(object.dictionary, hash,
               [&key](const Value &other) { return !other.isString() && sameInteger(key, other); });
}

uint32_t shapeTextSlot(Heap &heap, const Shape &shape, std::string_view text) {
  if (shape.size <= kScannedKeys) {
    for (uint32_t i = 0; i < shape.size; ++i)
      if (shape.keys->keys[i]->text() == text)
        return i;
    return kNoSlot;
  }
  const Symbol *symbol = heap.findSymbol(text);
  return symbol ? slotOf(shape, symbol) : kNoSlot;
}

uint32_t textSlot(Heap &heap, const ObjectObject &object, std::string_view text) {
  if (object.shape)
    return shapeTextSlot(heap, *object.shape, text);
  return dictionaryTextSlot(object, text, textKeyHash(text));
}

uint32_t keySlot(Heap &heap, const ObjectObject &object, const Value &key) {
  if (key.isString())
    return textSlot(heap, object, key.text());
  // Shapes have string keys only.
  return object.shape ? kNoSlot : dictionarySlot(object, key, integerKeyHash(key));
}

Result<void> growValues(Heap &heap, ObjectObject &object) {
  if (object.size >= kMaxObjectKeys)
    return objectSizeTrap();
  const uint32_t capacity = grownCapacity(object.capacity, kMaxObjectKeys);
  const size_t bytes = capacity * sizeof(Value);
  if (object.shape) {
    object.values = static_cast<Value *>(
        heap.reallocate(object.values, object.capacity * sizeof(Value), bytes));
    object.capacity = capacity;
    return {};
  }
  BL_CHECK(mayGrow(heap, bytes + dictionaryBytes(capacity, indexSizeFor(capacity))));
  Dictionary grown = newDictionary(heap, capacity);
  relocate(grown.keys, object.dictionary.keys, object.size);
  std::memcpy(grown.hashes, object.dictionary.hashes, object.size * sizeof(uint32_t));
  for (uint32_t slot = 0; slot < object.size; ++slot)
    addToIndex(grown, slot);
  freeDictionary(heap, object);
  object.dictionary = grown;
  object.values =
      static_cast<Value *>(heap.reallocate(object.values, object.capacity * sizeof(Value), bytes));
  object.capacity = capacity;
  return {};
}

void becomeDictionary(Heap &heap, ObjectObject &object) {
  const uint32_t capacity = std::max(8u, object.capacity);
  Dictionary made = newDictionary(heap, capacity);
  for (uint32_t slot = 0; slot < object.size; ++slot) {
    const Symbol *symbol = object.shape->keys->keys[slot];
    new (&made.keys[slot]) Value(symbol->value());
    made.hashes[slot] = symbol->hash;
    addToIndex(made, slot);
  }
  object.values = static_cast<Value *>(
      heap.reallocate(object.values, object.capacity * sizeof(Value), capacity * sizeof(Value)));
  object.capacity = capacity;
  object.dictionary = made;
  object.shape = nullptr;
}

// Adds an entry that is not there to an object in dictionary form.
Result<void> addToDictionary(Heap &heap, ObjectObject &object, Value key, uint32_t hash,
                             Value value) {
  if (object.size == object.capacity)
    BL_CHECK(growValues(heap, object));
  const uint32_t slot = object.size++;
  new (&object.dictionary.keys[slot]) Value(std::move(key));
  object.dictionary.hashes[slot] = hash;
  new (&object.values[slot]) Value(std::move(value));
  addToIndex(object.dictionary, slot);
  return {};
}

// Sets a string key of an object that has a shape. False when it must become a dictionary first.
bool setShaped(Heap &heap, ObjectObject &object, std::string_view text, Value &value) {
  const Symbol *symbol = nullptr;
  if (object.shape->size > kScannedKeys) {
    symbol = heap.intern(text);
    // A shape is never extended by a key it has, so the usual successor needs no search.
    if (symbol && symbol != object.shape->lastKey) {
      const uint32_t slot = slotOf(*object.shape, symbol);
      if (slot != kNoSlot) {
        object.values[slot] = std::move(value);
        return true;
      }
    }
  } else {
    const Symbol *usual = object.shape->lastKey;
    if (usual && usual->text() == text) {
      symbol = usual;
    } else {
      const uint32_t slot = shapeTextSlot(heap, *object.shape, text);
      if (slot != kNoSlot) {
        object.values[slot] = std::move(value);
        return true;
      }
      symbol = heap.intern(text);
    }
  }
  const Shape *next = symbol ? heap.extend(object.shape, symbol) : nullptr;
  if (!next)
    return false;
  if (object.size == object.capacity) {
    // At most kMaxShapeKeys entries: no limit is near.
    [[maybe_unused]] Result<void> grown = growValues(heap, object);
    BL_ASSERT(grown, "shaped objects are small");
  }
  new (&object.values[object.size++]) Value(std::move(value));
  object.shape = next;
  return true;
}

} // namespace

void freeDictionary(Heap &heap, ObjectObject &object) noexcept {
  heap.free(object.dictionary.keys, dictionaryBytes(object.capacity, object.dictionary.indexSize));
}

// --- Lists ---

Result<void> append(Heap &heap, ListObject &list, Value item) {
  if (list.size == list.capacity) {
    if (list.size >= kMaxListLength)
      return listSizeTrap();
    const uint32_t capacity = grownCapacity(list.capacity, kMaxListLength);
    BL_CHECK(mayGrow(heap, (uint64_t(capacity) - list.capacity) * sizeof(Value)));
    list.data = static_cast<Value *>(
        heap.reallocate(list.data, list.capacity * sizeof(Value), capacity * sizeof(Value)));
    list.capacity = capacity;
  }
  new (&list.data[list.size++]) Value(std::move(item));
  return {};
}

Value copyList(Heap &heap, const ListObject &list, size_t extraCapacity) {
  Value copy = heap.list(std::min<size_t>(list.size + extraCapacity, kMaxListLength));
  std::uninitialized_copy_n(list.data, list.size, copy.list()->data);
  copy.list()->size = list.size;
  return copy;
}

// --- Objects ---

const Value *findField(Heap &heap, const ObjectObject &object, std::string_view key) {
  const uint32_t slot = textSlot(heap, object, key);
  return slot == kNoSlot ? nullptr : &object.values[slot];
}

const Value *findField(const ObjectObject &object, const Symbol *key) {
  const uint32_t slot = object.shape ? slotOf(*object.shape, key)
                                     : dictionaryTextSlot(object, key->text(), key->hash);
  return slot == kNoSlot ? nullptr : &object.values[slot];
}

const Value *findKey(Heap &heap, const ObjectObject &object, const Value &key) {
  const uint32_t slot = keySlot(heap, object, key);
  return slot == kNoSlot ? nullptr : &object.values[slot];
}

Value *findSlot(Heap &heap, ObjectObject &object, const Value &key) {
  const uint32_t slot = keySlot(heap, object, key);
  return slot == kNoSlot ? nullptr : &object.values[slot];
}

Result<void> setKey(Heap &heap, ObjectObject &object, const Value &key, Value value) {
  if (object.shape) {
    if (key.isString() && setShaped(heap, object, key.text(), value))
      return {};
    becomeDictionary(heap, object);
  }
  const uint32_t hash = keyHash(key);
  const uint32_t slot = dictionarySlot(object, key, hash);
  if (slot != kNoSlot) {
    object.values[slot] = std::move(value);
    return {};
  }
  return addToDictionary(heap, object, key, hash, std::move(value));
}

Result<void> setField(Heap &heap, ObjectObject &object, std::string_view key, Value value) {
  if (object.shape) {
    if (setShaped(heap, object, key, value))
      return {};
    becomeDictionary(heap, object);
  }
  const uint32_t hash = textKeyHash(key);
  const uint32_t slot = dictionaryTextSlot(object, key, hash);
  if (slot != kNoSlot) {
    object.values[slot] = std::move(value);
    return {};
  }
  return addToDictionary(heap, object, heap.string(key), hash, std::move(value));
}

void removeKey(Heap &heap, ObjectObject &object, const Value &key) {
  const uint32_t slot = keySlot(heap, object, key);
  if (slot == kNoSlot)
    return;
  if (object.shape) {
    // Keys after the removed one make a different shape, unless the tables are full.
    const Shape *shape = heap.emptyShape();
    for (uint32_t i = 0; i < object.size && shape; ++i)
      if (i != slot)
        shape = heap.extend(shape, object.shape->keys->keys[i]);
    if (shape) {
      Value removed = std::move(object.values[slot]);
      relocate(&object.values[slot], &object.values[slot + 1], object.size - slot - 1);
      object.shape = shape;
      --object.size;
      return;
    }
    becomeDictionary(heap, object);
  }
  Value removedKey = std::move(object.dictionary.keys[slot]);
  Value removed = std::move(object.values[slot]);
  const uint32_t after = object.size - slot - 1;
  relocate(&object.dictionary.keys[slot], &object.dictionary.keys[slot + 1], after);
  relocate(&object.values[slot], &object.values[slot + 1], after);
  std::memmove(&object.dictionary.hashes[slot], &object.dictionary.hashes[slot + 1],
               after * sizeof(uint32_t));
  --object.size;
  rebuildIndex(object.dictionary, object.size);
}

Value copyObject(Heap &heap, const ObjectObject &object, size_t extraCapacity) {
  Value made = heap.object();
  ObjectObject &copy = *made.asObject();
  const auto capacity =
      static_cast<uint32_t>(std::min<size_t>(object.size + extraCapacity, kMaxObjectKeys));
  if (object.shape) {
    if (capacity != 0)
      copy.values = static_cast<Value *>(heap.allocate(capacity * sizeof(Value)));
    copy.shape = object.shape;
  } else {
    copy.values = static_cast<Value *>(heap.allocate(capacity * sizeof(Value)));
    copy.dictionary = newDictionary(heap, capacity);
    std::uninitialized_copy_n(object.dictionary.keys, object.size, copy.dictionary.keys);
    std::memcpy(copy.dictionary.hashes, object.dictionary.hashes, object.size * sizeof(uint32_t));
    for (uint32_t slot = 0; slot < object.size; ++slot)
      addToIndex(copy.dictionary, slot);
    copy.shape = nullptr;
  }
  copy.capacity = capacity;
  copy.size = object.size;
  std::uninitialized_copy_n(object.values, object.size, copy.values);
  return made;
}

Value objectOfShape(Heap &heap, const Shape *shape, std::span<Value> values) {
  BL_ASSERT(values.size() == shape->size, "one value for each key");
  if (values.empty())
    return heap.object();
  Value made = heap.rawObject(shape, shape->size);
  std::uninitialized_move(values.begin(), values.end(), made.asObject()->values);
  return made;
}

Value keyAt(const ObjectObject &object, uint32_t i) {
  return object.shape ? object.shape->keys->keys[i]->value() : object.dictionary.keys[i];
}

} // namespace branchline::runtime
