// Truth, equality, order and hashes. \rule R2.4, R2.5, R3.2.3-5, D2, D7
#include "branchline/Runtime/Ops.h"

#include "HeapImpl.h"
#include "Limits.h"

#include "branchline/Numeric/IntOps.h"
#include "branchline/Runtime/Base64.h"
#include "branchline/Runtime/Objects.h"
#include "branchline/Runtime/Text.h"
#include "branchline/Support/Utf8.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace branchline::runtime {

bool truthy(const Value &value) {
  switch (value.tag()) {
  case Tag::Null:
  case Tag::Unbound:
    return false;
  case Tag::Bool:
    return value.asBool();
  case Tag::Int:
    return value.asInt() != 0;
  case Tag::Float:
    return value.asFloat() != 0;
  case Tag::BigInt:
    return value.object<BigIntObject>()->limbCount != 0;
  case Tag::Decimal:
    return value.object<DecimalObject>()->limbCount != 0;
  case Tag::String:
  case Tag::Bytes:
  case Tag::List:
  case Tag::Object:
  case Tag::Set:
  case Tag::Function:
  case Tag::Sequence:
  case Tag::Handle:
    return true;
  case Tag::Iterator:
  case Tag::Cell:
  case Tag::JsonText:
    break;
  }
  BL_UNREACHABLE("programs never see this kind of value");
}

bool libraryTruthy(const Value &value) {
  if (value.isString())
    return !value.text().empty();
  // A decimal too small for a double counts as zero here (Q3.6).
  if (value.is(Tag::Decimal))
    return viewDecimal(value).toDouble() != 0;
  return truthy(value);
}

namespace {

bool sameBig(const Value &a, const Value &b) {
  mp_limb_t storage;
  if (a.isInt())
    return BigInt::viewInt64(a.asInt(), storage) == viewBigInt(b);
  if (b.isInt())
    return BigInt::viewInt64(b.asInt(), storage) == viewBigInt(a);
  return viewBigInt(a) == viewBigInt(b);
}

/// After this many comparisons or hashes of containers, remembering them pays: values that share
/// parts many times over would take exponential time otherwise.
constexpr size_t kPatience = 1 << 16;

struct PairHash {
  size_t operator()(const std::pair<const void *, const void *> &pair) const {
    return std::hash<const void *>()(pair.first) * 31 + std::hash<const void *>()(pair.second);
  }
};

// Strict equality of two values.
class Equality {
public:
  Result<bool> same(const Value &a, const Value &b, uint32_t depth) {
    if (a.tag() != b.tag()) {
      const bool integers = (a.isInt() && b.is(Tag::BigInt)) || (a.is(Tag::BigInt) && b.isInt());
      return integers && sameBig(a, b);
    }
    switch (a.tag()) {
    case Tag::Null:
    case Tag::Unbound:
      return true;
    case Tag::Bool:
      return a.asBool() == b.asBool();
    case Tag::Int:
      return a.asInt() == b.asInt();
    case Tag::Float:
      return identical(a.asFloat(), b.asFloat());
    case Tag::String:
      return a.text() == b.text();
    case Tag::BigInt:
      return sameBig(a, b);
    case Tag::Decimal:
      return identical(viewDecimal(a), viewDecimal(b));
    case Tag::Bytes:
      return a.object<BytesObject>()->view() == b.object<BytesObject>()->view();
    case Tag::Handle:
      return a.object<HandleObject>()->name.text() == b.object<HandleObject>()->name.text();
    case Tag::Function:
    case Tag::Sequence:
      return a.sameObject(b);
    case Tag::List:
    case Tag::Object:
    case Tag::Set:
      return sameContainers(a, b, depth);
    case Tag::Iterator:
    case Tag::Cell:
    case Tag::JsonText:
      break;
    }
    BL_UNREACHABLE("programs never see this kind of value");
  }

private:
  Result<bool> sameContainers(const Value &a, const Value &b, uint32_t depth) {
    if (a.sameObject(b))
      return true;
    if (depth >= kMaxValueDepth)
      return nestingTrap();
    const bool shared = ++steps_ > kPatience && !a.isUnique() && !b.isUnique();
    const std::pair<const void *, const void *> pair(a.header(), b.header());
    if (shared && known_.contains(pair))
      return true;
    Result<bool> result = a.isList() ? sameLists(*a.list(), *b.list(), depth)
                          : a.isObject()
                              ? sameObjects(*a.asObject(), *b.asObject(), depth)
                              : sameSets(*a.object<SetObject>(), *b.object<SetObject>(), depth);
    if (shared && result && *result)
      known_.insert(pair);
    return result;
  }

