// Library functions on lists: making lists from lists, aggregation, and functions with callbacks.
#include "BuiltinsFixture.h"

namespace branchline::runtime {
namespace {

class BuiltinsListsTest : public BuiltinsFixture {
protected:
  Value numbers(int64_t count) { return valueOf("RANGE", {i(count)}); }
};

TEST_F(BuiltinsListsTest, Distinct) {
  EXPECT_EQ(call("DISTINCT", {list({i(2), i(1), i(2), null, i(1), null})}), "[2, 1, null]");
  EXPECT_EQ(call("DISTINCT", {list({i(1), f(1), dec("1"), dec("1.0"), dec("1.00"), s("1")})}),
            "[1, 1.0, 1.0m, 1.00m, \"1\"]");
  EXPECT_EQ(call("DISTINCT", {list({f(0.0), f(-0.0)})}), "[0.0, -0.0]");
  EXPECT_EQ(call("DISTINCT", {list({object({{s("a"), i(1)}, {s("b"), i(2)}}),
                                    object({{s("b"), i(2)}, {s("a"), i(1)}})})}),
            "[{\"a\": 1, \"b\": 2}]");
  EXPECT_EQ(call("DISTINCT", {null}), "IllegalStateException: DISTINCT: arg must be list");
}

// Large enough that a quadratic DISTINCT would not come back.
TEST_F(BuiltinsListsTest, DistinctOfManyIsLinear) {
  const Value many = numbers(300'000);
  EXPECT_EQ(valueOf("DISTINCT", {many}).list()->size, 300'000U);
}

TEST_F(BuiltinsListsTest, Flatten) {
  EXPECT_EQ(call("FLATTEN", {list({i(1), list({i(2), list({i(3)})}), list({}), null})}),
            "[1, 2, [3], null]");
  EXPECT_EQ(call("FLATTEN", {s("")}), "IllegalStateException: FLATTEN: arg must be list");
}

TEST_F(BuiltinsListsTest, Range) {
  EXPECT_EQ(call("RANGE", {i(3)}), "[0, 1, 2]");
  EXPECT_EQ(call("RANGE", {i(0)}), "[]");
  EXPECT_EQ(call("RANGE", {i(-2)}), "[]");
  EXPECT_EQ(call("RANGE", {i(2), i(5)}), "[2, 3, 4, 5]");
  EXPECT_EQ(call("RANGE", {i(5), i(2)}), "[5, 4, 3, 2]");
  EXPECT_EQ(call("RANGE", {i(0), i(7), i(3)}), "[0, 3, 6]");
  EXPECT_EQ(call("RANGE", {i(0), i(-7), i(3)}), "[0, -3, -6]");
  EXPECT_EQ(call("RANGE", {i(0), i(2), i(-5)}), "[0, 1, 2]");
  EXPECT_EQ(call("RANGE", {s("2")}), "[0, 1]");
  EXPECT_EQ(call("RANGE", {i(INT64_MAX - 1), i(INT64_MAX)}),
            "[9223372036854775806, 9223372036854775807]");
  EXPECT_EQ(call("RANGE", {i(INT64_MIN), i(INT64_MAX), i(INT64_MAX)}),
            "[-9223372036854775808, -1, 9223372036854775806]");
  EXPECT_EQ(call("RANGE", {f(1)}), "IllegalStateException: Index must be integer for list");
}

TEST_F(BuiltinsListsTest, RangeBeyondTheLimitBuildsNothing) {
  const uint64_t before = heap.stats().peakBytes;
  const std::string limit =
      "LimitExceeded: list size limit of " + std::to_string(kMaxListLength) + " items exceeded";
  EXPECT_EQ(call("RANGE", {i(9'000'000'000'000'000'000)}), limit);
  EXPECT_EQ(call("RANGE", {i(INT64_MIN), i(INT64_MAX)}), limit);
  EXPECT_EQ(heap.stats().peakBytes, before);
}

TEST_F(BuiltinsListsTest, ZipAndReverse) {
  EXPECT_EQ(call("ZIP", {numbers(3), list({s("a"), s("b")})}), "[[0, \"a\"], [1, \"b\"]]");
  EXPECT_EQ(call("ZIP", {i(1), list({})}), "IllegalStateException: ZIP: first arg must be list");
  EXPECT_EQ(call("ZIP", {list({}), i(1)}), "IllegalStateException: ZIP: second arg must be list");
  EXPECT_EQ(call("REVERSE", {numbers(3)}), "[2, 1, 0]");
  EXPECT_EQ(call("REVERSE", {s("abc")}), "IllegalStateException: REVERSE: arg must be list");
}

TEST_F(BuiltinsListsTest, SortOfOneKind) {
  EXPECT_EQ(call("SORT", {list({i(3), i(-1), i(2)})}), "[-1, 2, 3]");
  EXPECT_EQ(call("SORT", {list({f(0.0), f(-0.0), f(-1)})}), "[-1.0, -0.0, 0.0]");
  EXPECT_EQ(call("SORT", {list({s("b"), s("a10"), s("a9"), s("B"), s("a")})}),
            "[\"B\", \"a\", \"a10\", \"a9\", \"b\"]");
  EXPECT_EQ(call("SORT", {list({yes, no, yes})}), "[false, true, true]");
  // Supplementary characters come before U+E000, unlike their UTF-8 bytes.
  EXPECT_EQ(call("SORT", {list({s("\uE000"), s("\U0001F600")})}), "[\"\U0001F600\", \"\uE000\"]");
  EXPECT_EQ(call("SORT", {list({s("abcdefgh2"), s("abcdefgh"), s("abcdefgh1")})}),
            "[\"abcdefgh\", \"abcdefgh1\", \"abcdefgh2\"]");
  EXPECT_EQ(call("SORT", {null}), "IllegalStateException: SORT: arg must be list");
}

TEST_F(BuiltinsListsTest, SortIsStable) {
  EXPECT_EQ(call("SORT", {list({i(2), f(1), i(1), f(2)})}), "[1.0, 1, 2, 2.0]");
  std::vector<Value> items;
  for (int64_t n = 0; n < 200; ++n)
    items.push_back(n % 2 == 0 ? i(n % 5) : f(static_cast<double>(n % 5)));
  const Value sorted = valueOf("SORT", {heap.list(std::span<const Value>(items))});
  // Equal numbers keep their order: 0, 5.0 % 5, 10, 15.0 % 5, ... alternate in kind.
  for (uint32_t n = 0; n < 200; ++n)
    EXPECT_EQ(sorted.list()->data[n].isInt(), (n % 40 + n / 40) % 2 == 0) << n;
}

// CMP is not transitive here, so the result is that of the documented algorithm. \rule R3.4.4
TEST_F(BuiltinsListsTest, SortOfMixedKindsFollowsTheAlgorithm) {
  EXPECT_EQ(call("SORT", {list({s("1a"), i(10), i(2)})}), "[2, 10, \"1a\"]");
  EXPECT_EQ(call("SORT", {list({i(10), i(2), s("1a")})}), "[\"1a\", 2, 10]");
  EXPECT_EQ(call("SORT", {list({null, yes, no, i(1), s("a"), list({}), heap.object()})}),
            "[1, [], \"a\", false, null, true, {}]");
}

TEST_F(BuiltinsListsTest, SortOfLongMixedListsKeepsEveryItem) {
  for (const size_t size : {31U, 32U, 33U, 62U, 63U, 100U, 1000U}) {
    std::vector<Value> items;
    for (size_t n = 0; n < size; ++n) {
      const auto number = static_cast<int64_t>(n * 7919 % 1013);
      items.push_back(n % 3 == 0 ? s(std::to_string(number) + "a") : i(number));
    }
    const Value sorted = valueOf("SORT", {heap.list(std::span<const Value>(items))});
    ASSERT_EQ(sorted.list()->size, size);
    EXPECT_EQ(valueOf("DISTINCT", {sorted}).list()->size,
              valueOf("DISTINCT", {heap.list(std::span<const Value>(items))}).list()->size);
  }
}

TEST_F(BuiltinsListsTest, SortOfLongGeneralListsIsOrdered) {
  std::vector<Value> items;
  for (int64_t n = 0; n < 5000; ++n)
    items.push_back(n % 2 == 0 ? i(n * 7919 % 5003) : f(static_cast<double>(n * 7919 % 5003)));
  const Value sorted = valueOf("SORT", {heap.list(std::span<const Value>(items))});
  for (uint32_t n = 1; n < 5000; ++n)
    ASSERT_LT(*compareNumbers(sorted.list()->data[n - 1], sorted.list()->data[n]), 0) << n;
}

TEST_F(BuiltinsListsTest, SortReportsComparisonErrors) {
  const std::string mixed = "IllegalArgumentException: compare does not allow mixing decimal and "
                            "float; wrap floats with DEC()";
  EXPECT_EQ(call("SORT", {list({f(1.5), dec("1.5")})}), mixed);
  std::vector<Value> items(100, f(1));
  items[57] = dec("1.5");
  EXPECT_EQ(call("SORT", {heap.list(std::span<const Value>(items))}), mixed);
}

TEST_F(BuiltinsListsTest, Length) {
  EXPECT_EQ(call("LENGTH", {s("h\u00e9llo")}), "5");
  EXPECT_EQ(call("LENGTH", {s("\U0001F600")}), "2");
  EXPECT_EQ(call("LENGTH", {null}), "0");
  EXPECT_EQ(call("LENGTH", {heap.object()}), "0");
  EXPECT_EQ(call("COUNT", {numbers(4)}), "4");
  EXPECT_EQ(call("COUNT", {f(1.5)}), "IllegalStateException: LENGTH: unsupported type Double");
  EXPECT_EQ(call("LENGTH", {heap.sequence(null)}),
            "IllegalStateException: LENGTH: unsupported type Sequence");
}

TEST_F(BuiltinsListsTest, Sum) {
  EXPECT_EQ(call("SUM", {list({})}), "0");
  EXPECT_EQ(call("SUM", {list({i(1), f(2.5)})}), "3.5");
  EXPECT_EQ(call("SUM", {list({f(0.1), f(0.2)})}), "0.30000000000000004");
  EXPECT_EQ(call("SUM", {list({f(-0.0)})}), "0.0");
  EXPECT_EQ(call("SUM", {list({i(INT64_MAX), i(1), i(-1)})}), "9223372036854775807n");
  EXPECT_EQ(call("SUM", {list({dec("1.10"), dec("2.2"), i(1)})}), "4.30m");
  EXPECT_EQ(call("SUM", {list({dec("1.1"), f(2.5)})}),
            "IllegalArgumentException: Operator '+' does not allow mixing decimal and float; wrap "
            "floats with DEC()");
  EXPECT_EQ(call("SUM", {list({i(1), yes})}),
            "IllegalArgumentException: SUM: all elements must be numbers");
  EXPECT_EQ(call("SUM", {null}), "IllegalStateException: SUM: arg must be list");
}

TEST_F(BuiltinsListsTest, Avg) {
  EXPECT_EQ(call("AVG", {list({})}), "null");
  EXPECT_EQ(call("AVG", {list({i(1), i(2), i(3)})}), "2.0");
  EXPECT_EQ(call("AVG", {list({i(INT64_MAX), i(INT64_MAX)})}), "9.223372036854776E18");
  EXPECT_EQ(call("AVG", {list({dec("1"), dec("2")})}), "1.5");
  EXPECT_EQ(call("AVG", {list({dec("1.00"), dec("2.00")})}), "1.50m");
  EXPECT_EQ(call("AVG", {list({dec("1.0"), dec("1.0"), dec("0.0")})}),
            "0.6666666666666666666666666666666667m");
  EXPECT_EQ(call("AVG", {list({s("1")})}),
            "IllegalArgumentException: AVG: all elements must be numbers");
  EXPECT_EQ(call("AVG", {i(1)}), "IllegalStateException: AVG: arg must be list");
}

TEST_F(BuiltinsListsTest, MinAndMax) {
  EXPECT_EQ(call("MIN", {list({})}), "null");
  EXPECT_EQ(call("MAX", {list({i(1), f(1)})}), "1");
  EXPECT_EQ(call("MIN", {list({f(1), i(1)})}), "1.0");
  EXPECT_EQ(call("MIN", {list({i(1), s("0"), yes})}), "\"0\"");
  EXPECT_EQ(call("MAX", {list({i(1), s("0"), yes})}), "true");
  EXPECT_EQ(call("MIN", {list({null, s("o")})}), "null");
  EXPECT_EQ(call("MAX", {list({list({i(1)}), list({i(2)})})}), "[2]");
  EXPECT_EQ(call("MIN", {list({dec("1.5"), f(2.5)})}),
            "IllegalArgumentException: compare does not allow mixing decimal and float; wrap "
            "floats with DEC()");
  EXPECT_EQ(call("MIN", {i(5)}), "IllegalStateException: MIN: arg must be list");
  EXPECT_EQ(call("MAX", {i(5)}), "IllegalStateException: MAX: arg must be list");
}

TEST_F(BuiltinsListsTest, CallbacksGetTheDocumentedTuple) {
  const Value xs = list({s("p"), s("q")});
  const Value all = fn([&](std::span<Value> args) -> Result<Value> {
    return heap.list(std::span<const Value>(args));
  });
  EXPECT_EQ(call("MAP", {xs, all}), "[[\"p\", 0, [\"p\", \"q\"]], [\"q\", 1, [\"p\", \"q\"]]]");
  EXPECT_EQ(call("REDUCE", {list({i(5)}), s("acc"), all}), "[\"acc\", 5, 0, [5]]");
  EXPECT_EQ(call("APPLY", {all, i(1), i(2)}), "[1, 2]");
  EXPECT_EQ(call("APPLY", {all}), "[]");
  std::string seen;
  const Value note = fn([&](std::span<Value> args) -> Result<Value> {
    for (const Value &arg : args)
      seen += show(arg) + ";";
    return yes;
  });
  EXPECT_EQ(call("SIFT", {object({{s("k"), i(1)}}), note}), "{\"k\": 1}");
  EXPECT_EQ(seen, "1;\"k\";{\"k\": 1};");
}

TEST_F(BuiltinsListsTest, TestsUseTheTruthOfTheLibrary) {
  const Value same = fn([](std::span<Value> args) -> Result<Value> { return args[0]; });
  const Value xs = list({i(1), i(0), s(""), null, s("a"), list({}), f(0.0), dec("1e-400")});
  EXPECT_EQ(call("FILTER", {xs, same}), "[1, \"a\", []]");
  EXPECT_EQ(call("FIND", {list({i(0), i(7)}), same}), "7");
  EXPECT_EQ(call("FIND", {list({i(0)}), same}), "null");
  EXPECT_EQ(call("SOME", {list({s("")}), same}), "false");
  EXPECT_EQ(call("EVERY", {list({s("a"), s("")}), same}), "false");
  EXPECT_EQ(call("SOME", {list({}), same}), "false");
  EXPECT_EQ(call("EVERY", {list({}), same}), "true");
}

TEST_F(BuiltinsListsTest, SearchesStopEarly) {
  int calls = 0;
  const Value isTwo = fn([&](std::span<Value> args) -> Result<Value> {
    ++calls;
    return Value::boolean(args[0].asInt() == 2);
  });
  const Value xs = list({i(1), i(2), i(3)});
  EXPECT_EQ(call("FIND", {xs, isTwo}), "2");
  EXPECT_EQ(call("SOME", {xs, isTwo}), "true");
  EXPECT_EQ(call("EVERY", {xs, isTwo}), "false");
  EXPECT_EQ(calls, 5);
}

TEST_F(BuiltinsListsTest, ErrorsOfCallbacksPassUnchanged) {
  const Value fails =
      fn([](std::span<Value>) -> Result<Value> { return trap<TrapId::DivisionByZero>(); });
  const std::string error = "IllegalArgumentException: Division by zero";
  for (const char *name : {"MAP", "FILTER", "FIND", "SOME", "EVERY"})
    EXPECT_EQ(call(name, {list({i(1)}), fails}), error) << name;
  EXPECT_EQ(call("REDUCE", {list({i(1)}), i(0), fails}), error);
  EXPECT_EQ(call("SIFT", {object({{s("a"), i(1)}}), fails}), error);
  EXPECT_EQ(call("APPLY", {fails}), error);
}

TEST_F(BuiltinsListsTest, CallbackArgumentsAreCheckedForEmptyListsToo) {
  for (const std::string name : {"MAP", "FILTER", "FIND", "SOME", "EVERY"}) {
    EXPECT_EQ(call(name, {list({}), i(1)}),
              "IllegalStateException: " + name + ": arg 2 must be function");
    EXPECT_EQ(call(name, {null, i(1)}), "IllegalStateException: " + name + ": arg 1 must be list");
  }
  EXPECT_EQ(call("REDUCE", {list({}), null, null}),
            "IllegalStateException: REDUCE: arg 3 must be function");
  EXPECT_EQ(call("REDUCE", {null, null, null}),
            "IllegalStateException: REDUCE: arg 1 must be list");
  EXPECT_EQ(call("SIFT", {heap.object(), null}),
            "IllegalStateException: SIFT: arg 2 must be function");
  EXPECT_EQ(call("SIFT", {list({}), null}), "IllegalStateException: SIFT: arg 1 must be object");
  EXPECT_EQ(call("APPLY", {s("UPPER")}), "IllegalStateException: APPLY: arg 1 must be function");
  EXPECT_EQ(call("IS_FUNCTION", {s("UPPER")}), "false");
  EXPECT_EQ(call("IS_FUNCTION", {fn([](std::span<Value>) -> Result<Value> { return i(1); })}),
            "true");
}

// An engine that takes the accumulator over holds the only reference and need not copy it.
TEST_F(BuiltinsListsTest, ReduceHandsTheAccumulatorOver) {
  const Value collect = fn([&](std::span<Value> args) -> Result<Value> {
    // The first accumulator is still held by the test.
    EXPECT_TRUE(args[2].asInt() == 0 || args[0].isUnique());
    std::vector<Value> appended{std::move(args[0]), args[1]};
    return callBuiltin(context, Builtin::APPEND, appended);
  });
  EXPECT_EQ(call("REDUCE", {list({s("a"), s("b")}), heap.list(), collect}), "[\"a\", \"b\"]");
}

TEST_F(BuiltinsListsTest, LongLoopsObeyTheRun) {
  const std::atomic<bool> stop{true};
  context.interrupt = &stop;
  const Value same = fn([](std::span<Value> args) -> Result<Value> { return args[0]; });
  EXPECT_EQ(call("MAP", {numbers(5000), same}), "LimitExceeded: interrupted");
  EXPECT_EQ(call("DISTINCT", {numbers(5000)}), "LimitExceeded: interrupted");
}

} // namespace
} // namespace branchline::runtime
