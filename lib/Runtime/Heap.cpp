// Making and destroying objects, and the life of a heap. The allocator is in Allocator.h, layouts
// are in Shape.h; changing containers is in Objects.cpp.
#include "branchline/Runtime/Heap.h"

#include "HeapImpl.h"

#include "branchline/Runtime/Objects.h"

#include <cstring>
#include <memory>

namespace branchline::runtime {

Heap::Heap() : impl_(std::make_unique<Impl>(stats_)) {
  emptyShape_ = impl_->shapes.empty();
  auto shapeOf = [this](std::initializer_list<std::string_view> keys) {
    const Shape *shape = emptyShape_;
    for (std::string_view key : keys)
      shape = extend(shape, intern(key));
    return shape;
  };
  impl_->walkShape = shapeOf({"path", "key", "value", "depth", "isLeaf"});
  impl_->errorShape = shapeOf({"message", "type"});
}

Heap::~Heap() { reset(); }

void Heap::reset() {
  impl_->textIndex.clear();
  impl_->allocator.reset();
}

// --- Raw blocks ---

void *Heap::allocate(size_t bytes) {
  return impl_->allocator.allocate(bytes, Allocator::classOf(bytes));
}

void Heap::free(void *block, size_t bytes) noexcept {
  impl_->allocator.free(block, Allocator::classOf(bytes));
}

void *Heap::reallocate(void *block, size_t oldBytes, size_t newBytes) {
  if (!block)
    return allocate(newBytes);
  return impl_->allocator.reallocate(block, oldBytes, newBytes);
}

// --- Keys and shapes ---

const Symbol *Heap::intern(std::string_view text) { return impl_->shapes.intern(text); }

const Symbol *Heap::findSymbol(std::string_view text) const { return impl_->shapes.find(text); }

const Shape *Heap::extend(const Shape *shape, const Symbol *key) {
  return impl_->shapes.extend(shape, key);
}

// --- Making values ---

Value Heap::newString(size_t length, char *&chars, Ascii ascii) {
  BL_ASSERT(length <= kMaxStringBytes, "callers check the size of strings");
  auto *object = makeObject<StringObject>(*this, Tag::String, sizeof(StringObject) + length);
  object->capacity = object->length = static_cast<uint32_t>(length);
  chars = object->chars();
  return Value::adoptString(chars, static_cast<uint32_t>(length), ascii);
}

Value Heap::string(std::string_view text, Ascii ascii) {
  if (text.empty())
    return Value::borrowed("", Ascii::Yes);
  char *chars = nullptr;
  Value made = newString(text.size(), chars, ascii);
  std::memcpy(chars, text.data(), text.size());
  return made;
}

Value Heap::bigInt(const BigInt &value) {
  const size_t count = value.limbCount();
  auto *object = makeObject<BigIntObject>(
      *this, Tag::BigInt, sizeof(BigIntObject) + (count > 1 ? count - 1 : 0) * sizeof(mp_limb_t));
  object->limbCount = static_cast<uint32_t>(count);
  object->negative = value.isNegative();
  if (count != 0)
    std::memcpy(object->limbs, value.limbs(), count * sizeof(mp_limb_t));
  return Value::adopt(object);
}

Value Heap::decimal(const Decimal &value) {
  const size_t count = value.unscaled().limbCount();
  auto *object = makeObject<DecimalObject>(
      *this, Tag::Decimal, sizeof(DecimalObject) + (count > 1 ? count - 1 : 0) * sizeof(mp_limb_t));
  object->scale = value.scale();
  object->limbCount = static_cast<uint32_t>(count);
  object->negative = value.unscaled().isNegative();
  if (count != 0)
    std::memcpy(object->limbs, value.unscaled().limbs(), count * sizeof(mp_limb_t));
  return Value::adopt(object);
}

Value Heap::bytes(std::string_view bytes) {
  auto *object = makeObject<BytesObject>(*this, Tag::Bytes, sizeof(BytesObject) + bytes.size());
  object->length = bytes.size();
  if (!bytes.empty())
    std::memcpy(object->bytes(), bytes.data(), bytes.size());
  return Value::adopt(object);
}

Value Heap::list(size_t capacity) {
  BL_ASSERT(capacity <= kMaxListLength, "callers check the size of lists");
  auto *object = makeObject<ListObject>(*this, Tag::List);
  object->size = 0;
  object->capacity = static_cast<uint32_t>(capacity);
  object->data = capacity == 0 ? nullptr : static_cast<Value *>(allocate(capacity * sizeof(Value)));
  return Value::adopt(object);
}

Value Heap::list(std::span<const Value> items) {
  Value made = list(items.size());
  std::uninitialized_copy(items.begin(), items.end(), made.list()->data);
  made.list()->size = static_cast<uint32_t>(items.size());
  return made;
}

Value Heap::object() {
  auto *object = makeObject<ObjectObject>(*this, Tag::Object);
  object->size = 0;
  object->capacity = 0;
  object->shape = emptyShape_;
  object->values = nullptr;
  object->dictionary = {};
  return Value::adopt(object);
}

namespace {

/// A container of type T and room for `count` values, at least one, mostly in one go.
template <class T>
[[gnu::always_inline]] inline T *makeContainer(Heap &heap, Tag tag, uint32_t count,
                                               Value *&values) {
  constexpr uint16_t kClass = Allocator::classOf(sizeof(T));
  static_assert(Allocator::classOf(7 * sizeof(Value)) == 7, "so many values, that class");
  Allocator &allocator = heap.impl().allocator;
  void *both = count <= Allocator::kSmallClasses
                   ? allocator.allocateTwo(kClass, static_cast<uint16_t>(count))
                   : nullptr;
  if (both == nullptr) [[unlikely]] {
    values = static_cast<Value *>(heap.allocate(count * sizeof(Value)));
    return makeObject<T>(heap, tag);
  }
  auto *object = static_cast<T *>(both);
  startObject(heap, *object, tag, kClass);
  values = reinterpret_cast<Value *>(static_cast<char *>(both) + Allocator::classBytes(kClass));
  return object;
}

/// Moves values into raw memory and leaves raw memory behind. Made for few of them.
[[gnu::always_inline]] inline void moveRaw(Value *to, const Value *from, uint32_t count) {
  const Value *end = from + count;
#if defined(__clang__)
#pragma clang loop unroll(disable) vectorize(disable)
#endif
  for (; from != end; ++from, ++to)
    std::memcpy(static_cast<void *>(to), static_cast<const void *>(from), sizeof(Value));
}

} // namespace

Value Heap::rawObject(const Shape *shape, uint32_t size) {
  Value *values = nullptr;
  auto *object = makeContainer<ObjectObject>(*this, Tag::Object, size, values);
  object->size = object->capacity = size;
  object->shape = shape;
  object->values = values;
  object->dictionary = {};
  return Value::adopt(object);
}

void Heap::gatherObject(const Shape *shape, Value *values, uint32_t count) {
  Value *into = nullptr;
  auto *object = makeContainer<ObjectObject>(*this, Tag::Object, count, into);
  object->size = object->capacity = count;
  object->shape = shape;
  object->values = into;
  object->dictionary = {};
  moveRaw(into, values, count);
  new (values) Value(Value::adopt(object));
}

void Heap::gatherList(Value *values, uint32_t count) {
  BL_ASSERT(count <= kMaxListLength, "callers check the size of lists");
  Value *into = nullptr;
  auto *object = makeContainer<ListObject>(*this, Tag::List, count, into);
  object->size = object->capacity = count;
  object->data = into;
  moveRaw(into, values, count);
  new (values) Value(Value::adopt(object));
}

Value Heap::set(std::span<const Value> items) {
  auto *object = makeObject<SetObject>(*this, Tag::Set);
  object->size = object->capacity = static_cast<uint32_t>(items.size());
  object->data =
      items.empty() ? nullptr : static_cast<Value *>(allocate(items.size() * sizeof(Value)));
  std::uninitialized_copy(items.begin(), items.end(), object->data);
  return Value::adopt(object);
}

Value Heap::handle(std::string_view name) {
  Value text = string(name);
  auto *object = makeObject<HandleObject>(*this, Tag::Handle);
  new (&object->name) Value(std::move(text));
  return Value::adopt(object);
}

Value Heap::sequence(const Value &root) {
  auto *object = makeObject<SequenceObject>(*this, Tag::Sequence);
  new (&object->root) Value(root);
  return Value::adopt(object);
}

Value Heap::cell(Value value) {
  auto *object = makeObject<CellObject>(*this, Tag::Cell);
  new (&object->value) Value(std::move(value));
  return Value::adopt(object);
}

Value Heap::function(const void *program, uint32_t functionId, std::span<const Value> cells) {
  auto *object = makeObject<FunctionObject>(
      *this, Tag::Function, sizeof(FunctionObject) + cells.size() * sizeof(CellObject *));
  object->functionId = functionId;
  object->cellCount = static_cast<uint32_t>(cells.size());
  object->program = program;
  for (size_t i = 0; i < cells.size(); ++i) {
    BL_ASSERT(cells[i].is(Tag::Cell), "a closure captures cells");
    CellObject *cell = cells[i].object<CellObject>();
    ++cell->refs;
    object->cells()[i] = cell;
  }
  return Value::adopt(object);
}

// --- Views ---

BigInt viewBigInt(const Value &value) {
  auto *object = value.object<BigIntObject>();
  return BigInt::view(object->limbs, object->limbCount, object->negative);
}

Decimal viewDecimal(const Value &value) {
  if (value.is(Tag::BigInt))
    return Decimal(viewBigInt(value), 0);
  auto *object = value.object<DecimalObject>();
  return Decimal(BigInt::view(object->limbs, object->limbCount, object->negative), object->scale);
}

// --- Destroying ---

namespace {

// Objects whose count reached zero wait in a list threaded through their heap pointers, so that
// freeing a deep tree needs neither recursion nor memory.
class Destroyer {
public:
  explicit Destroyer(Heap &heap) : heap_(heap), allocator_(heap.impl().allocator) {}

