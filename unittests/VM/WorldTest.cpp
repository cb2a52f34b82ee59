// Output, shared memory, waiting, raising, and the limits of a run.
#include "VMFixture.h"

#include <atomic>

namespace branchline::vm {
namespace {

class World : public VMFixture {
protected:
  std::string body(const std::function<void(Fn &)> &fill) {
    Fn t = transform(4);
    fill(t);
    t.op(Op::RetNull);
    return runAll(std::move(t));
  }
};

TEST_F(World, Emits) {
  EXPECT_EQ(body([&](Fn &t) {
              t.wide(Op::LoadInt, 1, 1);
              t.op(Op::LoadNull, 2);
              t.op(Op::ListNew, 0, 1, 2);
              t.op(Op::OutputEmit, 0);
              t.op(Op::OutputEmit, 2);
              t.op(Op::OutputAdd, 0);
              t.op(Op::OutputAdd, 0); // taken
            }),
            "Int 1; Null null; ArrayList [1, null]; Null null");
}

TEST_F(World, MarksAndRewinds) {
  EXPECT_EQ(body([&](Fn &t) {
              t.wide(Op::LoadInt, 0, 1);
              t.op(Op::OutputEmit, 0);
              t.op(Op::OutputMark, 1);
              t.op(Op::OutputEmit, 0);
              t.op(Op::OutputRewind, 1);
              t.op(Op::OutputEmit, 1);
              for (int64_t bad : {-1, 1'000'000}) {
                t.wide(Op::LoadInt, 2, bad);
                t.op(Op::OutputRewind, 2);
              }
              t.op(Op::OutputRewind, 3);
            }),
            "Int 1; Int 1");
}

TEST_F(World, AbortChecks) {
  EXPECT_EQ(body([&](Fn &t) {
              t.op(Op::ObjectNew, 0, 1, layout({}));
              t.op(Op::AbortCheck, 0);
              t.op(Op::AbortCheck, 1);
            }),
            "ClassCastException: ABORT expects an object, got Null");
}

TEST_F(World, SharedMemory) {
  uint16_t resource = ks("r"), key = ks("k");
  auto use = [&](Fn &t) {
    t.wide(Op::SharedHandle, 0, resource);
    t.op(Op::OutputAdd, 0);
    t.wide(Op::LoadConst, 0, key);
    t.wide(Op::LoadInt, 1, 5);
    t.op(Op::SharedWrite, 0, 1, resource);
    t.op(Op::SharedAwait, 2, resource, key);
    t.op(Op::OutputAdd, 2);
    t.op(Op::SharedWrite, 1, 1, resource); // the key is no string
  };
  EXPECT_EQ(body(use), "IllegalStateException: SharedStore is not configured");
  runtime::SharedStore store;
  store.declare("r", runtime::ResourceKind::Many);
  context.shared = &store;
  EXPECT_NE(body(use).find("SHARED_WRITE"), std::string::npos);
  EXPECT_EQ(context.outputs.size(), 2u);
  EXPECT_EQ(show(context.outputs.at(1)), "Int 5");
  context.outputs.clear();
  context.shared = nullptr;
  EXPECT_EQ(body([&](Fn &t) { t.op(Op::SharedAwait, 2, resource, key); }),
            "IllegalStateException: SharedStore not available for await operation");
}

TEST_F(World, WaitsAndTraces) {
  hostile = true; // times that are no times
  EXPECT_EQ(body([&](Fn &t) {
              for (uint16_t time : {k(1), k(-5), ks("x")})
                t.wide(Op::Wait, 0, time);
              t.wide(Op::TracePoint, 0, ks("label"));
            }),
            "");
  context.limits.deadlineMs = 20;
  context.started = std::chrono::steady_clock::now();
  EXPECT_EQ(body([&](Fn &t) { t.wide(Op::Wait, 0, k(60'000)); }),
            "LimitExceeded: deadline of 20 ms exceeded");
}

TEST_F(World, Raises) {
  hostile = true; // too few texts
  uint16_t a = ks("a");
  auto raise = [&](TrapId id, unsigned b, unsigned c) {
    return body([&](Fn &t) { t.op(Op::Raise, 0, b, c, static_cast<unsigned>(id)); });
  };
  EXPECT_EQ(raise(TrapId::Aborted, 0xFFFF, 0xFFFF), "IllegalStateException: ABORT");
  EXPECT_EQ(raise(TrapId::SetUnbound, a, 0xFFFF),
            "IllegalStateException: SET variable 'a' not found; declare with LET first");
  EXPECT_EQ(raise(TrapId::PathRootMissing, ks("SET"), a),
            "IllegalStateException: SET variable 'a' not found");
  // Texts that a program leaves out are empty.
  EXPECT_EQ(raise(TrapId::PathRootMissing, 0xFFFF, a),
            "IllegalStateException:  variable 'a' not found");
  EXPECT_EQ(body([&](Fn &t) { t.op(Op::Raise, 0, 0xFFFF, 0xFFFF, 255); }),
            "IllegalStateException: ABORT");
}

TEST_F(World, Throws) {
  EXPECT_EQ(body([&](Fn &t) { t.op(Op::Throw, 0); }), "Thrown: null");
  EXPECT_EQ(body([&](Fn &t) {
              t.wide(Op::LoadConst, 1, ks("m"));
              t.wide(Op::LoadConst, 2, ks("T"));
              t.op(Op::ObjectNew, 0, 1, layout({ks("message"), ks("type")}));
              t.op(Op::Throw, 0);
            }),
            "T: m");
}

TEST_F(World, SuspensionIsRefused) {
  context.allowSuspend = true;
  EXPECT_EQ(body([&](Fn &t) {
              t.function.resumePoints.push_back({0, {}});
              t.opExt(Op::Suspend, 0, 0, 0, 0);
            }),
            "UnsupportedOperationException: 'suspend' not supported in stream demo");
}

// --- Limits ---

class Limits : public World {
protected:
  /// Jumps to itself for ever; a handler must not stop what cannot be caught.
  Fn forever() {
    Fn t = transform(1);
    auto begin = t.here();
    auto again = t.here();
    t.op(Op::LoadNull, 0);
    t.jump(Op::Br, 0, again);
    auto end = t.here();
    auto handler = t.here();
    t.op(Op::RetNull);
    t.handler(begin, end, handler);
    return t;
  }
};

TEST_F(Limits, InstructionsAreCounted) {
  context.limits.instructions = 100'000;
  EXPECT_EQ(runAll(forever()), "LimitExceeded: instruction limit of 100000 exceeded");
  EXPECT_GT(context.instructionsUsed, 100'000u);
  EXPECT_LT(context.instructionsUsed, 100'010u);
}

TEST_F(Limits, TheCountIsExactForLoopsAndCalls) {
  Fn f = func("f", 0, 1);
  f.op(Op::RetNull);
  uint32_t id = add(std::move(f));
  Fn t = transform(2);
  auto it = t.iterator();
  t.wide(Op::LoadInt, 0, 1);
  t.wide(Op::LoadInt, 1, 10);
  t.op(Op::RangeNew, it, 0, 1);
  auto end = t.label();
  t.step(Op::RangeNext, it, 0, end);
  auto body = t.here();
  t.opExt(Op::CallFunc, 0, 1, 0, id);
  t.step(Op::RangeLoop, it, 0, body);
  t.bind(end);
  t.op(Op::RetNull);
  ASSERT_EQ(t.function.code.size(), 10u);
  EXPECT_EQ(runAll(std::move(t)), "");
  // The transform, ten calls of one word, nine jumps over four words.
  EXPECT_EQ(context.instructionsUsed, 10u + 10u * 1u + 9u * 4u);
  context.instructionsUsed = 0;
  context.limits.instructions = 56;
  EXPECT_EQ(run(1), "");
  context.instructionsUsed = 0;
  context.limits.instructions = 55;
  EXPECT_EQ(run(1), "LimitExceeded: instruction limit of 55 exceeded");
}

TEST_F(Limits, EveryBackwardJumpIsCounted) {
  context.limits.instructions = 10'000;
  const std::string limit = "LimitExceeded: instruction limit of 10000 exceeded";
  for (Op op : {Op::Br, Op::BrTrue, Op::BrFalse, Op::BrNull, Op::BrNotNull, Op::BrBound}) {
    SCOPED_TRACE(bytecode::info(op).mnemonic);
    context.instructionsUsed = 0;
    bool wantsNull = op == Op::BrNull || op == Op::BrFalse;
    EXPECT_EQ(body([&](Fn &t) {
                t.op(wantsNull ? Op::LoadNull : Op::LoadBool, 0, 0, 0, !wantsNull);
                auto again = t.here();
                t.jump(op, 0, again);
              }),
              limit);
  }
  for (Op op : {Op::BrEq, Op::BrLe, Op::BrLt}) {
    context.instructionsUsed = 0;
    EXPECT_EQ(body([&](Fn &t) {
                t.wide(Op::LoadInt, 0, 1);
                auto again = t.here();
                t.compare(op, 0, 0, again, op == Op::BrLt);
              }),
              limit);
  }
  for (Op op : {Op::IterNext, Op::RangeNext}) {
    context.instructionsUsed = 0;
    EXPECT_EQ(body([&](Fn &t) {
                auto it = t.iterator();
                auto again = t.here();
                t.step(op, it, 0, again);
              }),
              limit);
  }
}

TEST_F(Limits, HandlersThatLeadBackAreCounted) {
  hostile = true; // a handler within its own region
  context.limits.instructions = 10'000;
  EXPECT_EQ(body([](Fn &t) {
              auto begin = t.here();
              t.op(Op::LoadNull, 0);
              t.op(Op::Throw, 0);
              auto end = t.here();
              t.handler(begin, end, begin);
            }),
            "LimitExceeded: instruction limit of 10000 exceeded");
}

TEST_F(Limits, DeadlineInterruptAndMemory) {
  context.limits.deadlineMs = 20;
  context.started = std::chrono::steady_clock::now();
  EXPECT_EQ(runAll(forever()), "LimitExceeded: deadline of 20 ms exceeded");
  context.limits.deadlineMs = 0;
  std::atomic<bool> interrupt = true;
  context.interrupt = &interrupt;
  EXPECT_EQ(runAll(forever()), "LimitExceeded: interrupted");
  context.interrupt = nullptr;
  heap.setMemoryLimit(1 << 20);
  EXPECT_EQ(body([&](Fn &t) {
              t.op(Op::ListNew, 0, 1, 0);
              auto again = t.here();
              t.op(Op::ListNew, 0, 0, 1); // a list in a list in a list
              t.jump(Op::Br, 0, again);
            }),
            "LimitExceeded: memory limit of 1048576 bytes exceeded");
}

TEST_F(Limits, RecursionIsCountedToo) {
  Fn f = func("f", 0, 1);
  f.opExt(Op::CallFunc, 0, 0, 0, 0);
  f.op(Op::Ret, 0);
  add(std::move(f));
  context.limits.instructions = 1'000;
  EXPECT_EQ(body([](Fn &t) { t.opExt(Op::CallFunc, 0, 0, 0, 0); }),
            "LimitExceeded: instruction limit of 1000 exceeded");
}

} // namespace
} // namespace branchline::vm
