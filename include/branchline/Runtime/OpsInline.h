// Operations on two machine numbers, inline for the dispatch loops of engines; everything else goes
// through the kernels of Ops.h, which mean the same.
#pragma once

#include "branchline/Numeric/IntOps.h"
#include "branchline/Runtime/Ops.h"

namespace branchline::runtime {

/// Computes `a op b` for Add, Sub, Mul, Div, IDiv, Rem and comparisons of two Ints or two Floats.
/// \param op        a constant, so that one case remains.
/// \returns         false when the kernel must decide: other kinds, overflow, division by zero.
template <BinaryOp op> inline bool tryMachine(const Value &a, const Value &b, Value &out) {
  if (a.isInt() && b.isInt()) {
    const int64_t x = a.asInt();
    const int64_t y = b.asInt();
    int64_t result = 0;
    if constexpr (op == BinaryOp::Add) {
      if (addOverflows(x, y, result))
        return false;
    } else if constexpr (op == BinaryOp::Sub) {
      if (subOverflows(x, y, result))
        return false;
    } else if constexpr (op == BinaryOp::Mul) {
      if (mulOverflows(x, y, result))
        return false;
    } else if constexpr (op == BinaryOp::IDiv) {
      if (y == 0 || divOverflows(x, y, result))
        return false;
    } else if constexpr (op == BinaryOp::Rem) {
      if (y == 0)
        return false;
      result = remTrunc(x, y);
    } else if constexpr (op == BinaryOp::Div) {
      if (y == 0)
        return false;
      out = Value::real(toDouble(x) / toDouble(y));
      return true;
    } else {
      static_assert(op >= BinaryOp::Eq && op <= BinaryOp::Ge, "not an operation on numbers");
      bool truth = false;
      if constexpr (op == BinaryOp::Eq)
        truth = x == y;
      else if constexpr (op == BinaryOp::Ne)
        truth = x != y;
      else if constexpr (op == BinaryOp::Lt)
        truth = x < y;
      else if constexpr (op == BinaryOp::Le)
        truth = x <= y;
      else if constexpr (op == BinaryOp::Gt)
        truth = x > y;
      else
        truth = x >= y;
      out = Value::boolean(truth);
      return true;
    }
    out = Value::integer(result);
    return true;
  }
  if (a.isFloat() && b.isFloat()) {
    const double x = a.asFloat();
    const double y = b.asFloat();
    if constexpr (op == BinaryOp::Add) {
      out = Value::real(x + y);
    } else if constexpr (op == BinaryOp::Sub) {
      out = Value::real(x - y);
    } else if constexpr (op == BinaryOp::Mul) {
      out = Value::real(x * y);
    } else if constexpr (op == BinaryOp::Div) {
      if (y == 0)
        return false;
      out = Value::real(x / y);
    } else if constexpr (op == BinaryOp::IDiv || op == BinaryOp::Rem) {
      return false;
    } else {
      const int order = compareTotal(x, y);
      bool truth = false;
      if constexpr (op == BinaryOp::Eq)
        truth = order == 0;
      else if constexpr (op == BinaryOp::Ne)
        truth = order != 0;
      else if constexpr (op == BinaryOp::Lt)
        truth = order < 0;
      else if constexpr (op == BinaryOp::Le)
        truth = order <= 0;
      else if constexpr (op == BinaryOp::Gt)
        truth = order > 0;
      else
        truth = order >= 0;
      out = Value::boolean(truth);
    }
    return true;
  }
  return false;
}

} // namespace branchline::runtime
