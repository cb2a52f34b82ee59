// The memory of one session: counted objects from size-classed free lists over chunks, and the
// layouts of all objects. What a run leaves behind is dropped whole by `reset`.
// Shapes (hidden classes) and symbols (interned keys) outlive runs. One thread per heap.
#pragma once

#include "branchline/Numeric/BigInt.h"
#include "branchline/Numeric/Decimal.h"
#include "branchline/Runtime/Value.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace branchline::runtime {

struct TrapInfo;

/// An interned key of objects; lives as long as its heap.
struct Symbol {
  const char *chars;
  uint32_t length;
  uint32_t hash;
  Ascii ascii;
  std::string_view text() const { return {chars, length}; }
  Value value() const { return Value::borrowed(text(), ascii); }
};

/// The ordered keys shared by objects that were built the same way (a hidden class).
/// Immutable but for its table of successors. Lives as long as its heap.
struct Shape;

inline constexpr uint32_t kNoSlot = 0xFFFFFFFFu;

/// Objects with more keys than this are hash tables.
inline constexpr uint32_t kMaxShapeKeys = 32;

/// Longest list, string (bytes) and object; beyond is the catchable `LimitExceeded`. \rule D8
inline constexpr uint64_t kMaxListLength = uint64_t(1) << 28;
inline constexpr uint64_t kMaxStringBytes = uint64_t(1) << 30;
inline constexpr uint64_t kMaxObjectKeys = uint64_t(1) << 28;
/// Deepest nesting that kernels (text, equality, output) follow; beyond is `LimitExceeded`.
inline constexpr uint32_t kMaxValueDepth = 10'000;

struct BigIntObject : HeapObject {
  uint32_t limbCount;
  bool negative;
  mp_limb_t limbs[1]; // limbCount of them, least significant first
};

struct DecimalObject : HeapObject {
  int32_t scale;
  uint32_t limbCount;
  bool negative;
  mp_limb_t limbs[1];
};

struct BytesObject : HeapObject {
  uint64_t length;
  char *bytes() noexcept { return reinterpret_cast<char *>(this) + sizeof(BytesObject); }
  std::string_view view() const noexcept {
    return {const_cast<BytesObject *>(this)->bytes(), length};
  }
};

struct ListObject : HeapObject {
  uint32_t size;
  uint32_t capacity;
  Value *data; // a raw block of the heap, or null
  std::span<Value> items() noexcept { return {data, size}; }
  std::span<const Value> items() const noexcept { return {data, size}; }
};

/// A set keeps insertion order (R2.2.1); items are pairwise different under strict equality.
struct SetObject : HeapObject {
  uint32_t size;
  uint32_t capacity;
  Value *data;
  std::span<const Value> items() const noexcept { return {data, size}; }
};

/// Hash table part of an object in dictionary form: entries in insertion order, then the index.
struct Dictionary {
  Value *keys;      // [capacity]
  uint32_t *hashes; // [capacity]
  uint32_t *index;  // [indexSize] slot + 1, 0 = empty; indexSize is a power of two
  uint32_t indexSize;
};

/// An ordered map. With a shape, `values[i]` belongs to the shape's i-th key; without one, to
/// `dictionary.keys[i]`. Read and write through the functions of Objects.h.
struct ObjectObject : HeapObject {
  uint32_t size;
  uint32_t capacity;
  const Shape *shape; // null: dictionary form
  Value *values;      // [capacity]
  Dictionary dictionary;
};

/// One variable shared by reference between an activation and the closures made in it. Cells may
/// form cycles with closures; those live until the run ends.
struct CellObject : HeapObject {
  Value value; // may be unbound
};

/// A function value: engine-specific code and the variable cells it captured (each counted).
struct FunctionObject : HeapObject {
  uint32_t functionId; // of the program
  uint32_t cellCount;
  const void *program; // stands for it; engines that share function values use the same pointer
  CellObject **cells() noexcept {
    return reinterpret_cast<CellObject **>(reinterpret_cast<char *>(this) + sizeof(FunctionObject));
  }
};

struct HandleObject : HeapObject {
  Value name; // String
};

/// WALK(root): restartable; the state of a traversal lives in IteratorObject. \rule R3.1.11
struct SequenceObject : HeapObject {
  Value root;
};

/// Counters of one heap, for `--stats` and tests.
struct HeapStats {
  uint64_t bytesInUse = 0;
  uint64_t peakBytes = 0;
  uint64_t bytesReserved = 0; // taken from the system
};

