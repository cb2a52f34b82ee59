// Operators on two machine numbers, inlined into the dispatch loop; everything else is decided by
// the kernels of Runtime/Ops.h, which mean the same. Private to VM.
#pragma once

#include "Registers.h"

#include "branchline/Lang/Operators.h"
#include "branchline/Numeric/IntOps.h"

namespace branchline::vm {

/// Remainder and quotient in 32 bits where that is enough: half as slow on common hardware.
inline bool bothSmall(int64_t a, int64_t b) noexcept {
  return static_cast<uint64_t>(a | b) >> 31 == 0;
}

template <BinaryOp kOp>
[[gnu::always_inline]] inline bool fastInts(Value &to, int64_t a, int64_t b) noexcept {
  int64_t result = 0;
  if constexpr (kOp == BinaryOp::Add) {
    if (addOverflows(a, b, result)) [[unlikely]]
      return false;
  } else if constexpr (kOp == BinaryOp::Sub) {
    if (subOverflows(a, b, result)) [[unlikely]]
      return false;
  } else if constexpr (kOp == BinaryOp::Mul) {
    if (mulOverflows(a, b, result)) [[unlikely]]
      return false;
  } else if constexpr (kOp == BinaryOp::Div) {
    if (b == 0) [[unlikely]]
      return false;
    putFloat(to, toDouble(a) / toDouble(b));
    return true;
  } else {
    static_assert(kOp == BinaryOp::IDiv || kOp == BinaryOp::Rem);
    if (b == 0) [[unlikely]]
      return false;
    if (bothSmall(a, b)) {
      const auto x = static_cast<uint32_t>(a);
      const auto y = static_cast<uint32_t>(b);
      result = kOp == BinaryOp::Rem ? x % y : x / y;
    } else if constexpr (kOp == BinaryOp::Rem) {
      result = remTrunc(a, b);
    } else if (divOverflows(a, b, result)) {
      return false;
    }
  }
  putInt(to, result);
  return true;
}

/// \returns false when the kernel must decide; then `to` is untouched
template <BinaryOp kOp>
[[gnu::always_inline]] inline bool fastArithmetic(Value &to, const Value &a,
                                                  const Value &b) noexcept {
  if (a.isInt() && b.isInt())
    return fastInts<kOp>(to, a.asInt(), b.asInt());
  if (a.isFloat() && b.isFloat()) {
    const double x = a.asFloat();
    const double y = b.asFloat();
    if constexpr (kOp == BinaryOp::Add) {
      putFloat(to, x + y);
      return true;
    } else if constexpr (kOp == BinaryOp::Sub) {
      putFloat(to, x - y);
      return true;
    } else if constexpr (kOp == BinaryOp::Mul) {
      putFloat(to, x * y);
      return true;
    } else if constexpr (kOp == BinaryOp::Div) {
      if (y == 0) [[unlikely]]
        return false;
      putFloat(to, x / y);
      return true;
    }
  }
  return false;
}

/// \returns 0 or 1, or -1 when the kernel must decide
template <BinaryOp kOp>
[[gnu::always_inline]] inline int fastCompare(const Value &a, const Value &b) noexcept {
  if (a.isInt() && b.isInt()) {
    const int64_t x = a.asInt();
    const int64_t y = b.asInt();
    if constexpr (kOp == BinaryOp::Eq)
      return x == y;
    else if constexpr (kOp == BinaryOp::Ne)
      return x != y;
    else if constexpr (kOp == BinaryOp::Lt)
      return x < y;
    else if constexpr (kOp == BinaryOp::Le)
      return x <= y;
    else if constexpr (kOp == BinaryOp::Gt)
      return x > y;
    else
      return x >= y;
  }
  if (a.isFloat() && b.isFloat()) {
    // Equal floats and NaN are left to the kernel: the order is total (R2.5.3).
    if (a.asFloat() < b.asFloat())
      return kOp == BinaryOp::Lt || kOp == BinaryOp::Le || kOp == BinaryOp::Ne;
    if (a.asFloat() > b.asFloat())
      return kOp == BinaryOp::Gt || kOp == BinaryOp::Ge || kOp == BinaryOp::Ne;
  }
  return -1;
}

} // namespace branchline::vm
