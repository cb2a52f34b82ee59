// Library functions that see the outside: console, clock and shared memory, and those for finding
// mistakes.
#include "BuiltinsFixture.h"

#include <regex>

namespace branchline::runtime {
namespace {

class BuiltinsWorldTest : public BuiltinsFixture {};

TEST_F(BuiltinsWorldTest, PrintWritesOneLineForEachArgument) {
  std::string out;
  context.print = [&](std::string_view text) { out += text; };
  EXPECT_EQ(call("PRINT", {}), "null");
  EXPECT_EQ(out, "");
  EXPECT_EQ(call("PRINT",
                 {s("a"), list({i(1), list({i(2)})}),
                  object({{s("k"), i(1)}, {i(2), heap.object()}}), null, list({}), heap.object()}),
            "null");
  EXPECT_EQ(out, "a\n1, [2]\n(k, 1), (2, {})\nnull\n\n\n");
}

TEST_F(BuiltinsWorldTest, PrintWithoutASinkIsSilent) { EXPECT_EQ(call("PRINT", {s("a")}), "null"); }

TEST_F(BuiltinsWorldTest, Checkpoint) {
  EXPECT_EQ(call("CHECKPOINT", {}), "true");
  EXPECT_EQ(call("CHECKPOINT", {s("a"), i(1)}), "true");
}

TEST_F(BuiltinsWorldTest, Assert) {
  EXPECT_EQ(call("ASSERT", {list({})}), "true");
  EXPECT_EQ(call("ASSERT", {s("")}), "IllegalStateException: ASSERT failed");
  EXPECT_EQ(call("ASSERT", {no, null}), "IllegalStateException: ASSERT failed");
  EXPECT_EQ(call("ASSERT", {i(0), object({{s("a"), i(1)}}), i(2)}), "IllegalStateException: {a=1}");
}

TEST_F(BuiltinsWorldTest, ExplainWithoutTracing) {
  EXPECT_EQ(call("EXPLAIN", {s("x")}), "{\"var\": \"x\", \"info\": \"no provenance\"}");
  EXPECT_EQ(call("EXPLAIN", {i(1)}), "IllegalArgumentException: EXPLAIN(varName)");
}

TEST_F(BuiltinsWorldTest, NowIsATimeInUtc) {
  const std::regex form(
      R"("20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.(\d{3}|\d{6}|\d{9}))?Z")");
  EXPECT_TRUE(std::regex_match(call("NOW", {}), form)) << call("NOW", {});
}

TEST_F(BuiltinsWorldTest, FractionHasAsManyDigitsAsItTakes) {
  using namespace std::chrono;
  const auto textAfter = [](nanoseconds sinceEpoch) {
    return timeText(sys_time<nanoseconds>(sinceEpoch));
  };
  EXPECT_EQ(textAfter(nanoseconds(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(textAfter(days(59) + milliseconds(120)), "1970-03-01T00:00:00.120Z");
  EXPECT_EQ(textAfter(hours(23) + microseconds(5)), "1970-01-01T23:00:00.000005Z");
  EXPECT_EQ(textAfter(minutes(7) + nanoseconds(5)), "1970-01-01T00:07:00.000000005Z");
  EXPECT_EQ(textAfter(seconds(951'782'400)), "2000-02-29T00:00:00Z");
}

TEST_F(BuiltinsWorldTest, SharedMemory) {
  EXPECT_EQ(call("AWAIT_SHARED", {s("c"), s("k")}),
            "IllegalStateException: SharedStore is not configured");
  SharedStore store;
  store.declare("c", ResourceKind::Single);
  context.shared = &store;
  EXPECT_EQ(call("SHARED_WRITE", {s("c"), s("k"), list({i(1)})}), "[1]");
  EXPECT_EQ(call("AWAIT_SHARED", {s("c"), s("k")}), "[1]");
  EXPECT_EQ(call("SHARED_WRITE", {s("c"), s("k"), i(2)}),
            "IllegalStateException: SHARED_WRITE: c[k] is already set");
  EXPECT_EQ(call("AWAIT_SHARED", {s("c"), s("z")}), "IllegalStateException: AWAIT deadlock: c[z]");
  EXPECT_EQ(call("SHARED_WRITE", {s("d"), s("k"), i(2)}),
            "IllegalArgumentException: Unknown shared resource: d");
  EXPECT_EQ(call("AWAIT_SHARED", {s("d"), s("k")}),
            "IllegalArgumentException: Unknown shared resource: d");
  EXPECT_EQ(call("SHARED_WRITE", {s("c"), s("n"), null}).substr(0, 22), "NullPointerException: ");
  // The values belong to the heap, so they go before it does.
  context.shared = nullptr;
}

TEST_F(BuiltinsWorldTest, SharedMemoryChecksKindsFirst) {
  EXPECT_EQ(call("AWAIT_SHARED", {heap.handle("c"), s("k")}),
            "IllegalStateException: AWAIT_SHARED: resource must be string");
  EXPECT_EQ(call("AWAIT_SHARED", {s("c"), i(1)}),
            "IllegalStateException: AWAIT_SHARED: key must be string");
  EXPECT_EQ(call("SHARED_WRITE", {i(1), i(1), null}),
            "IllegalStateException: SHARED_WRITE: resource must be string");
  EXPECT_EQ(call("SHARED_WRITE", {s("c"), null, null}),
            "IllegalStateException: SHARED_WRITE: key must be string");
}

} // namespace
} // namespace branchline::runtime
