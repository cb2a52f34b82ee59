// Operators whose operands are not two machine numbers of one kind.
#include "Machine.h"

#include "branchline/Numeric/IntOps.h"
#include "branchline/Runtime/Builtins.h"
#include "branchline/Runtime/Ops.h"

namespace branchline::vm {

namespace {

double realOf(const Value &number) {
  return number.isInt() ? toDouble(number.asInt()) : number.asFloat();
}

template <BinaryOp kOp> Result<Value> kernel(runtime::Heap &heap, const Value &a, const Value &b) {
  if constexpr (kOp == BinaryOp::Add)
    return runtime::add(heap, a, b);
  else if constexpr (kOp == BinaryOp::Sub)
    return runtime::subtract(heap, a, b);
  else if constexpr (kOp == BinaryOp::Mul)
    return runtime::multiply(heap, a, b);
  else if constexpr (kOp == BinaryOp::Div)
    return runtime::divide(heap, a, b);
  else if constexpr (kOp == BinaryOp::IDiv)
    return runtime::integerDivide(heap, a, b);
  else
    return runtime::remainder(heap, a, b);
}

} // namespace

template <BinaryOp kOp> bool Machine::arithmetic(Value &to, const Value &a, const Value &b) {
  // An integer next to a float is common enough to spare it the way through the kernel. \rule
  // R2.7.5
  if ((a.isFloat() && b.isInt()) || (a.isInt() && b.isFloat())) {
    const double x = realOf(a);
    const double y = realOf(b);
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
      if (y != 0) {
        putFloat(to, x / y);
        return true;
      }
    }
  }
  return store(to, kernel<kOp>(heap_, known(a), known(b)));
}

template bool Machine::arithmetic<BinaryOp::Add>(Value &, const Value &, const Value &);
template bool Machine::arithmetic<BinaryOp::Sub>(Value &, const Value &, const Value &);
template bool Machine::arithmetic<BinaryOp::Mul>(Value &, const Value &, const Value &);
template bool Machine::arithmetic<BinaryOp::Div>(Value &, const Value &, const Value &);
template bool Machine::arithmetic<BinaryOp::IDiv>(Value &, const Value &, const Value &);
template bool Machine::arithmetic<BinaryOp::Rem>(Value &, const Value &, const Value &);

template <BinaryOp kOp> int Machine::comparison(const Value &a, const Value &b) {
  constexpr bool equality = kOp == BinaryOp::Eq || kOp == BinaryOp::Ne;
  Result<bool> truth =
      equality ? runtime::equals(known(a), known(b)) : runtime::compare(kOp, known(a), known(b));
  if (!truth) {
    fail(std::move(truth).error());
    return -1;
  }
  return *truth != (kOp == BinaryOp::Ne);
}

template int Machine::comparison<BinaryOp::Eq>(const Value &, const Value &);
template int Machine::comparison<BinaryOp::Ne>(const Value &, const Value &);
template int Machine::comparison<BinaryOp::Lt>(const Value &, const Value &);
template int Machine::comparison<BinaryOp::Le>(const Value &, const Value &);
template int Machine::comparison<BinaryOp::Gt>(const Value &, const Value &);
template int Machine::comparison<BinaryOp::Ge>(const Value &, const Value &);

bool Machine::negate(const Word *at, Value *base) {
  return store(base[at->a], runtime::negate(heap_, known(base[at->b])));
}

bool Machine::concat(const Word *at, Value *base) {
  return store(base[at->a], runtime::concatLists(heap_, known(base[at->b]), known(base[at->c])));
}

bool Machine::listCheck(const Word *at, Value *base) {
  const Value &list = known(base[at->a]);
  if (list.isList())
    return true;
  const std::optional<Builtin> function = builtin(at->b);
  if (!function)
    return fail(runtime::makeTrap<TrapId::FunctionUndefined>(program_.imports[at->b].name));
  return done(runtime::checkListArgument(*function, list));
}

bool Machine::sumStep(const Word *at, Value *base) {
  Value &sum = base[at->a];
  const Value &item = base[at->b];
  int64_t result = 0;
  if (sum.isInt() && item.isInt() && !addOverflows(sum.asInt(), item.asInt(), result)) {
    putInt(sum, result);
    return true;
  }
  if (sum.isFloat() && item.isFloat()) {
    putFloat(sum, sum.asFloat() + item.asFloat());
    return true;
  }
  const std::optional<Builtin> function = builtin(at->c);
  if (!function)
    return fail(runtime::makeTrap<TrapId::FunctionUndefined>(program_.imports[at->c].name));
  return store(sum, runtime::sumStep(heap_, *function, known(sum), known(item)));
}

} // namespace branchline::vm
