// Programs as native code: results, counts of references, limits, callbacks, and what is opened.
#include "Compile.h"
#include "OpenBackend.h"

#include "branchline/Lang/Errors.h"
#include "branchline/Runtime/Ops.h"
#include "branchline/Support/StackThread.h"

namespace branchline::jit {
namespace {

class JitProgramTest : public testing::Test {
protected:
  void SetUp() override {
    if (!isAvailable())
      GTEST_SKIP() << "native code is not in this build";
  }

  void compile(const std::string &text, std::string_view passes = "default",
               const std::vector<std::string> &hostFunctions = {}) {
    module_ = moduleOf(text, passes, hostFunctions);
    auto program = Program::compile(*module_, {});
    ASSERT_TRUE(program) << program.error().message;
    program_ = std::move(*program);
    session_ = std::make_unique<Session>(*program_, heap_);
  }

  /// \returns the text of the result, or `TYPE: MESSAGE`
  std::string run(runtime::Context &context) {
    std::string text;
    EXPECT_TRUE(runOnStack(size_t(1) << 28, [&] {
      const auto result = session_->run(module_->transforms[0], context);
      if (!result)
        text = result.error().info().type + ": " + result.error().info().message;
      else
        EXPECT_TRUE(runtime::appendText(text, *context.collapse()));
    }));
    return text;
  }
  std::string run() {
    runtime::Context context(heap_);
    context.input = heap_.object();
    return run(context);
  }

  runtime::Heap heap_;
  std::unique_ptr<ir::Module> module_;
  std::unique_ptr<Program> program_;
  std::unique_ptr<Session> session_;
};

TEST_F(JitProgramTest, RunsAsOftenAsWanted) {
  compile("FUNC f(n) = IF n < 2 THEN n ELSE f(n - 1) + f(n - 2)\nOUTPUT f(15)");
  EXPECT_EQ(run(), "610");
  EXPECT_EQ(run(), "610");
}

// Values that are alive when a trap, a jump or a return comes are given up exactly once: a second
// run leaves as many bytes in use as the first.
TEST_F(JitProgramTest, LeavesNothingBehind) {
  for (const char *passes : {"", "default"}) {
    compile("FUNC name(x) { IF x.n > 2 { THROW { message: \"big\" + x.n } } RETURN \"n\" + x.n }\n"
            "LET seen = {}\nLET all = []\n"
            "FOR EACH i IN RANGE(1, 9) {\n"
            "  LET x = { n: i % 4, text: \"t\" + i }\n"
            "  LET label = TRY name(x) CATCH(e) -> e.message + x.text\n"
            "  SET seen[label] = x\n"
            "  APPEND TO all LENGTH(label)\n"
            "}\n"
            "LET big = 9223372036854775807\n"
            "FOR EACH i IN [1, 2.5, \"a\"] { SET big = big + i }\n"
            "OUTPUT { seen: LENGTH(seen), all: all, big: big }",
            passes);
    const std::string first = run();
    EXPECT_EQ(first, "{seen=5, all=[2, 2, 6, 2, 2, 2, 6, 2, 2], big=9.223372036854776E18a}");
    const uint64_t after = heap_.stats().bytesInUse;
    EXPECT_EQ(run(), first);
    EXPECT_EQ(heap_.stats().bytesInUse, after) << passes;
  }
}

// The same for a trap that leaves several activations in the middle of their work.
TEST_F(JitProgramTest, LeavesNothingBehindAfterATrap) {
  for (const char *passes : {"", "default"}) {
    compile("FUNC f(xs, n) { LET own = [\"a\" + n, xs]\n"
            "  RETURN IF n == 0 THEN own ++ 1 ELSE [f(own, n - 1), own] }\n"
            "FOR EACH i IN [[1], [2]] { LET t = \"t\" + LENGTH(i)\n PRINT(t, f(i, 5)) }",
            passes);
    const std::string first = run();
    EXPECT_NE(first.find(": "), std::string::npos) << first;
    const uint64_t after = heap_.stats().bytesInUse;
    EXPECT_EQ(run(), first);
    EXPECT_EQ(heap_.stats().bytesInUse, after) << passes;
  }
}

// A loop that appends and sets keys changes one list and one object in place; copies would take
// 20,000 times 16 bytes each.
TEST_F(JitProgramTest, WritesInPlace) {
  compile("LET xs = []\nLET seen = {}\n"
          "FOR EACH i IN RANGE(1, 20000) { APPEND TO xs i\n SET seen[\"k\" + i % 1000] = i }\n"
          "OUTPUT { n: LENGTH(xs), keys: LENGTH(seen) }");
  EXPECT_EQ(run(), "{n=20000, keys=1000}");
  EXPECT_LT(heap_.stats().peakBytes, uint64_t(4) << 20);
}

TEST_F(JitProgramTest, StopsAtLimits) {
  compile("LET n = 0\nFOR EACH i IN RANGE(1, 1000000) { SET n = n + 1 }\nOUTPUT n");
  runtime::Context context(heap_);
  context.input = heap_.object();
  context.limits.instructions = 10'000;
  EXPECT_NE(run(context).find("10000"), std::string::npos);
  EXPECT_GT(context.instructionsUsed, 10'000u);
  EXPECT_LT(context.instructionsUsed, 20'000u);
  EXPECT_EQ(run(), "1000000");
}

TEST_F(JitProgramTest, CountsNestedCalls) {
  compile("FUNC f(n) = 1 + f(n + 1)\nOUTPUT f(0)");
  EXPECT_NE(run().find("10000"), std::string::npos);
}

TEST_F(JitProgramTest, CallsBackFromLibraryAndHost) {
  const std::vector<std::string> names{"TWICE"};
  compile("LET k = 3\nOUTPUT { mapped: MAP([1, 2], (x) -> x * k), twice: TWICE((x) -> x + k, 1) }",
          "default", names);
  runtime::HostRegistry host;
  EXPECT_TRUE(host.add({"TWICE", 2, 2,
                        [](runtime::Context &context,
                           std::span<runtime::Value> args) -> runtime::Result<runtime::Value> {
                          const runtime::Value function = args[0];
                          runtime::Value value = args[1];
                          for (int i = 0; i < 2; ++i) {
                            runtime::Value argument[] = {value};
                            BL_TRY(value, context.caller->call(function, argument));
                          }
                          return value;
                        }}));
  runtime::Context context(heap_);
  context.input = heap_.object();
  context.host = &host;
  EXPECT_EQ(run(context), "{mapped=[3, 6], twice=7}");
}

// The compiler refuses a request of another build: both sides share the layout of programs.
TEST_F(JitProgramTest, RefusesAnotherBuild) {
  const auto module = moduleOf("OUTPUT 1");
  const auto made =
      compileWithBackend({backendAbi() + 1, module.get(), BackendOutput::Object, true, true});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, error::info(error::Id::JitCode).code);
  EXPECT_EQ(made.error().message, "cannot make native code: it belongs to another build");
}

TEST(JitAvailability, SaysWhatIsMissing) {
  if (isAvailable())
    GTEST_SKIP() << "native code is in this build";
  const auto module = moduleOf("OUTPUT 1");
  const auto program = Program::compile(*module, {});
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().message, "native code is not in this build");
}

} // namespace
} // namespace branchline::jit
