// Library functions on objects and on lists and objects alike, and what all functions share: the
// order of checks, and that arguments seen by others do not change.
#include "BuiltinsFixture.h"

namespace branchline::runtime {
namespace {

class BuiltinsCoreTest : public BuiltinsFixture {};

TEST_F(BuiltinsCoreTest, WrongCountGivesUsageBeforeAnythingElse) {
  for (const BuiltinInfo &row : kBuiltins) {
    const std::string expected = "IllegalArgumentException: " + std::string(row.usage);
    if (row.minArgs > 0)
      EXPECT_EQ(call(row.name, std::vector<Value>(row.minArgs - 1U)), expected) << row.name;
    if (row.maxArgs != kAnyCount)
      EXPECT_EQ(call(row.name, std::vector<Value>(row.maxArgs + 1U)), expected) << row.name;
  }
}

TEST_F(BuiltinsCoreTest, Keys) {
  EXPECT_EQ(call("KEYS", {list({s("a"), s("b")})}), "[0, 1]");
  EXPECT_EQ(call("KEYS", {object({{s("a"), i(1)}, {i(2), i(3)}})}), "[\"a\", 2]");
  EXPECT_EQ(call("KEYS", {heap.object()}), "[]");
  EXPECT_EQ(call("KEYS", {null}), "IllegalStateException: KEYS: arg must be list or object");
}

TEST_F(BuiltinsCoreTest, KeysOfHandle) {
  EXPECT_EQ(call("KEYS", {heap.handle("c")}),
            "IllegalStateException: SharedStore is not configured");
  SharedStore store;
  store.declare("c", ResourceKind::Many);
  context.shared = &store;
  EXPECT_EQ(call("KEYS", {heap.handle("c")}), "[]");
  valueOf("SHARED_WRITE", {s("c"), s("z"), i(1)});
  valueOf("SHARED_WRITE", {s("c"), s("a"), i(1)});
  EXPECT_EQ(call("KEYS", {heap.handle("c")}), "[\"z\", \"a\"]");
  EXPECT_EQ(call("KEYS", {heap.handle("d")}), "IllegalStateException: Unknown shared resource: d");
}

TEST_F(BuiltinsCoreTest, ValuesAndEntries) {
  const Value o = object({{s("a"), i(1)}, {i(7), null}});
  EXPECT_EQ(call("VALUES", {o}), "[1, null]");
  EXPECT_EQ(call("VALUES", {list({})}), "IllegalStateException: VALUES: arg must be object");
  EXPECT_EQ(call("ENTRIES", {o}),
            "[{\"key\": \"a\", \"value\": 1}, {\"key\": 7, \"value\": null}]");
  EXPECT_EQ(call("ENTRIES", {null}), "IllegalStateException: ENTRIES: arg must be object");
}

TEST_F(BuiltinsCoreTest, PutOnObjects) {
  const Value o = object({{s("a"), i(1)}, {s("b"), i(2)}});
  EXPECT_EQ(call("PUT", {o, s("a"), i(9)}), "{\"a\": 9, \"b\": 2}");
  EXPECT_EQ(call("PUT", {o, i(1), i(9)}), "{\"a\": 1, \"b\": 2, 1: 9}");
  EXPECT_EQ(show(o), "{\"a\": 1, \"b\": 2}");
  EXPECT_EQ(call("PUT", {object({{i(1), s("x")}}), dec("1"), s("y")}), "{1: \"y\"}");
  EXPECT_EQ(call("PUT", {o, i(-1), i(1)}),
            "IllegalArgumentException: Object key must be non-negative");
  EXPECT_EQ(call("PUT", {o, f(1), i(1)}),
            "IllegalStateException: Object key must be string or non-negative integer");
  EXPECT_EQ(call("PUT", {i(1), null, null}), "IllegalStateException: PUT: unsupported collection");
}

TEST_F(BuiltinsCoreTest, PutOnLists) {
  const Value l = list({i(1), i(2)});
  EXPECT_EQ(call("PUT", {l, i(0), i(9)}), "[9, 2]");
  EXPECT_EQ(call("PUT", {l, s("+2"), i(9)}), "[1, 2, 9]");
  EXPECT_EQ(call("PUT", {l, dec("1"), i(9)}), "[1, 9]");
  EXPECT_EQ(show(l), "[1, 2]");
  EXPECT_EQ(call("PUT", {l, i(3), i(3)}), "IllegalStateException: PUT: index 3 out of bounds 0..2");
  EXPECT_EQ(call("PUT", {l, i(-1), i(3)}),
            "IndexOutOfBoundsException: PUT: index -1 out of bounds 0..2");
  EXPECT_EQ(call("PUT", {l, s(" 1"), i(3)}), "IllegalArgumentException: Index  1 out of bounds");
  EXPECT_EQ(call("PUT", {l, dec("9999999999999999999"), i(3)}),
            "IllegalArgumentException: Index 9999999999999999999 out of bounds");
  EXPECT_EQ(call("PUT", {l, yes, i(3)}), "IllegalStateException: Index must be integer for list");
}

TEST_F(BuiltinsCoreTest, Delete) {
  const Value o = object({{s("a"), i(1)}, {s("b"), i(2)}});
  EXPECT_EQ(call("DELETE", {o, s("a")}), "{\"b\": 2}");
  EXPECT_EQ(call("DELETE", {o, s("zz")}), "{\"a\": 1, \"b\": 2}");
  EXPECT_EQ(show(o), "{\"a\": 1, \"b\": 2}");
  const Value l = list({i(1), i(2), i(3)});
  EXPECT_EQ(call("DELETE", {l, i(1)}), "[1, 3]");
  EXPECT_EQ(call("DELETE", {l, i(2)}), "[1, 2]");
  EXPECT_EQ(show(l), "[1, 2, 3]");
  EXPECT_EQ(call("DELETE", {l, i(-1)}),
            "IllegalArgumentException: DELETE: index -1 out of bounds 0..2");
  EXPECT_EQ(call("DELETE", {list({}), i(0)}),
            "IllegalArgumentException: DELETE: index 0 out of bounds 0..-1");
  EXPECT_EQ(call("DELETE", {i(5), i(1)}), "IllegalStateException: DELETE: unsupported collection");
}

TEST_F(BuiltinsCoreTest, AppendAndPrepend) {
  const Value l = list({i(1)});
  EXPECT_EQ(call("APPEND", {l, list({i(2)})}), "[1, [2]]");
  EXPECT_EQ(call("PREPEND", {l, null}), "[null, 1]");
  EXPECT_EQ(show(l), "[1]");
  EXPECT_EQ(call("APPEND", {null, i(1)}), "IllegalStateException: APPEND: first arg must be list");
  EXPECT_EQ(call("PREPEND", {s(""), i(1)}),
            "IllegalStateException: PREPEND: first arg must be list");
}

// The only reference may be extended in place; that is what makes folds with APPEND linear.
TEST_F(BuiltinsCoreTest, AppendReusesAListNobodyElseSees) {
  std::vector<Value> args{heap.list(size_t{8}), i(1)};
  const ListObject *before = args[0].list();
  Result<Value> result = callBuiltin(context, Builtin::APPEND, args);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->list(), before);
  EXPECT_EQ(show(*result), "[1]");
}

TEST_F(BuiltinsCoreTest, WalkAndCollect) {
  const Value tree = object({{s("a"), list({i(1)})}, {s("b"), heap.object()}});
  const Value walk = valueOf("WALK", {tree});
  EXPECT_EQ(show(walk), "<sequence>");
  const Value nodes = valueOf("COLLECT", {walk});
  ASSERT_EQ(nodes.list()->size, 4U);
  EXPECT_EQ(show(nodes.list()->data[2]),
            "{\"path\": [\"a\", 0], \"key\": 0, \"value\": 1, \"depth\": 2, \"isLeaf\": true}");
  EXPECT_EQ(call("COLLECT", {list({i(1), null})}), "[1, null]");
  const Value items[] = {i(3), i(4)};
  EXPECT_EQ(call("COLLECT", {heap.set(items)}), "[3, 4]");
  EXPECT_EQ(call("COLLECT", {s("abc")}),
            "IllegalStateException: COLLECT: arg must be iterable/sequence, got String");
  EXPECT_EQ(call("COLLECT", {null}),
            "IllegalStateException: COLLECT: arg must be iterable/sequence, got Null");
}

TEST_F(BuiltinsCoreTest, IsObjectTakesAnyCount) {
  EXPECT_EQ(call("IS_OBJECT", {}), "false");
  EXPECT_EQ(call("IS_OBJECT", {heap.object(), i(1)}), "true");
  EXPECT_EQ(call("IS_OBJECT", {i(1), heap.object()}), "false");
}

TEST_F(BuiltinsCoreTest, Listify) {
  EXPECT_EQ(call("LISTIFY", {null}), "[]");
  EXPECT_EQ(call("LISTIFY", {list({i(1)})}), "[1]");
  EXPECT_EQ(call("LISTIFY", {object({{s("a"), i(1)}})}), "[{\"a\": 1}]");
  EXPECT_EQ(call("LISTIFY", {i(1)}),
            "IllegalStateException: LISTIFY: arg must be list, object, or null");
}

TEST_F(BuiltinsCoreTest, Get) {
  const Value o = object({{s("a"), null}, {i(1), s("one")}});
  EXPECT_EQ(call("GET", {o, s("a"), i(5)}), "null");
  EXPECT_EQ(call("GET", {o, s("b")}), "null");
  EXPECT_EQ(call("GET", {o, s("b"), i(7)}), "7");
  EXPECT_EQ(call("GET", {o, dec("1")}), "\"one\"");
  EXPECT_EQ(call("GET", {o, s("1"), s("miss")}), "\"miss\"");
  EXPECT_EQ(call("GET", {null, s("a"), i(1)}),
            "IllegalStateException: GET: first arg must be object");
  EXPECT_EQ(call("GET", {o, i(-1)}), "IllegalArgumentException: Object key must be non-negative");
}

} // namespace
} // namespace branchline::runtime
