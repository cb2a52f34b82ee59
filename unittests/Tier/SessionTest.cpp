// Programs that begin in the machine and go on in native code: results, counts of references,
// threads that share a program, and programs that end while they are compiled.
#include "branchline/Tier/Tier.h"

#include "branchline/BCGen/BCGen.h"
#include "branchline/IRGen/IRGen.h"
#include "branchline/JIT/JIT.h"
#include "branchline/Opt/PassManager.h"
#include "branchline/Runtime/Ops.h"
#include "branchline/Sema/Sema.h"
#include "branchline/Support/StackThread.h"
#include "branchline/Syntax/Parser.h"

#include <gtest/gtest.h>

#include <thread>

namespace branchline::tier {
namespace {

class TierSessionTest : public testing::Test {
protected:
  void SetUp() override {
    if (!jit::isAvailable())
      GTEST_SKIP() << "native code is not in this build";
  }

  static std::shared_ptr<Program> programOf(const std::string &text, uint64_t after,
                                            std::string_view passes = "default",
                                            bool wait = false) {
    const SourceText source("test.bl", text);
    DiagnosticSink sink;
    const std::unique_ptr<syntax::Program> tree = syntax::parse(source, sink);
    if (!sink.hasErrors())
      sema::check(*tree, sink, {});
    for (const Diagnostic &diagnostic : sink.all())
      if (diagnostic.severity == Severity::Error)
        ADD_FAILURE() << renderDiagnostic(source, diagnostic);
    std::unique_ptr<ir::Module> module = irgen::generate(*tree, source, {});
    opt::PipelineOptions pipeline;
    pipeline.passes = *opt::parsePassList(passes);
    EXPECT_TRUE(opt::runPipeline(*module, pipeline));
    auto bytecode = bcgen::generate(*module);
    EXPECT_TRUE(bytecode);
    return std::make_shared<Program>(std::move(module), std::move(*bytecode),
                                     Options{{}, after, after == 0 || wait});
  }