/// Owner of all memory of a session. Not thread-safe, not movable.
class Heap {
public:
  Heap();
  ~Heap();
  Heap(const Heap &) = delete;
  Heap &operator=(const Heap &) = delete;

  // --- Making values. None of these fail; they may go past the memory limit by one small object,
  // --- which the engines notice at the next safe point. Big requests ask `mayAllocate` first.

  /// A counted copy of `text`. \param text UTF-8/WTF-8, at most kMaxStringBytes
  Value string(std::string_view text, Ascii ascii = Ascii::Unknown);
  /// Room for a string of `length` bytes; the caller fills `chars` before anything else happens.
  Value newString(size_t length, char *&chars, Ascii ascii = Ascii::Unknown);
  /// Always of kind BigInt: big integers never narrow (R2.2.6).
  Value bigInt(const BigInt &value);
  Value decimal(const Decimal &value);
  Value bytes(std::string_view bytes);
  /// An empty list with room for `capacity` items.
  Value list(size_t capacity = 0);
  Value list(std::span<const Value> items);
  /// An empty object.
  Value object();
  /// An object of a shape that is not empty. Its values are raw memory that the caller fills before
  /// anything else happens.
  Value rawObject(const Shape *shape, uint32_t size);
  /// Makes an object of `count` values, at least one, and puts it in the place of the first. The
  /// others are raw memory afterwards.
  void gatherObject(const Shape *shape, Value *values, uint32_t count);
  /// The same for a list.
  void gatherList(Value *values, uint32_t count);
  /// Takes the items over; they must be pairwise different.
  Value set(std::span<const Value> items);
  Value handle(std::string_view name);
  Value sequence(const Value &root);
  /// A variable cell holding `value`; Tag::Cell.
  Value cell(Value value);
  /// A closure over `cells` (values of Tag::Cell).
  Value function(const void *program, uint32_t functionId, std::span<const Value> cells);

  // --- Raw blocks, accounted like objects; used for the arrays of lists and objects.
  void *allocate(size_t bytes);
  void free(void *block, size_t bytes) noexcept;
  /// Moves a block (or null) to a new size; its first bytes stay.
  void *reallocate(void *block, size_t oldBytes, size_t newBytes);

  // --- Keys and shapes.
  /// The symbol of `text`, made when it is new. Null when the table is full (then objects with
  /// that key take dictionary form).
  const Symbol *intern(std::string_view text);
  /// The symbol of `text` if some shape may have it; null means that no shape has that key.
  const Symbol *findSymbol(std::string_view text) const;
  const Shape *emptyShape() const { return emptyShape_; }
  /// The shape with one more key at the end; null when the limits say dictionary.
  const Shape *extend(const Shape *shape, const Symbol *key);

  // --- Limits and life.
  /// Sets the bound on bytes in use; 0 means none.
  void setMemoryLimit(uint64_t bytes) { memoryLimit_ = bytes; }
  uint64_t memoryLimit() const { return memoryLimit_; }
  bool overLimit() const { return memoryLimit_ != 0 && stats_.bytesInUse > memoryLimit_; }
  /// Whether `bytes` more would still be within the limit. Overflow-safe.
  bool mayAllocate(uint64_t bytes) const {
    return memoryLimit_ == 0 ||
           (bytes <= memoryLimit_ && stats_.bytesInUse <= memoryLimit_ - bytes);
  }
  const HeapStats &stats() const { return stats_; }
  /// Whoever resets the heap soon anyway can save taking dead objects apart: while less than
  /// `bytes` are in use, what nobody refers to stays until `reset`.
  void keepDead(uint64_t bytes) { keepDead_ = bytes; }
  /// Drops every object at once, cycles included. No `Value` of this heap may be used or even
  /// destroyed afterwards: whoever still holds one lets go of it before. Immediate and borrowed
  /// values are not concerned.
  void reset();

  /// Implementation detail of `destroyObject`.
  void destroy(HeapObject *object) noexcept;

  /// What the library's own files share; defined in lib/Runtime/HeapImpl.h.
  struct Impl;
  Impl &impl() { return *impl_; }

private:
  std::unique_ptr<Impl> impl_;
  const Shape *emptyShape_ = nullptr;
  uint64_t memoryLimit_ = 0;
  uint64_t keepDead_ = 0;
  HeapStats stats_;
};

/// Non-owning views of the numbers inside values; valid while the value lives.
BigInt viewBigInt(const Value &value);
/// \param value BigInt or Decimal; a BigInt has scale 0.
Decimal viewDecimal(const Value &value);

} // namespace branchline::runtime
