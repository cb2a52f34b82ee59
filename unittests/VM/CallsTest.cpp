// Calls, closures, callbacks, the room for frames, and traps on their way through activations.
#include "VMFixture.h"

namespace branchline::vm {
namespace {

class Calls : public VMFixture {
protected:
  /// FUNC sum(n): n == 0 → 0, else 1 + sum(n - 1). Calls itself as function 0; frames take
  /// `values` registers.
  uint32_t addRecursion(unsigned values) {
    Fn f = func("sum", 1, values);
    auto recurse = f.label();
    f.compare(Op::BrEqConst, 0, k(0), recurse, true);
    f.op(Op::Ret, 0);
    f.bind(recurse);
    f.op(Op::SubConst, values - 1, 0, k(1));
    f.opExt(Op::CallFunc, 1, values - 1, 1, 0);
    f.op(Op::AddConst, 1, 1, k(1));
    f.op(Op::Ret, 1);
    return add(std::move(f));
  }
  Fn recursionOf(int64_t depth) {
    Fn t = transform(2);
    t.wide(Op::LoadInt, 1, depth);
    t.opExt(Op::CallFunc, 0, 1, 1, 0);
    t.op(Op::OutputAdd, 0);
    t.op(Op::RetNull);
    return t;
  }
  /// A function that gives back a list of its registers.
  uint32_t addLister(std::vector<uint16_t> params, unsigned values) {
    Fn f = func("list", 0, values);
    f.function.params = std::move(params);
    f.op(Op::ListNew, 0, 0, values);
    f.op(Op::Ret, 0);
    return add(std::move(f));
  }
};

TEST_F(Calls, ParametersAndArguments) {
  struct Row {
    std::vector<uint16_t> params;
    unsigned given;
    const char *text;
  };
  for (const Row &row :
       {Row{{0, 1}, 2, "ArrayList [1, 2, null]"}, Row{{0, 1}, 1, "ArrayList [1, null, null]"},
        Row{{0, 1}, 0, "ArrayList [null, null, null]"}, Row{{0, 1}, 5, "ArrayList [1, 2, null]"},
        Row{{2, 0}, 2, "ArrayList [2, null, 1]"}, Row{{1, 1}, 2, "ArrayList [null, 2, null]"},
        Row{{}, 3, "ArrayList [null, null, null]"}}) {
    uint32_t lister = addLister(row.params, 3);
    Fn t = transform(8);
    for (unsigned i = 0; i < row.given; ++i)
      t.wide(Op::LoadInt, 1 + i, 1 + i);
    t.opExt(Op::CallFunc, 0, 1, row.given, lister);
    t.op(Op::OutputAdd, 0);
    t.op(Op::OutputAdd, 1); // consumed
    t.op(Op::RetNull);
    EXPECT_EQ(runAll(std::move(t)), std::string(row.text) + "; Null null");
  }
}

TEST_F(Calls, WindowsAnywhereInTheFrame) {
  uint32_t lister = addLister({0, 1}, 2);
  Fn t = transform(6);
  auto it = t.iterator();
  auto cell = t.cell();
  t.wide(Op::LoadInt, 0, 10);
  t.wide(Op::LoadConst, 4, ks("kept"));
  t.op(Op::CellSet, cell, 4);
  t.op(Op::RangeNew, it, 0, 0);
  t.wide(Op::LoadInt, 1, 11);
  t.wide(Op::LoadInt, 2, 12);
  t.opExt(Op::CallFunc, 3, 1, 2, lister);
  auto end = t.label();
  t.step(Op::RangeNext, it, 5, end);
  for (unsigned r : {0u, 3u, 4u, 5u})
    t.op(Op::OutputAdd, r);
  t.op(Op::CellGet, 0, cell);
  t.op(Op::OutputAdd, 0);
  t.bind(end);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "Int 10; ArrayList [11, 12]; String kept; Int 10; String kept");
}

TEST_F(Calls, DepthLimitIsExact) {
  addRecursion(3);
  EXPECT_EQ(runAll(recursionOf(9'999)), "Int 9999"); // 10,000 activations
  EXPECT_EQ(runAll(recursionOf(10'000)), "StackOverflowError: call depth limit of 10000 exceeded");
  EXPECT_EQ(context.depth, 0u);
  context.limits.callDepth = 40;
  EXPECT_EQ(runAll(recursionOf(39)), "Int 39");
  EXPECT_EQ(runAll(recursionOf(40)), "StackOverflowError: call depth limit of 40 exceeded");
}

TEST_F(Calls, LargeFramesUseSeveralChunks) {
  addRecursion(700);
  EXPECT_EQ(runAll(recursionOf(3'000)), "Int 3000");
  EXPECT_EQ(runAll(recursionOf(10'000)), "StackOverflowError: call depth limit of 10000 exceeded");
  Fn t = recursionOf(100);
  t.function.code.pop_back();
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "Int 100");
}

TEST_F(Calls, RegistersObeyTheMemoryLimit) {
  addRecursion(60'000);
  heap.setMemoryLimit(64 << 20);
  EXPECT_EQ(runAll(recursionOf(9'000)), "LimitExceeded: memory limit of 67108864 bytes exceeded");
  EXPECT_EQ(context.depth, 0u);
  EXPECT_EQ(runAll(recursionOf(10)), "Int 10");
}

/// Lambda(x): captured counter += x, and gives it back.
TEST_F(Calls, ClosuresShareCells) {
  Fn l = lambda(1, 2, 1);
  l.op(Op::CaptureGet, 1, 0);
  l.op(Op::Add, 1, 1, 0);
  l.op(Op::CaptureSet, 0, 1);
  l.op(Op::Ret, 1);
  uint32_t counter = add(std::move(l));
  Fn t = transform(6);
  auto cell = t.cell(), window = t.cell();
  t.wide(Op::LoadInt, 0, 100);
  t.op(Op::CellSet, cell, 0);
  t.op(Op::CellRef, window, cell);
  t.op(Op::ClosureNew, 1, window, counter);
  for (int i = 0; i < 2; ++i) {
    t.op(Op::Move, 4, 1);
    t.wide(Op::LoadInt, 5, 1);
    t.op(Op::Call, 2, 4, 1);
    t.op(Op::OutputAdd, 2);
    t.op(Op::OutputAdd, 4); // consumed
  }
  t.op(Op::CellGet, 0, cell);
  t.op(Op::OutputAdd, 0);
  t.op(Op::CellReset, cell);
  t.op(Op::CellGet, 0, cell);
  auto bound = t.label();
  t.jump(Op::BrBound, 0, bound);
  t.op(Op::OutputAdd, 3);
  t.bind(bound);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "Int 101; Null null; Int 102; Null null; Int 102; Null null");
  EXPECT_EQ(heap.stats().bytesInUse, 0u); // nothing is left behind
}

TEST_F(Calls, CapturesPassOnAndParametersMayBeCells) {
  hostile = true; // compiled programs move parameters to cells themselves
  Fn inner = lambda(0, 1, 2);
  inner.op(Op::CaptureGet, 0, 0);
  inner.op(Op::CaptureGet, 0, 1);
  inner.op(Op::Ret, 0);
  uint32_t innerId = add(std::move(inner));
  Fn outer = lambda(1, 1, 1);
  auto parameter = outer.cell();
  outer.function.params = {parameter};
  auto first = outer.cell(), second = outer.cell();
  outer.op(Op::CaptureRef, first, 0);
  outer.op(Op::CellRef, second, parameter);
  outer.op(Op::ClosureNew, 0, first, innerId);
  outer.op(Op::Ret, 0);
  uint32_t outerId = add(std::move(outer));
  Fn t = transform(3);
  auto cell = t.cell();
  t.op(Op::ClosureNew, 1, cell, outerId);
  t.wide(Op::LoadInt, 2, 42);
  t.op(Op::Call, 1, 1, 1);
  t.op(Op::CalleeCheck, 1);
  t.op(Op::Call, 0, 1, 0);
  t.op(Op::OutputAdd, 0);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "Int 42");
}

TEST_F(Calls, FindingCallees) {
  uint32_t f = addLister({0}, 1);
  Fn t = transform(3);
  t.wide(Op::LoadInt, 0, 5);
  for (int i = 0; i < 2; ++i) {
    t.opExt(Op::CalleeFind, 1, 0, f, ks("f"));
    t.opExt(Op::CalleeFind, 1, 1, bytecode::kNoIndex, ks("f"));
    t.wide(Op::LoadInt, 2, 7);
    t.op(Op::Call, 1, 1, 1);
    t.op(Op::OutputAdd, 1);
  }
  t.opExt(Op::CalleeFind, 1, 0, bytecode::kNoIndex, ks("nope"));
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "IllegalStateException: FUNC 'nope' undefined");
  EXPECT_EQ(context.outputs.size(), 2u);
}

TEST_F(Calls, WhatIsNotCallable) {
  hostile = true; // calls of lambdas as if they were FUNCs
  Fn captures = lambda(0, 1, 1);
  captures.op(Op::CaptureGet, 0, 0);
  captures.op(Op::Ret, 0);
  uint32_t lambdaId = add(std::move(captures));
  auto fails = [&](auto &&body) {
    Fn t = transform(3);
    body(t);
    t.op(Op::RetNull);
    return runAll(std::move(t));
  };
  const char *text = "IllegalStateException: Value is not callable";
  EXPECT_EQ(fails([&](Fn &t) { t.op(Op::CalleeCheck, 0); }), text);
  EXPECT_EQ(fails([&](Fn &t) { t.op(Op::Call, 0, 1, 1); }), text);
  // A closure's function without its captures.
  EXPECT_EQ(fails([&](Fn &t) { t.opExt(Op::CallFunc, 0, 1, 0, lambdaId); }), text);
  EXPECT_EQ(fails([&](Fn &t) {
              t.opExt(Op::CalleeFind, 1, 0, lambdaId, ks("f"));
              t.op(Op::Call, 0, 1, 0);
            }),
            text);
  EXPECT_EQ(run(lambdaId), text);
  // A function of another engine.
  context.input = heap.function(&heap, 0, {});
  EXPECT_EQ(fails([&](Fn &t) {
              t.op(Op::InputDoc, 1);
              t.op(Op::Call, 0, 1, 0);
            }),
            text);
}

TEST_F(Calls, LibraryFunctions) {
  hostile = true; // a host function called as one of the library
  uint16_t upper = import("UPPER"), host = import("UPPER", bytecode::Import::Kind::Host);
  Fn t = transform(2);
  t.wide(Op::LoadConst, 1, ks("abc"));
  t.opExt(Op::CallLib, 0, 1, 1, upper);
  t.op(Op::OutputAdd, 0);
  t.op(Op::OutputAdd, 1);
  t.opExt(Op::CallLib, 0, 1, 1, host);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "IllegalStateException: FUNC 'UPPER' undefined");
  EXPECT_EQ(show(context.outputs.at(0)), "String ABC");
  EXPECT_TRUE(context.outputs.at(1).isNull());
}

TEST_F(Calls, HostFunctions) {
  runtime::HostRegistry registry;
  int calls = 0;
  ASSERT_TRUE(registry.add({"TWICE", 1, 1, [&](runtime::Context &, std::span<Value> args) {
                              ++calls;
                              return Result<Value>(Value::integer(args[0].asInt() * 2));
                            }}));
  context.host = &registry;
  uint16_t twice = import("TWICE", bytecode::Import::Kind::Host);
  uint16_t missing = import("MISSING", bytecode::Import::Kind::Host);
  Fn t = transform(2);
  for (int i = 0; i < 2; ++i) {
    t.wide(Op::LoadInt, 1, 21);
    t.opExt(Op::CallHost, 0, 1, 1, twice);
    t.op(Op::OutputAdd, 0);
  }
  t.opExt(Op::CallHost, 0, 1, 0, missing);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "IllegalStateException: FUNC 'MISSING' undefined");
  EXPECT_EQ(calls, 2);
}

class Callbacks : public Calls {
protected:
  /// MAP over [1, 2, 3] with a FUNC.
  Fn mapWith(uint32_t function, uint16_t map) {
    Fn t = transform(6);
    for (unsigned i = 1; i <= 3; ++i)
      t.wide(Op::LoadInt, i, i);
    t.op(Op::ListNew, 4, 1, 3);
    t.opExt(Op::CalleeFind, 5, 0, function, ks("f"));
    t.line(9);
    t.opExt(Op::CallLib, 0, 4, 2, map);
    t.op(Op::OutputAdd, 0);
    t.op(Op::RetNull);
    return t;
  }
};

TEST_F(Callbacks, RunInsideTheLibrary) {
  Fn f = func("square", 1, 2);
  f.op(Op::Mul, 1, 0, 0);
  f.op(Op::Ret, 1);
  EXPECT_EQ(runAll(mapWith(add(std::move(f)), import("MAP"))), "ArrayList [1, 4, 9]");
}

TEST_F(Callbacks, CountAsNestedCalls) {
  // f(x) = MAP([x], f): each level is one callback.
  uint16_t map = import("MAP");
  Fn f = func("f", 1, 3);
  f.op(Op::ListNew, 1, 0, 1);
  f.opExt(Op::CalleeFind, 2, 0, 0, ks("f"));
  f.opExt(Op::CallLib, 0, 1, 2, map);
  f.op(Op::Ret, 0);
  uint32_t id = add(std::move(f));
  ASSERT_EQ(id, 0u);
  EXPECT_EQ(runAll(mapWith(id, map)), "StackOverflowError: call depth limit of 10000 exceeded");
  EXPECT_EQ(context.depth, 0u);
}

TEST_F(Callbacks, GrowTheStackUnderneathTheLibrary) {
  addRecursion(500);
  Fn f = func("deep", 1, 3);
  f.op(Op::Move, 1, 0);
  f.wide(Op::LoadInt, 2, 2'000);
  f.opExt(Op::CallFunc, 2, 2, 1, 0);
  f.op(Op::Add, 0, 1, 2);
  f.op(Op::Ret, 0);
  EXPECT_EQ(runAll(mapWith(add(std::move(f)), import("MAP"))), "ArrayList [2001, 2002, 2003]");
}

TEST_F(Callbacks, HostsMayRunTheSessionAgain) {
  Fn inner = transform(1);
  inner.wide(Op::LoadInt, 0, 5);
  inner.op(Op::OutputAdd, 0);
  inner.op(Op::RetNull);
  uint32_t innerId = add(std::move(inner));
  runtime::HostRegistry registry;
  ASSERT_TRUE(registry.add({"AGAIN", 0, 0, [&](runtime::Context &, std::span<Value>) {
                              runtime::Context nested(heap);
                              EXPECT_TRUE(session->run({"", innerId}, nested));
                              return Result<Value>(nested.outputs.at(0));
                            }}));
  context.host = &registry;
  uint16_t again = import("AGAIN", bytecode::Import::Kind::Host);
  Fn t = transform(2);
  t.opExt(Op::CallHost, 0, 1, 0, again);
  t.op(Op::OutputAdd, 0);
  t.opExt(Op::CallHost, 0, 1, 0, again);
  t.op(Op::OutputAdd, 0);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "Int 5; Int 5");
}

// --- Traps ---

class Traps : public Callbacks {
protected:
  /// FUNC fail(): raises at line 3.
  uint32_t addFailing() {
    Fn f = func("fail", 0, 2);
    f.line(3);
    f.op(Op::Add, 0, 0, 1);
    f.op(Op::Ret, 0);
    return add(std::move(f));
  }
};

TEST_F(Traps, CarryPlaceAndStack) {
  hostile = true; // a lambda found by callee.find
  uint32_t failing = addFailing();
  Fn l = lambda(0, 2, 0);
  l.line(5);
  l.opExt(Op::CallFunc, 0, 1, 0, failing);
  l.op(Op::Ret, 0);
  uint32_t lambdaId = add(std::move(l));
  uint32_t transformId = add(mapWith(lambdaId, import("MAP")));
  Result<void> result = start(transformId);
  ASSERT_FALSE(result);
  EXPECT_EQ(trail(result.error()), "3:1 fail@3 <lambda>@5 TRANSFORM T@9");
}

TEST_F(Traps, TakeTheInnermostKnownPlace) {
  Fn f = func("f", 0, 2); // without lines
  f.op(Op::Add, 0, 0, 1);
  f.op(Op::Ret, 0);
  uint32_t id = add(std::move(f));
  Fn t = transform(2, "");
  t.op(Op::LoadNull, 0);
  t.line(4);
  t.opExt(Op::CallFunc, 0, 1, 0, id);
  t.op(Op::RetNull);
  Result<void> result = start(add(std::move(t)));
  ASSERT_FALSE(result);
  EXPECT_EQ(trail(result.error()), "4:1 f@0 TRANSFORM@4");
}

TEST_F(Traps, ListAtMostAHundredFrames) {
  addRecursion(3);
  Result<void> result = start(add(recursionOf(10'000)));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().info().stack.size(), 100u);
  EXPECT_EQ(result.error().info().stack.back().function, "sum");
}

TEST_F(Traps, AreCaughtThroughCallsAndCallbacks) {
  uint32_t failing = addFailing();
  uint16_t map = import("MAP");
  for (bool callback : {false, true}) {
    Fn t = callback ? mapWith(failing, map) : transform(6);
    t.function.code.resize(callback ? t.function.code.size() - 4 : 0);
    auto begin = t.here();
    if (callback)
      t.opExt(Op::CallLib, 0, 4, 2, map);
    else
      t.opExt(Op::CallFunc, 0, 4, 0, failing);
    auto end = t.here();
    t.op(Op::RetNull);
    auto handler = t.here();
    t.handler(begin, end, handler);
    t.op(Op::ErrorCatch, 1);
    t.op(Op::OutputAdd, 1);
    t.op(Op::ErrorCatch, 1); // as often as one likes
    t.op(Op::OutputAdd, 1);
    t.op(Op::RetNull);
    EXPECT_EQ(runAll(std::move(t)),
              "LinkedHashMap {message=Operator '+' expects numbers or strings, "
              "type=IllegalArgumentException}; LinkedHashMap {message=Operator '+' expects "
              "numbers or strings, type=IllegalArgumentException}");
    EXPECT_EQ(context.depth, 0u);
  }
}

TEST_F(Traps, ACaughtOverflowLeavesTheMachineInOrder) {
  addRecursion(40);
  Fn t = transform(3);
  auto begin = t.here();
  t.wide(Op::LoadInt, 2, 20'000);
  t.opExt(Op::CallFunc, 0, 2, 1, 0);
  auto end = t.here();
  t.op(Op::RetNull);
  auto handler = t.here();
  t.handler(begin, end, handler);
  t.wide(Op::LoadInt, 2, 9'000);
  t.opExt(Op::CallFunc, 0, 2, 1, 0);
  t.op(Op::OutputAdd, 0);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "Int 9000");
}

TEST_F(Traps, InnermostRegionFirst) {
  Fn t = transform(3);
  auto outer = t.here();
  t.op(Op::LoadNull, 0);
  auto inner = t.here();
  t.op(Op::Add, 0, 0, 0);
  auto end = t.here();
  t.op(Op::RetNull);
  auto innerHandler = t.here();
  t.op(Op::ErrorCatch, 1);
  t.op(Op::GetName, 1, 1, ks("type"));
  t.op(Op::OutputAdd, 1);
  auto again = t.here();
  t.wide(Op::LoadConst, 0, ks("second"));
  t.op(Op::Throw, 0);
  auto againEnd = t.here();
  auto outerHandler = t.here();
  t.op(Op::ErrorCatch, 1);
  t.op(Op::OutputAdd, 1);
  t.op(Op::RetNull);
  t.handler(inner, end, innerHandler);
  t.handler(again, againEnd, outerHandler);
  t.handler(outer, end, outerHandler);
  EXPECT_EQ(runAll(std::move(t)), "String IllegalArgumentException; LinkedHashMap "
                                  "{message=second, type=Thrown, value=second}");
}

TEST_F(Traps, RethrowKeepsThePlace) {
  uint32_t failing = addFailing();
  Fn t = transform(2);
  auto begin = t.here();
  t.opExt(Op::CallFunc, 0, 1, 0, failing);
  auto end = t.here();
  auto handler = t.here();
  t.line(8);
  t.op(Op::Rethrow);
  t.handler(begin, end, handler);
  Result<void> result = start(add(std::move(t)));
  ASSERT_FALSE(result);
  EXPECT_EQ(trail(result.error()), "3:1 fail@3 TRANSFORM T@8");
}

TEST_F(Traps, ErrorsThatNobodyCaught) {
  Fn t = transform(1);
  t.op(Op::ErrorCatch, 0);
  t.op(Op::OutputAdd, 0);
  t.op(Op::Rethrow);
  EXPECT_EQ(runAll(std::move(t)), "IllegalStateException: ABORT");
  EXPECT_TRUE(context.outputs.at(0).isNull());
}

TEST_F(Traps, OutOfCaughtActivationsNothingRemains) {
  // FUNC guarded(): catches its own error, leaves by ret; then the caller has nothing caught.
  Fn f = func("guarded", 0, 2);
  auto begin = f.here();
  f.op(Op::Add, 0, 0, 1);
  auto end = f.here();
  auto handler = f.here();
  f.op(Op::ErrorCatch, 0);
  f.op(Op::Ret, 0);
  f.handler(begin, end, handler);
  uint32_t guarded = add(std::move(f));
  Fn t = transform(2);
  t.opExt(Op::CallFunc, 0, 1, 0, guarded);
  t.op(Op::OutputAdd, 0);
  t.op(Op::ErrorCatch, 0);
  t.op(Op::OutputAdd, 0);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "LinkedHashMap {message=Operator '+' expects numbers or "
                                  "strings, type=IllegalArgumentException}; Null null");
}

} // namespace
} // namespace branchline::vm