  Result<bool> sameLists(const ListObject &a, const ListObject &b, uint32_t depth) {
    if (a.size != b.size)
      return false;
    for (uint32_t i = 0; i < a.size; ++i) {
      Result<bool> items = same(a.data[i], b.data[i], depth + 1);
      if (!items || !*items)
        return items;
    }
    return true;
  }

  Result<bool> sameObjects(const ObjectObject &a, const ObjectObject &b, uint32_t depth) {
    if (a.size != b.size)
      return false;
    for (uint32_t i = 0; i < a.size; ++i) {
      const Value *other = nullptr;
      if (a.shape && a.shape == b.shape)
        other = &b.values[i];
      else if (a.shape)
        other = findField(b, a.shape->keys->keys[i]);
      else
        other = findKey(*b.heap, b, a.dictionary.keys[i]);
      if (!other)
        return false;
      Result<bool> items = same(a.values[i], *other, depth + 1);
      if (!items || !*items)
        return items;
    }
    return true;
  }

  // Items of a set differ pairwise, so equal sizes and membership one way are enough.
  Result<bool> sameSets(const SetObject &a, const SetObject &b, uint32_t depth) {
    if (a.size != b.size)
      return false;
    std::vector<std::pair<uint64_t, uint32_t>> order(b.size);
    for (uint32_t i = 0; i < b.size; ++i)
      order[i] = {hashValue(b.data[i]), i};
    std::sort(order.begin(), order.end());
    for (const Value &item : a.items()) {
      const uint64_t hash = hashValue(item);
      auto at =
          std::lower_bound(order.begin(), order.end(), std::pair<uint64_t, uint32_t>(hash, 0));
      bool found = false;
      for (; !found && at != order.end() && at->first == hash; ++at) {
        Result<bool> items = same(item, b.data[at->second], depth + 1);
        if (!items)
          return items;
        found = *items;
      }
      if (!found)
        return false;
    }
    return true;
  }

  size_t steps_ = 0;
  std::unordered_set<std::pair<const void *, const void *>, PairHash> known_;
};

// Hashes that agree with strict equality; below kMaxValueDepth everything looks the same.
class Hasher {
public:
  uint64_t hash(const Value &value, uint32_t depth) {
    switch (value.tag()) {
    case Tag::Null:
    case Tag::Unbound:
      return salted(value.tag(), 0);
    case Tag::Bool:
    case Tag::Function:
    case Tag::Sequence:
      return salted(value.tag(), static_cast<uint64_t>(value.asInt()));
    case Tag::Int:
      return salted(Tag::Int, hashInt64(value.asInt()));
    case Tag::BigInt:
      return salted(Tag::Int, viewBigInt(value).hash());
    case Tag::Float: {
      const double real = value.asFloat();
      return salted(Tag::Float, real != real ? 1 : std::bit_cast<uint64_t>(real));
    }
    case Tag::Decimal:
      return salted(Tag::Decimal, viewDecimal(value).hash());
    case Tag::String:
      return hashText(value.text());
    case Tag::Bytes:
      return salted(Tag::Bytes, hashText(value.object<BytesObject>()->view()));
    case Tag::Handle:
      return salted(Tag::Handle, hashText(value.object<HandleObject>()->name.text()));
    case Tag::List:
    case Tag::Object:
    case Tag::Set:
      return container(value, depth);
    case Tag::Iterator:
    case Tag::Cell:
    case Tag::JsonText:
      break;
    }
    BL_UNREACHABLE("programs never see this kind of value");
  }

private:
  static uint64_t combine(uint64_t a, uint64_t b) {
    const uint64_t words[2] = {a, b};
    return hashText({reinterpret_cast<const char *>(words), sizeof(words)});
  }
  static uint64_t salted(Tag tag, uint64_t hash) {
    return combine(static_cast<uint64_t>(tag) + 1, hash);
  }

  uint64_t container(const Value &value, uint32_t depth) {
    if (depth >= kMaxValueDepth)
      return salted(value.tag(), 0);
    const bool shared = ++steps_ > kPatience && !value.isUnique();
    if (shared)
      if (auto known = known_.find(value.header()); known != known_.end())
        return known->second;
    const uint64_t result = contents(value, depth);
    if (shared)
      known_.emplace(value.header(), result);
    return result;
  }