  /// \returns the text of the result, or `TYPE: MESSAGE`
  static std::string run(Session &session, runtime::Heap &heap) {
    std::string text;
    EXPECT_TRUE(runOnStack(size_t(1) << 28, [&] {
      runtime::Context context(heap);
      context.input = heap.object();
      const auto result = session.run(0, context);
      if (!result)
        text = result.error().info().type + ": " + result.error().info().message;
      else
        EXPECT_TRUE(runtime::appendText(text, *context.collapse()));
    }));
    return text;
  }
};

constexpr const char *kMany = R"(
FUNC name(x) { IF x.n > 2 { THROW { message: "big" + x.n } } RETURN "n" + x.n }
LET seen = {}
LET all = []
LET count = 0
LET up = (by) -> count + by
FOR EACH i IN RANGE(1, 9) {
  LET x = { n: i % 4, text: "t" + i }
  LET label = TRY name(x) CATCH(e) -> e.message + x.text
  SET seen[label] = x
  SET count = up(i)
  TRY { THROW label } CATCH(e) { FOR EACH c IN [e.message, label] { APPEND TO all LENGTH(c) } }
}
LET big = 9223372036854775807
FOR EACH i IN [1, 2.5, "a"] { SET big = big + i }
FOR EACH n IN WALK(seen) { SET count = up(n.depth) }
OUTPUT { seen: LENGTH(seen), all: all, big: big, count: count }
)";

// Every value that crosses is given up exactly once: runs that move leave what others leave.
TEST_F(TierSessionTest, LeavesNothingBehind) {
  for (const char *passes : {"", "default"}) {
    runtime::Heap heap;
    auto never = programOf(kMany, UINT64_MAX, passes);
    auto atOnce = programOf(kMany, 0, passes);
    Session machine(never, heap);
    const std::string expected = run(machine, heap);
    EXPECT_EQ(machine.counts().loops + machine.counts().calls, 0U);
    for (int i = 0; i < 3; ++i) {
      Session moving(atOnce, heap);
      EXPECT_EQ(run(moving, heap), expected) << passes;
      const uint64_t after = heap.stats().bytesInUse;
      EXPECT_EQ(run(moving, heap), expected) << passes;
      EXPECT_EQ(heap.stats().bytesInUse, after) << passes;
      if (i == 0)
        EXPECT_GT(moving.counts().loops, 0U) << passes;
    }
  }
}

// A run may move at any turn of any loop.
TEST_F(TierSessionTest, MovesAtAnyTurn) {
  runtime::Heap heap;
  std::string expected;
  {
    Session machine(programOf(kMany, UINT64_MAX), heap);
    expected = run(machine, heap);
  }
  uint64_t loops = 0;
  for (uint64_t after = 0; after < 600; after += 23) {
    Session moving(programOf(kMany, after, "default", true), heap);
    EXPECT_EQ(run(moving, heap), expected) << after;
    loops += moving.counts().loops;
  }
  EXPECT_GT(loops, 10U);
}

TEST_F(TierSessionTest, CountsWhatRanWhere) {
  auto program = programOf("LET n = 0\nFOR EACH i IN RANGE(1, 100) { SET n = n + i }\nOUTPUT n", 0);
  runtime::Heap heap;
  Session session(program, heap);
  EXPECT_EQ(run(session, heap), "5050");
  EXPECT_EQ(run(session, heap), "5050");
  EXPECT_EQ(session.counts().machineRuns, 1U);
  EXPECT_EQ(session.counts().nativeRuns, 1U);
  EXPECT_EQ(session.counts().loops, 1U);
  EXPECT_GT(session.counts().machineInstructions, 0U);
  EXPECT_GT(session.counts().nativeInstructions, session.counts().machineInstructions);
  const std::vector<Attempt> attempts = program->attempts();
  ASSERT_EQ(attempts.size(), 1U);
  EXPECT_EQ(attempts[0].result, Attempt::Result::Compiled);
  EXPECT_EQ(attempts[0].what, "the loop at 2:41");
  EXPECT_GT(attempts[0].codeBytes, 0U);
}

// A variable that a path writes to has its content for itself after the move: no copy per turn.
TEST_F(TierSessionTest, WritesStayInPlace) {
  const char *text = "LET d = {}\nLET l = []\n"
                     "FOR EACH i IN RANGE(1, 60000) { SET d[\"k\" + i] = i; APPEND TO l i }\n"
                     "OUTPUT LENGTH(d) + LENGTH(l)";
  for (const char *passes : {"", "default"}) {
    auto program = programOf(text, 0, passes);
    runtime::Heap heap;
    Session session(program, heap);
    EXPECT_EQ(run(session, heap), "120000");
    EXPECT_EQ(session.counts().loops, 1U);
    EXPECT_LT(heap.stats().peakBytes, uint64_t(32) << 20);
  }
}

// Function values of the machine are those of native code: callable on both sides, and the same.
TEST_F(TierSessionTest, FunctionValuesCross) {
  auto program = programOf("FUNC apply(f, n) = f(n)\n"
                           "LET base = 10\nLET add = (n) -> n + base\nLET fs = [add]\n"
                           "FOR EACH i IN RANGE(1, 4) { APPEND TO fs (n) -> add(n) * 2; "
                           "SET base = base + 1 }\n"
                           "OUTPUT [fs[0] == add, MAP(fs, (f) -> apply(f, 1)), apply(add, 5)]",
                           0);
  runtime::Heap heap;
  Session session(program, heap);
  EXPECT_EQ(run(session, heap), "[true, [15, 30, 30, 30, 30], 19]");
  EXPECT_EQ(run(session, heap), "[true, [15, 30, 30, 30, 30], 19]");
  session.releaseValues();
  heap.reset();
  EXPECT_EQ(run(session, heap), "[true, [15, 30, 30, 30, 30], 19]");
}

// Whatever moment the code comes at, results are the same; all sessions share one compilation.
TEST_F(TierSessionTest, ThreadsShareTheProgram) {
  auto program = programOf(kMany, 2000);
  std::vector<std::thread> threads;
  std::vector<std::string> texts(3);
  std::vector<Counts> counts(texts.size());
  for (size_t t = 0; t < texts.size(); ++t)
    threads.emplace_back([&, t] {
      runtime::Heap heap;
      Session session(program, heap);
      const std::string first = run(session, heap);
      texts[t] = first;
      for (int i = 0; i < 20'000 && session.counts().nativeRuns < 10; ++i)
        if (run(session, heap) != first)
          texts[t] = "differs";
      counts[t] = session.counts();
    });
  for (std::thread &thread : threads)
    thread.join();
  for (size_t t = 1; t < texts.size(); ++t)
    EXPECT_EQ(texts[t], texts[0]);
  size_t made = 0;
  for (const Attempt &attempt : program->attempts())
    made += attempt.result == Attempt::Result::Compiled;
  EXPECT_EQ(made, 1U);
  for (const Counts &each : counts)
    EXPECT_GE(each.nativeRuns, 10U);
}

TEST_F(TierSessionTest, EndsWhileItIsCompiled) {
  const char *text = "LET n = 0\nFOR EACH i IN RANGE(1, 3000) { SET n = n + i }\nOUTPUT n";
  for (int i = 0; i < 5; ++i) {
    auto program = programOf(text, 1);
    runtime::Heap heap;
    Session session(program, heap);
    EXPECT_EQ(run(session, heap), "4501500");
  }
}

// Each loop that gets hot in an activation of its own costs a version; there is an end to that.
TEST_F(TierSessionTest, MakesFewVersions) {
  std::string text = "LET n = 0\n";
  for (int i = 0; i < 12; ++i)
    text += "FOR EACH i IN RANGE(1, 3) { SET n = n + MAX(MAP([i], (x) -> x)) }\n";
  auto program = programOf("TRANSFORM T { " + text + "OUTPUT n }", 0, "");
  runtime::Heap heap;
  Session session(program, heap);
  EXPECT_EQ(run(session, heap), "72");
  EXPECT_LE(program->attempts().size(), 4U);
}

} // namespace
} // namespace branchline::tier