  void run(HeapObject *object) {
    for (;;) {
      dropContents(object);
      allocator_.free(object, object->sizeClass);
      if (!pending_)
        return;
      object = pending_;
      pending_ = reinterpret_cast<HeapObject *>(object->heap);
    }
  }

private:
  void drop(HeapObject *object) {
    if (--object->refs != 0)
      return;
    if (isLeafTag(object->tag)) {
      allocator_.free(object, object->sizeClass);
      return;
    }
    object->heap = reinterpret_cast<Heap *>(pending_);
    pending_ = object;
  }

  void drop(const Value &value) {
    if (value.isCounted())
      drop(value.header());
  }

  void dropArray(Value *values, size_t size, size_t capacity) {
    for (size_t i = 0; i < size; ++i)
      drop(values[i]);
    if (values)
      heap_.free(values, capacity * sizeof(Value));
  }

  void dropContents(HeapObject *object) {
    switch (object->tag) {
    case Tag::List: {
      auto *list = static_cast<ListObject *>(object);
      dropArray(list->data, list->size, list->capacity);
      break;
    }
    case Tag::Set: {
      auto *set = static_cast<SetObject *>(object);
      dropArray(set->data, set->size, set->capacity);
      break;
    }
    case Tag::Object: {
      auto *map = static_cast<ObjectObject *>(object);
      if (!map->shape) {
        for (uint32_t i = 0; i < map->size; ++i)
          drop(map->dictionary.keys[i]);
        freeDictionary(heap_, *map);
      }
      dropArray(map->values, map->size, map->capacity);
      break;
    }
    case Tag::Function: {
      auto *function = static_cast<FunctionObject *>(object);
      for (uint32_t i = 0; i < function->cellCount; ++i)
        drop(function->cells()[i]);
      break;
    }
    case Tag::Sequence:
      drop(static_cast<SequenceObject *>(object)->root);
      break;
    case Tag::Handle:
      drop(static_cast<HandleObject *>(object)->name);
      break;
    case Tag::Cell:
      drop(static_cast<CellObject *>(object)->value);
      break;
    case Tag::Iterator: {
      auto *iterator = static_cast<IteratorObject *>(object);
      drop(iterator->source);
      dropArray(iterator->containers, iterator->depth, iterator->capacity);
      dropArray(iterator->path, iterator->depth, iterator->capacity);
      if (iterator->positions)
        heap_.free(iterator->positions, iterator->capacity * sizeof(uint32_t));
      break;
    }
    case Tag::String:
    case Tag::BigInt:
    case Tag::Decimal:
    case Tag::Bytes:
      break;
    case Tag::Null:
    case Tag::Unbound:
    case Tag::Bool:
    case Tag::Int:
    case Tag::Float:
    case Tag::JsonText:
      BL_UNREACHABLE("immediate values are not objects");
    }
  }

  Heap &heap_;
  Allocator &allocator_;
  HeapObject *pending_ = nullptr;
};

} // namespace

void Heap::destroy(HeapObject *object) noexcept {
  if (stats_.bytesInUse < keepDead_)
    return;
  if (isLeafTag(object->tag))
    impl_->allocator.free(object, object->sizeClass);
  else
    Destroyer(*this).run(object);
}

void destroyObject(HeapObject *object) noexcept { object->heap->destroy(object); }

} // namespace branchline::runtime
