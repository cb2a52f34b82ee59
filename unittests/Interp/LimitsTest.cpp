// Limits and interrupts as an embedder sets them. What the command line shows is in test/Interp.
#include "InterpFixture.h"

#include <atomic>
#include <thread>

namespace branchline::interp {
namespace {

using runtime::Context;
using runtime::Heap;
using runtime::Result;
using runtime::Value;

/// Loops for hours without making anything, and would go on after any error.
constexpr const char *kEndless =
    "OUTPUT \"before\"\n"
    "TRY {\n FOR EACH i IN RANGE(1, 1000000) {\n  FOR EACH j IN RANGE(1, 1000000) {\n   LET x = j\n"
    "  }\n }\n} CATCH (e) {\n OUTPUT \"caught\"\n}\n"
    "OUTPUT \"after\"";

TEST(Limits, AnInterruptEndsARun) {
  const Compiled compiled = compile(kEndless);
  Heap heap;
  Context context(heap);
  std::atomic<bool> interrupt = false;
  context.interrupt = &interrupt;
  std::thread other([&] { interrupt = true; });
  EXPECT_EQ(run(compiled, context), "LimitExceeded: interrupted");
  other.join();
  EXPECT_EQ(outputsOf(context), "before");
}

TEST(Limits, AnInterruptEndsAWait) {
  const Compiled compiled = compile(
      "TRY {\n THROW \"again\"\n} CATCH (e) RETRY 1 TIMES BACKOFF \"1000s\" {\n OUTPUT 1\n}");
  Heap heap;
  Context context(heap);
  std::atomic<bool> interrupt = false;
  context.interrupt = &interrupt;
  std::thread other([&] { interrupt = true; });
  EXPECT_EQ(run(compiled, context), "LimitExceeded: interrupted");
  other.join();
}

TEST(Limits, ADeadlineThatIsOverEndsARun) {
  const Compiled compiled = compile(kEndless);
  Heap heap;
  Context context(heap);
  context.limits.deadlineMs = 1000;
  context.started -= std::chrono::seconds(2);
  EXPECT_EQ(run(compiled, context), "LimitExceeded: deadline of 1000 ms exceeded");
  EXPECT_EQ(outputsOf(context), "before");
}

TEST(Limits, InstructionsAreCountedExactly) {
  const Compiled compiled = compile("OUTPUT { a: 1 + 2 }");
  Heap heap;
  Context free(heap);
  run(compiled, free);
  Context enough(heap);
  enough.limits.instructions = free.instructionsUsed;
  EXPECT_EQ(run(compiled, enough), "{a=3}");
  Context tooFew(heap);
  tooFew.limits.instructions = free.instructionsUsed - 1;
  EXPECT_EQ(run(compiled, tooFew), "LimitExceeded: instruction limit of " +
                                       std::to_string(free.instructionsUsed - 1) + " exceeded");
}

TEST(Limits, InstructionsOfSeveralRunsAddUp) {
  const Compiled compiled = compile(kEndless);
  const Compiled small = compile("OUTPUT 1");
  Heap heap;
  Context context(heap);
  context.limits.instructions = 10'000;
  EXPECT_EQ(run(compiled, context), "LimitExceeded: instruction limit of 10000 exceeded");
  EXPECT_EQ(run(small, context), "LimitExceeded: instruction limit of 10000 exceeded");
}

TEST(Limits, MemoryOfTheInputCounts) {
  const Compiled compiled = compile("FOR EACH i IN RANGE(1, 5000) {\n LET x = i\n}\nOUTPUT 1");
  Heap heap;
  heap.setMemoryLimit(1 << 20);
  Context context(heap);
  EXPECT_EQ(run(compiled, context), "1");
  context.input = heap.string(std::string(2 << 20, 'x'));
  EXPECT_EQ(run(compiled, context), "LimitExceeded: memory limit of 1048576 bytes exceeded");
}

TEST(Limits, CallDepthIsExact) {
  const Compiled compiled = compile("FUNC f(n) { RETURN IF n == 1 THEN 1 ELSE f(n - 1) }\n"
                                    "TRANSFORM T { OUTPUT { v: f(input) } }");
  Heap heap;
  Context context(heap);
  context.limits.callDepth = 7;
  context.input = Value::integer(7);
  EXPECT_EQ(run(compiled, context), "{v=1}");
  context.input = Value::integer(8);
  EXPECT_EQ(run(compiled, context), "StackOverflowError: call depth limit of 7 exceeded");
}

TEST(Limits, ACallerThatIsDeepAlreadyLeavesLessRoom) {
  const Compiled compiled = compile("FUNC f(n) { RETURN IF n == 1 THEN 1 ELSE f(n - 1) }\n"
                                    "TRANSFORM T { OUTPUT { v: f(4) } }");
  Heap heap;
  Context context(heap);
  context.limits.callDepth = 7;
  context.depth = 3;
  EXPECT_EQ(run(compiled, context), "{v=1}");
  context.depth = 4;
  EXPECT_EQ(run(compiled, context), "StackOverflowError: call depth limit of 7 exceeded");
  EXPECT_EQ(context.depth, 4u);
}

} // namespace
} // namespace branchline::interp
