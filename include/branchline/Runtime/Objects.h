// Reading and writing lists and objects. Reads never fail; writes change an object in place and
// are for objects nobody else can see (`Value::isUnique`), or fresh ones.
#pragma once

#include "branchline/Runtime/Heap.h"
#include "branchline/Runtime/Trap.h"

#include <span>

namespace branchline::runtime {

// --- Lists ---

/// Adds at the end. \complexity O(1) amortised. \errors ValueLimit, MemoryLimit
Result<void> append(Heap &heap, ListObject &list, Value item);

/// A copy with its own array. \complexity O(n)
Value copyList(Heap &heap, const ListObject &list, size_t extraCapacity = 0);

// --- Objects: keys are String, Int or BigInt values; Int and BigInt of equal value are one key
// --- (D2). Reads by text look only at string keys.

/// The value of a string key, or null pointer. \complexity O(1)
const Value *findField(Heap &heap, const ObjectObject &object, std::string_view key);
/// The same with a symbol: a short scan or one hash probe.
const Value *findField(const ObjectObject &object, const Symbol *key);
/// The value of any key, or null pointer. \param key String, Int or BigInt
const Value *findKey(Heap &heap, const ObjectObject &object, const Value &key);

/// Sets an entry: an existing key keeps its place and its stored key (D2), a new one goes to the
/// end. \param key String, Int or BigInt. \complexity O(1) amortised. \errors ValueLimit,
/// MemoryLimit
Result<void> setKey(Heap &heap, ObjectObject &object, const Value &key, Value value);
/// The same for a string key.
Result<void> setField(Heap &heap, ObjectObject &object, std::string_view key, Value value);

/// A place to write to: the value slot of a key that exists, or null pointer.
Value *findSlot(Heap &heap, ObjectObject &object, const Value &key);

/// Removes an entry when it is there; order of the others stays. \complexity O(n)
void removeKey(Heap &heap, ObjectObject &object, const Value &key);

/// A copy with its own arrays; shares the shape. \complexity O(n)
Value copyObject(Heap &heap, const ObjectObject &object, size_t extraCapacity = 0);

/// A new object with all keys of a shape at once. \param values one for each key; moved from.
/// \complexity O(n), one object and one array
Value objectOfShape(Heap &heap, const Shape *shape, std::span<Value> values);

/// The i-th entry in order. The key of a shaped object is a borrowed string.
Value keyAt(const ObjectObject &object, uint32_t i);
inline const Value &valueAt(const ObjectObject &object, uint32_t i) { return object.values[i]; }

/// Number of keys a shape describes, its i-th key, and the slot of a key (kNoSlot if absent).
uint32_t shapeSize(const Shape &shape);
const Symbol *shapeKey(const Shape &shape, uint32_t i);
uint32_t shapeSlot(const Shape &shape, const Symbol *key);

/// Hash of a value that agrees with strict equality. \rule R2.20.6
uint64_t hashValue(const Value &value);

} // namespace branchline::runtime