  uint64_t contents(const Value &value, uint32_t depth) {
    if (value.isList()) {
      uint64_t result = salted(Tag::List, value.list()->size);
      for (const Value &item : value.list()->items())
        result = combine(result, hash(item, depth + 1));
      return result;
    }
    // Order does not matter for objects and sets, hence sums.
    uint64_t sum = 0;
    if (value.isObject()) {
      const ObjectObject &object = *value.asObject();
      for (uint32_t i = 0; i < object.size; ++i)
        sum += combine(hash(keyAt(object, i), depth + 1), hash(object.values[i], depth + 1));
    } else {
      for (const Value &item : value.object<SetObject>()->items())
        sum += hash(item, depth + 1);
    }
    return salted(value.tag(), sum);
  }

  size_t steps_ = 0;
  std::unordered_map<const void *, uint64_t> known_;
};

double realOf(const Value &value) {
  if (value.isInt())
    return toDouble(value.asInt());
  return value.isFloat() ? value.asFloat() : viewBigInt(value).toDouble();
}

int compareExact(const Value &a, const Value &b) {
  mp_limb_t left = 0;
  mp_limb_t right = 0;
  if (!a.is(Tag::Decimal) && !b.is(Tag::Decimal))
    return branchline::compare(a.isInt() ? BigInt::viewInt64(a.asInt(), left) : viewBigInt(a),
                               b.isInt() ? BigInt::viewInt64(b.asInt(), right) : viewBigInt(b));
  return branchline::compare(
      a.isInt() ? Decimal(BigInt::viewInt64(a.asInt(), left), 0) : viewDecimal(a),
      b.isInt() ? Decimal(BigInt::viewInt64(b.asInt(), right), 0) : viewDecimal(b));
}

// The text a value is ordered by: bytes have their Base64 text (D7).
Result<void> appendOrderText(std::string &out, const Value &value) {
  if (value.is(Tag::Bytes)) {
    out += base64Encode(value.object<BytesObject>()->view());
    return {};
  }
  return appendText(out, value);
}

Result<int> compareTexts(const Value &a, const Value &b) {
  if (a.isString() && b.isString())
    return utf8::compareUtf16(a.text(), b.text());
  std::string left;
  std::string right;
  if (!a.isString())
    BL_CHECK(appendOrderText(left, a));
  if (!b.isString())
    BL_CHECK(appendOrderText(right, b));
  return utf8::compareUtf16(a.isString() ? a.text() : left, b.isString() ? b.text() : right);
}

} // namespace

Result<bool> strictEquals(const Value &a, const Value &b) { return Equality().same(a, b, 0); }

uint64_t hashValue(const Value &value) { return Hasher().hash(value, 0); }

Result<int> compareNumbers(const Value &a, const Value &b) {
  if (a.isInt() && b.isInt())
    return compareInts(a.asInt(), b.asInt());
  if (a.isFloat() && b.isFloat())
    return compareTotal(a.asFloat(), b.asFloat());
  const bool decimal = a.is(Tag::Decimal) || b.is(Tag::Decimal);
  const bool real = a.isFloat() || b.isFloat();
  if (decimal && real)
    return trap<TrapId::CompareMixedPrecision>();
  if (real)
    return compareTotal(realOf(a), realOf(b));
  return compareExact(a, b);
}

Result<bool> equals(const Value &a, const Value &b) {
  if (a.isInt() && b.isInt())
    return a.asInt() == b.asInt();
  if (a.isString() && b.isString())
    return a.text() == b.text();
  if (a.isNumber() && b.isNumber()) {
    BL_TRY(const int order, compareNumbers(a, b));
    return order == 0;
  }
  return strictEquals(a, b);
}

Result<bool> compare(BinaryOp op, const Value &a, const Value &b) {
  Result<int> compared = a.isNumber() && b.isNumber() ? compareNumbers(a, b) : compareTexts(a, b);
  BL_TRY(const int order, std::move(compared));
  if (op == BinaryOp::Lt)
    return order < 0;
  if (op == BinaryOp::Le)
    return order <= 0;
  BL_ASSERT(op == BinaryOp::Gt || op == BinaryOp::Ge, "an ordering operator");
  return op == BinaryOp::Gt ? order > 0 : order >= 0;
}

Result<int> libraryCompare(const Value &a, const Value &b) {
  if (a.isNumber() && b.isNumber())
    return compareNumbers(a, b);
  if (a.isBool() && b.isBool())
    return static_cast<int>(a.asBool()) - static_cast<int>(b.asBool());
  return compareTexts(a, b);
}

} // namespace branchline::runtime
