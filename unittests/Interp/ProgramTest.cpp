// One program and many runs: what is shared, what is not, and what a run leaves behind.
#include "InterpFixture.h"

namespace branchline::interp {
namespace {

using runtime::Context;
using runtime::Heap;
using runtime::Value;

TEST(Program, KnowsItsModule) {
  const Compiled compiled = compile("TRANSFORM A { OUTPUT 1 }\nTRANSFORM B { OUTPUT 2 }");
  EXPECT_EQ(&compiled.program->module(), compiled.module.get());
  EXPECT_EQ(compiled.module->findTransform("C"), nullptr);
}

TEST(Program, RunsAnyOfItsTransforms) {
  const Compiled compiled = compile("TRANSFORM A { OUTPUT 1 }\nTRANSFORM B { OUTPUT 2 }");
  Heap heap;
  Context first(heap);
  EXPECT_EQ(run(compiled, first), "1");
  Context second(heap);
  EXPECT_EQ(run(compiled, second, "B"), "2");
}

TEST(Program, RunsOfOneHeapAreIndependent) {
  const Compiled compiled = compile("LET l = [1]\nAPPEND TO l input.n\nSET l[0] = l[0] + 1\n"
                                    "OUTPUT { l: l }");
  Heap heap;
  for (int64_t n = 0; n < 3; ++n) {
    Context context(heap);
    context.input = heap.object();
    ASSERT_TRUE(runtime::setField(heap, *context.input.asObject(), "n", Value::integer(n)));
    EXPECT_EQ(run(compiled, context), "{l=[2, " + std::to_string(n) + "]}");
  }
}

TEST(Program, RunsInHeapsSideBySide) {
  const Compiled compiled = compile("OUTPUT { a: \"x\" + input, b: 99999999999999999999 }");
  Heap one;
  Heap two;
  Context first(one);
  Context second(two);
  first.input = one.string("1");
  second.input = two.string("2");
  EXPECT_EQ(run(compiled, first), "{a=x1, b=99999999999999999999}");
  EXPECT_EQ(run(compiled, second), "{a=x2, b=99999999999999999999}");
}

TEST(Program, OutputsOutliveTheProgram) {
  Heap heap;
  Context context(heap);
  {
    const Compiled compiled = compile("OUTPUT { a: [\"computed \" + 1, 123456789012345678901] }");
    run(compiled, context);
  }
  EXPECT_EQ(outputsOf(context), "{a=[computed 1, 123456789012345678901]}");
}

TEST(Program, RunsGoOnAddingOutputs) {
  const Compiled compiled = compile("OUTPUT [1, NULL]");
  Heap heap;
  Context context(heap);
  run(compiled, context);
  EXPECT_EQ(run(compiled, context), "[1, null, 1, null]");
}

TEST(Program, RunsFreeWhatTheyMade) {
  // The first run makes shapes and symbols, which the heap keeps.
  const Compiled compiled =
      compile("LET l = [{ a: \"text \" + i, f: (x) -> x + i } FOR EACH i IN RANGE(1, 500)]\n"
              "LET e = TRY MAP(l, (o) -> o.f(NULL)) CATCH(e) -> e\n"
              "OUTPUT { n: COUNT(l), e: e.message }");
  Heap heap;
  uint64_t after = 0;
  for (int i = 0; i < 3; ++i) {
    {
      Context context(heap);
      EXPECT_EQ(run(compiled, context), "{n=500, e=Operator '+' expects numbers or strings}");
    }
    if (i == 0)
      after = heap.stats().bytesInUse;
    EXPECT_EQ(heap.stats().bytesInUse, after);
  }
  EXPECT_GT(heap.stats().peakBytes, after);
}

TEST(Program, FailedRunsFreeWhatTheyMade) {
  const Compiled compiled = compile("FUNC f(l) { RETURN f(l ++ [\"x\" + COUNT(l)]) }\n"
                                    "TRANSFORM T { OUTPUT \"first\"\n OUTPUT { v: f([]) } }");
  Heap heap;
  uint64_t after = 0;
  for (int i = 0; i < 3; ++i) {
    {
      Context context(heap);
      context.limits.callDepth = 50;
      EXPECT_EQ(run(compiled, context), "StackOverflowError: call depth limit of 50 exceeded");
      EXPECT_EQ(outputsOf(context), "first");
    }
    if (i == 0)
      after = heap.stats().bytesInUse;
    EXPECT_EQ(heap.stats().bytesInUse, after);
  }
}

TEST(Program, TheHeapCanBeResetBetweenRuns) {
  const Compiled compiled = compile("LET f = NULL\nSET f = () -> f\nOUTPUT { same: f() == f }");
  Heap heap;
  for (int i = 0; i < 3; ++i) {
    {
      Context context(heap);
      EXPECT_EQ(run(compiled, context), "{same=true}");
    }
    heap.reset(); // the closure holds itself
    EXPECT_EQ(heap.stats().bytesInUse, 0u);
  }
}

TEST(Program, LeavesTheContextAsItWas) {
  const Compiled compiled = compile("FUNC f(n) { RETURN f(n + 1) }\n"
                                    "TRANSFORM Good { OUTPUT MAP([1], (x) -> x) }\n"
                                    "TRANSFORM Bad { LET x = f(0) }");
  Heap heap;
  Context context(heap);
  context.limits.callDepth = 100;
  EXPECT_EQ(run(compiled, context, "Good"), "1");
  EXPECT_EQ(context.depth, 0u);
  EXPECT_EQ(context.caller, nullptr);
  const uint64_t used = context.instructionsUsed;
  EXPECT_GT(used, 0u);
  run(compiled, context, "Bad");
  EXPECT_EQ(context.depth, 0u);
  EXPECT_EQ(context.caller, nullptr);
  EXPECT_GT(context.instructionsUsed, used);
}

TEST(Program, ATrapTellsPlaceAndStack) {
  const Compiled compiled = compile("FUNC f(n) {\n  RETURN 1 // n\n}\n"
                                    "TRANSFORM T {\n  LET l = MAP([0], (x) -> f(x))\n}");
  Heap heap;
  Context context(heap);
  const auto result = interp::run(*compiled.program, *compiled.module->findTransform("T"), context);
  ASSERT_FALSE(result);
  const runtime::TrapInfo &info = result.error().info();
  EXPECT_EQ(info.id, TrapId::DivisionByZero);
  EXPECT_EQ(info.at, (LineColumn{2, 12}));
  ASSERT_EQ(info.stack.size(), 3u);
  EXPECT_EQ(info.stack[0].function, "f");
  EXPECT_EQ(info.stack[0].at, (LineColumn{2, 12}));
  EXPECT_EQ(info.stack[1].function, "<lambda>");
  EXPECT_EQ(info.stack[1].at, (LineColumn{5, 28}));
  EXPECT_EQ(info.stack[2].function, "TRANSFORM T");
  EXPECT_EQ(info.stack[2].at, (LineColumn{5, 14}));
}

TEST(Program, TheStackOfATrapIsBounded) {
  const Compiled compiled = compile("FUNC f(n) { RETURN f(n + 1) }\nTRANSFORM T { LET x = f(0) }");
  Heap heap;
  Context context(heap);
  context.limits.callDepth = 1000;
  const auto result = interp::run(*compiled.program, *compiled.module->findTransform("T"), context);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().id(), TrapId::CallDepth);
  EXPECT_EQ(result.error().info().stack.size(), 100u);
}

} // namespace
} // namespace branchline::interp
