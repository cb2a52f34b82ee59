// Reading members and checking keys. \rule R2.9.4, R2.9.5, R2.10, R2.1.5, D3
#include "branchline/Runtime/Ops.h"

#include "Access.h"
#include "HeapImpl.h"
#include "Limits.h"

#include "branchline/Runtime/Objects.h"

#include <unordered_map>

namespace branchline::runtime {

Result<uint32_t> checkIndex(const ListObject &list, const Value &index) {
  const int64_t last = int64_t(list.size) - 1;
  if (index.isInt()) {
    if (index.asInt() >= 0 && index.asInt() <= last)
      return static_cast<uint32_t>(index.asInt());
    return trap<TrapId::IndexOutOfBounds>(index.asInt(), last);
  }
  if (!index.is(Tag::BigInt))
    return trap<TrapId::IndexNotInteger>();
  const BigInt big = viewBigInt(index);
  // A big integer may be small: big integers never narrow.
  const std::optional<int64_t> small = big.toInt64();
  if (small && *small >= 0 && *small <= last)
    return static_cast<uint32_t>(*small);
  return trap<TrapId::IndexOutOfBounds>(big.toString(), last);
}

namespace {

enum class KeyFault : uint8_t { None, Negative, Kind };

KeyFault keyFault(const Value &key) {
  if (key.isString())
    return KeyFault::None;
  if (key.isInt())
    return key.asInt() < 0 ? KeyFault::Negative : KeyFault::None;
  if (key.is(Tag::BigInt))
    return key.object<BigIntObject>()->negative ? KeyFault::Negative : KeyFault::None;
  return KeyFault::Kind;
}

Value orNull(const Value *found) { return found ? *found : Value(); }

} // namespace

Result<void> checkComputedKey(const Value &key) {
  switch (keyFault(key)) {
  case KeyFault::None:
    break;
  case KeyFault::Negative:
    return trap<TrapId::ComputedKeyNegative>();
  case KeyFault::Kind:
    return trap<TrapId::ComputedKeyKind>();
  }
  return {};
}

Result<void> checkObjectKey(const Value &key) {
  switch (keyFault(key)) {
  case KeyFault::None:
    break;
  case KeyFault::Negative:
    return trap<TrapId::ObjectKeyNegative>();
  case KeyFault::Kind:
    return trap<TrapId::ObjectKeyKind>();
  }
  return {};
}

Result<Value> getName(Heap &heap, const Value &base, std::string_view name) {
  if (base.isObject())
    return orNull(findField(heap, *base.asObject(), name));
  if (base.isList())
    return trap<TrapId::NameOnList>(name);
  return trap<TrapId::NotIndexable>();
}

Result<Value> getStaticIndex(Heap &heap, const Value &base, const Value &index) {
  if (base.isObject())
    return orNull(findKey(heap, *base.asObject(), index));
  if (!base.isList())
    return trap<TrapId::NotIndexable>();
  BL_TRY(const uint32_t i, checkIndex(*base.list(), index));
  return base.list()->data[i];
}

Result<Value> getKey(Heap &heap, const Value &base, const Value &key) {
  if (base.isList()) {
    BL_TRY(const uint32_t i, checkIndex(*base.list(), key));
    return base.list()->data[i];
  }
  if (!base.isObject())
    return trap<TrapId::NotIndexable>();
  BL_CHECK(checkComputedKey(key));
  return orNull(findKey(heap, *base.asObject(), key));
}

namespace {

// Turns keys into text. What needs no change is shared; what is shared several times is looked at
// once, or values that share parts many times over would take exponential time.
class KeyText {
public:
  explicit KeyText(Heap &heap) : heap_(heap) {}

  Result<Value> convert(const Value &value, uint32_t depth) {
    if (!value.isList() && !value.isObject())
      return value;
    if (depth >= kMaxValueDepth)
      return nestingTrap();
    const bool shared = !value.isUnique();
    if (shared)
      if (auto known = done_.find(value.header()); known != done_.end())
        return known->second;
    Result<Value> result = value.isList() ? convertList(value, depth) : convertObject(value, depth);
    if (shared && result)
      done_.emplace(value.header(), *result);
    return result;
  }

private:
  Result<Value> convertList(const Value &value, uint32_t depth) {
    const ListObject &list = *value.list();
    Value copy;
    for (uint32_t i = 0; i < list.size; ++i) {
      if (!list.data[i].isList() && !list.data[i].isObject())
        continue;
      BL_TRY(Value item, convert(list.data[i], depth + 1));
      if (item.sameObject(list.data[i]))
        continue;
      if (copy.isNull())
        copy = copyList(heap_, list);
      copy.list()->data[i] = std::move(item);
    }
    return copy.isNull() ? value : copy;
  }

  Result<Value> convertObject(const Value &value, uint32_t depth) {
    const ObjectObject &object = *value.asObject();
    bool allText = true;
    for (uint32_t i = 0; allText && !object.shape && i < object.size; ++i)
      allText = object.dictionary.keys[i].isString();
    if (!allText)
      return rebuild(object, depth);
    Value copy;
    for (uint32_t i = 0; i < object.size; ++i) {
      if (!object.values[i].isList() && !object.values[i].isObject())
        continue;
      BL_TRY(Value item, convert(object.values[i], depth + 1));
      if (item.sameObject(object.values[i]))
        continue;
      if (copy.isNull())
        copy = copyObject(heap_, object);
      copy.asObject()->values[i] = std::move(item);
    }
    return copy.isNull() ? value : copy;
  }

  // Keys that become the same text: the later value wins at the earlier place.
  Result<Value> rebuild(const ObjectObject &object, uint32_t depth) {
    Value made = heap_.object();
    for (uint32_t i = 0; i < object.size; ++i) {
      BL_TRY(const Value key, textOf(heap_, object.dictionary.keys[i]));
      BL_TRY(Value item, convert(object.values[i], depth + 1));
      BL_CHECK(setKey(heap_, *made.asObject(), key, std::move(item)));
    }
    return made;
  }

  Heap &heap_;
  std::unordered_map<const HeapObject *, Value> done_;
};

} // namespace

Result<Value> stringifyKeys(Heap &heap, const Value &value) {
  return KeyText(heap).convert(value, 0);
}

} // namespace branchline::runtime
