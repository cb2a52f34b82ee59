// The common ways of calls that native code makes, inline: the calls try them first, and JIT
// compiles them into programs (lib/JIT/Kernels.cpp). Each says false, and has changed nothing, when
// the call must decide. What they write goes where nothing counted is. The machine numbers of the
// other engines are in OpsInline.h; those here need no function that has a symbol.
#pragma once

#include "branchline/Numeric/IntOps.h"
#include "branchline/Runtime/Native.h"

#include <new>

namespace branchline::runtime {

/// Writes a value where no count is: what was there is forgotten, not given up.
inline void place(Value *out, const Value &value) { new (static_cast<void *>(out)) Value(value); }

inline void placeInt(Value *out, int64_t i) {
  new (static_cast<void *>(out)) Value(Value::integer(i));
}
inline void placeFloat(Value *out, double d) {
  new (static_cast<void *>(out)) Value(Value::real(d));
}

/// Whether the cache knows where objects of this shape have the member, or that they lack it.
[[gnu::always_inline]] inline bool isCached(const Value &base, const NameCache &cache) {
  return base.isObject() && base.asObject()->shape == cache.shape;
}

/// The item of a list at `next`, which is counted on. \returns false at the end
[[gnu::always_inline]] inline bool nextOfList(const ListObject &list, uint64_t &next, Value *out) {
  const uint64_t at = next;
  if (at >= list.size)
    return false;
  next = at + 1;
  place(out, list.data[at]);
  return true;
}

/// Add, Sub, Mul and Div of machine numbers, an integer next to a float included.
/// \rule R2.7.3, R2.7.5
[[gnu::always_inline]] inline bool numberArithmetic(BinaryOp op, const Value &a, const Value &b,
                                                    Value *out) {
  const bool wanted =
      op == BinaryOp::Add || op == BinaryOp::Sub || op == BinaryOp::Mul || op == BinaryOp::Div;
  if (!wanted || !(a.isInt() || a.isFloat()) || !(b.isInt() || b.isFloat()))
    return false;
  if (op != BinaryOp::Div && a.isInt() && b.isInt()) {
    int64_t result = 0;
    if (op == BinaryOp::Add   ? addOverflows(a.asInt(), b.asInt(), result)
        : op == BinaryOp::Sub ? subOverflows(a.asInt(), b.asInt(), result)
                              : mulOverflows(a.asInt(), b.asInt(), result))
      return false;
    placeInt(out, result);
    return true;
  }
  const double x = a.isInt() ? toDouble(a.asInt()) : a.asFloat();
  const double y = b.isInt() ? toDouble(b.asInt()) : b.asFloat();
  if (op == BinaryOp::Div && y == 0)
    return false;
  placeFloat(out, op == BinaryOp::Add   ? x + y
                  : op == BinaryOp::Sub ? x - y
                  : op == BinaryOp::Mul ? x * y
                                        : x / y);
  return true;
}

/// Integers up to this size are floats exactly.
inline constexpr int64_t kMostExactInt = int64_t(1) << 53;

[[gnu::always_inline]] inline bool isExactNumber(const Value &value) {
  return value.isFloat() ||
         (value.isInt() && value.asInt() <= kMostExactInt && value.asInt() >= -kMostExactInt);
}

/// A comparison of machine numbers. Equal floats (the two zeros differ) and NaN are left to the
/// call: the order is total. \rule R2.5.3
[[gnu::always_inline]] inline bool numberComparison(BinaryOp op, const Value &a, const Value &b,
                                                    bool &truth) {
  bool less = false, greater = false;
  if (a.isInt() && b.isInt()) {
    less = a.asInt() < b.asInt();
    greater = a.asInt() > b.asInt();
  } else {
    if (!isExactNumber(a) || !isExactNumber(b))
      return false;
    const double x = a.isInt() ? toDouble(a.asInt()) : a.asFloat();
    const double y = b.isInt() ? toDouble(b.asInt()) : b.asFloat();
    less = x < y;
    greater = x > y;
    if (!less && !greater)
      return false;
  }
  truth = op == BinaryOp::Eq   ? !less && !greater
          : op == BinaryOp::Ne ? less || greater
          : op == BinaryOp::Lt ? less
          : op == BinaryOp::Le ? !greater
          : op == BinaryOp::Gt ? greater
                               : !less;
  return true;
}

/// Whether two strings are equal, as far as their lengths and places tell.
[[gnu::always_inline]] inline bool textComparison(BinaryOp op, const Value &a, const Value &b,
                                                  bool &truth) {
  if ((op != BinaryOp::Eq && op != BinaryOp::Ne) || !a.isString() || !b.isString())
    return false;
  const std::string_view x = a.text(), y = b.text();
  if (x.size() == y.size() && x.data() != y.data())
    return false;
  truth = (x.size() == y.size()) == (op == BinaryOp::Eq);
  return true;
}

} // namespace branchline::runtime
