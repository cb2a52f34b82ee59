// Lists, objects, reads with their inline caches, and iteration.
#include "VMFixture.h"

#include <limits>

namespace branchline::vm {
namespace {

class Containers : public VMFixture {
protected:
  Value parse(std::initializer_list<std::pair<const char *, int64_t>> entries) {
    Value made = heap.object();
    for (auto [key, number] : entries)
      EXPECT_TRUE(runtime::setField(heap, *made.asObject(), key, Value::integer(number)));
    return made;
  }
};

TEST_F(Containers, ListsTakeTheirWindow) {
  Fn t = transform(4);
  t.wide(Op::LoadInt, 1, 1);
  t.wide(Op::LoadConst, 2, ks("x"));
  t.op(Op::ListNew, 0, 1, 3); // register 3 is unbound
  t.op(Op::OutputAdd, 0);
  t.op(Op::OutputAdd, 2); // null after being consumed
  t.op(Op::ListNew, 0, 1, 0);
  t.op(Op::OutputAdd, 0);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "ArrayList [1, x, null]; Null null; ArrayList []");
}

TEST_F(Containers, ListPushGrowsInPlace) {
  Fn t = transform(3);
  auto it = t.iterator();
  t.op(Op::ListNew, 0, 1, 0);
  t.wide(Op::LoadInt, 1, 1);
  t.wide(Op::LoadInt, 2, 1000);
  t.op(Op::RangeNew, it, 1, 2);
  auto end = t.label();
  auto next = t.here();
  t.step(Op::RangeNext, it, 1, end);
  t.op(Op::ListPush, 0, 1);
  t.jump(Op::Br, 0, next);
  t.bind(end);
  t.op(Op::OutputAdd, 0);
  t.op(Op::RetNull);
  ASSERT_TRUE(start(add(std::move(t))));
  const runtime::ListObject &list = *context.outputs.at(0).list();
  ASSERT_EQ(list.size, 1000u);
  EXPECT_EQ(list.data[999].asInt(), 1000);
  EXPECT_LT(heap.stats().peakBytes, 64u * 1024); // a copy at each step would take megabytes
}

TEST_F(Containers, ListPushCopiesWhatOthersSee) {
  Fn t = transform(3);
  t.op(Op::ListNew, 0, 1, 0);
  t.op(Op::Move, 1, 0);
  t.wide(Op::LoadInt, 2, 7);
  t.op(Op::ListPush, 0, 2);
  t.op(Op::OutputAdd, 0);
  t.op(Op::OutputAdd, 1);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "ArrayList [7]; ArrayList []");
}

TEST_F(Containers, ListPushToItselfOrToNoListRaises) {
  for (unsigned item : {0u, 1u}) {
    Fn t = transform(2);
    if (item == 0)
      t.op(Op::ListNew, 0, 1, 0);
    t.op(Op::ListPush, 0, item);
    t.op(Op::RetNull);
    EXPECT_EQ(runAll(std::move(t)),
              "IllegalStateException: APPEND TO expects list at target path, got Null");
  }
}

TEST_F(Containers, KeyChecks) {
  auto check = [&](unsigned rule, int64_t key) {
    Fn t = transform(1);
    t.wide(Op::LoadInt, 0, key);
    t.op(Op::KeyCheck, 0, 0, 0, rule);
    t.op(Op::RetNull);
    return runAll(std::move(t));
  };
  EXPECT_EQ(check(0, 1), "");
  EXPECT_EQ(check(0, -1), "IllegalArgumentException: Computed key must be non-negative integer");
  EXPECT_EQ(check(1, -1), "IllegalArgumentException: Object key must be non-negative");
}

TEST_F(Containers, ObjectsByShapeAndKeyByKey) {
  uint16_t plain = layout({ks("a"), ks("b")});
  uint16_t repeated = layout({ks("a"), ks("b"), ks("a")});
  uint16_t mixed = layout({k(1), bytecode::kComputedKey, ks("z")});
  Fn t = transform(6);
  auto fill = [&] {
    for (unsigned r = 1; r < 5; ++r)
      t.wide(Op::LoadInt, r, r * 10);
  };
  for (uint16_t one : {plain, plain, repeated, mixed}) {
    fill();
    t.op(Op::ObjectNew, 0, 1, one);
    t.op(Op::OutputAdd, 0);
  }
  t.op(Op::ObjectNew, 0, 1, layout({}));
  t.op(Op::OutputAdd, 0);
  t.op(Op::ListNew, 2, 1, 0);
  t.op(Op::ObjectNew, 0, 1, mixed); // a list as computed key
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)),
            "IllegalStateException: Computed key must be string or non-negative integer");
  std::string text;
  for (const Value &value : context.outputs)
    text += show(value) + "; ";
  EXPECT_EQ(text, "LinkedHashMap {a=10, b=20}; LinkedHashMap {a=10, b=20}; "
                  "LinkedHashMap {a=30, b=20}; LinkedHashMap {1=10, 20=30, z=40}; "
                  "LinkedHashMap {}; ");
}

TEST_F(Containers, ObjectsOfOneLayoutShareTheirShape) {
  uint16_t keys = layout({ks("a"), ks("b")});
  Fn t = transform(3);
  for (int i = 0; i < 2; ++i) {
    t.op(Op::ObjectNew, 0, 1, keys);
    t.op(Op::OutputAdd, 0);
  }
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "LinkedHashMap {a=null, b=null}; LinkedHashMap {a=null, b=null}");
  EXPECT_EQ(context.outputs[0].asObject()->shape, context.outputs[1].asObject()->shape);
  EXPECT_NE(context.outputs[0].asObject()->shape, nullptr);
}

TEST_F(Containers, WideLayoutsBecomeDictionaries) {
  std::vector<uint32_t> keys;
  for (int i = 0; i < 40; ++i)
    keys.push_back(ks("k" + std::to_string(i)));
  uint16_t wide = layout(keys), last = static_cast<uint16_t>(keys.back());
  Fn t = transform(42);
  t.wide(Op::LoadInt, 40, 5);
  t.op(Op::ObjectNew, 0, 1, wide);
  t.op(Op::GetName, 41, 0, last);
  t.op(Op::OutputAdd, 41);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "Int 5");
}

/// One `get.name` site sees objects of several shapes, of none, and values that are no objects.
TEST_F(Containers, NameCacheFollowsTheShape) {
  uint16_t name = ks("v");
  Fn t = transform(3);
  auto it = t.iterator();
  t.op(Op::InputDoc, 0);
  t.op(Op::IterNew, it, 0);
  auto end = t.label();
  auto next = t.here();
  t.step(Op::IterNext, it, 1, end);
  t.op(Op::GetName, 2, 1, name);
  t.op(Op::OutputAdd, 2);
  t.jump(Op::Br, 0, next);
  t.bind(end);
  t.op(Op::RetNull);
  std::vector<Value> rows = {parse({{"v", 1}}),           parse({{"a", 0}, {"v", 2}}),
                             parse({{"v", 3}}),           parse({{"a", 0}}),
                             parse({{"a", 0}}),           parse({{"a", 0}, {"v", 4}}),
                             parse({{"b", 0}, {"v", 5}}), heap.object()};
  Value dictionary = parse({{"v", 6}});
  EXPECT_TRUE(runtime::setKey(heap, *dictionary.asObject(), Value::integer(1), Value()));
  ASSERT_EQ(dictionary.asObject()->shape, nullptr);
  rows.push_back(dictionary);
  rows.push_back(parse({{"v", 7}}));
  rows.push_back(Value::integer(1));
  context.input = heap.list(rows);
  EXPECT_EQ(runAll(std::move(t)),
            "IllegalStateException: Indexing supported only for list or object");
  std::string text;
  for (const Value &value : context.outputs)
    text += show(value) + "; ";
  EXPECT_EQ(text, "Int 1; Int 2; Int 3; Null null; Null null; Int 4; Int 5; Null null; Int 6; "
                  "Int 7; ");
}

TEST_F(Containers, NameOnListRaises) {
  Fn t = transform(2);
  t.op(Op::ListNew, 0, 1, 0);
  t.op(Op::GetName, 1, 0, ks("x"));
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "IllegalStateException: Cannot use name 'x' on list");
}

TEST_F(Containers, Indexes) {
  uint16_t first = k(0), second = k(1), negative = k(-1), text = ks("a");
  Fn t = transform(4);
  t.wide(Op::LoadInt, 1, 10);
  t.wide(Op::LoadInt, 2, 20);
  t.op(Op::ListNew, 0, 1, 2);
  t.op(Op::GetIndex, 1, 0, second);
  t.op(Op::OutputAdd, 1);
  t.wide(Op::LoadInt, 2, 0);
  t.op(Op::GetKey, 1, 0, 2);
  t.op(Op::OutputAdd, 1);
  t.op(Op::GetIndex, 0, 0, first); // onto the list itself
  t.op(Op::OutputAdd, 0);
  t.op(Op::InputDoc, 0);
  t.wide(Op::LoadConst, 2, text);
  t.op(Op::GetKey, 1, 0, 2);
  t.op(Op::OutputAdd, 1);
  t.op(Op::GetIndex, 1, 0, first);
  t.op(Op::OutputAdd, 1);
  t.op(Op::RetNull);
  context.input = parse({{"a", 5}});
  EXPECT_EQ(runAll(std::move(t)), "Int 20; Int 10; Int 10; Int 5; Null null");
  auto fails = [&](auto &&body) {
    Fn u = transform(4);
    u.op(Op::ListNew, 0, 1, 0);
    body(u);
    u.op(Op::RetNull);
    return runAll(std::move(u));
  };
  EXPECT_EQ(fails([&](Fn &u) { u.op(Op::GetIndex, 1, 0, first); }),
            "IllegalArgumentException: Index 0 out of bounds 0..-1");
  EXPECT_EQ(fails([&](Fn &u) {
              u.wide(Op::LoadConst, 2, negative);
              u.op(Op::GetKey, 1, 0, 2);
            }),
            "IllegalArgumentException: Index -1 out of bounds 0..-1");
  EXPECT_EQ(fails([&](Fn &u) {
              u.wide(Op::LoadConst, 2, text);
              u.op(Op::GetKey, 1, 0, 2);
            }),
            "IllegalStateException: Index must be integer for list");
}

TEST_F(Containers, ComputedTexts) {
  uint16_t present = ks("a"), absent = ks("b");
  Fn t = transform(2);
  t.op(Op::InputDoc, 0);
  for (int again = 0; again < 2; ++again) {
    t.op(Op::GetText, 1, 0, present);
    t.op(Op::OutputAdd, 1);
    t.op(Op::GetText, 1, 0, absent);
    t.op(Op::OutputAdd, 1);
  }
  t.op(Op::RetNull);
  context.input = parse({{"a", 5}});
  EXPECT_EQ(runAll(std::move(t)), "Int 5; Null null; Int 5; Null null");
  auto fails = [&](auto &&body) {
    Fn u = transform(2);
    body(u);
    u.op(Op::GetText, 1, 0, present);
    u.op(Op::RetNull);
    return runAll(std::move(u));
  };
  EXPECT_EQ(fails([&](Fn &u) { u.op(Op::ListNew, 0, 1, 0); }),
            "IllegalStateException: Index must be integer for list");
  EXPECT_EQ(fails([&](Fn &u) { u.wide(Op::LoadInt, 0, 1); }),
            "IllegalStateException: Indexing supported only for list or object");
}

TEST_F(Containers, InputKeys) {
  uint16_t present = ks("a"), absent = ks("b");
  Fn t = transform(2);
  t.wide(Op::InputGet, 0, present);
  t.op(Op::OutputEmit, 0);
  t.wide(Op::InputGet, 0, absent);
  auto bound = t.label();
  t.jump(Op::BrBound, 0, bound);
  t.wide(Op::LoadConst, 1, ks("unbound"));
  t.op(Op::OutputEmit, 1);
  t.bind(bound);
  t.op(Op::RetNull);
  context.input = parse({{"a", 5}});
  uint32_t function = add(std::move(t));
  EXPECT_EQ(run(function), "Int 5; String unbound");
  context.input = Value::integer(1);
  EXPECT_EQ(run(function), "String unbound");
}

TEST_F(Containers, IteratesOverASnapshot) {
  Fn t = transform(4);
  auto it = t.iterator();
  t.wide(Op::LoadInt, 1, 1);
  t.wide(Op::LoadInt, 2, 2);
  t.op(Op::ListNew, 0, 1, 2);
  t.op(Op::IterNew, it, 0);
  auto end = t.label();
  auto next = t.here();
  t.step(Op::IterNext, it, 1, end);
  t.op(Op::OutputAdd, 1);
  t.wide(Op::LoadInt, 2, 9);
  t.op(Op::ListPush, 0, 2); // copies, since the iterator sees the list
  t.jump(Op::Br, 0, next);
  t.bind(end);
  t.op(Op::OutputAdd, 0);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "Int 1; Int 2; ArrayList [1, 2, 9, 9]");
}

TEST_F(Containers, IteratesOverSetsAndSequences) {
  Fn t = transform(2);
  auto it = t.iterator();
  t.op(Op::InputDoc, 0);
  t.op(Op::IterNew, it, 0);
  auto end = t.label();
  auto next = t.here();
  t.step(Op::IterNext, it, 1, end);
  t.op(Op::OutputAdd, 1);
  t.jump(Op::Br, 0, next);
  t.bind(end);
  t.op(Op::RetNull);
  uint32_t function = add(std::move(t));
  const Value items[] = {Value::integer(3), Value::integer(1)};
  context.input = heap.set(items);
  EXPECT_EQ(run(function), "Int 3; Int 1");
  context.input = heap.sequence(Value::integer(7));
  EXPECT_EQ(run(function), "LinkedHashMap {path=[], key=null, value=7, depth=0, isLeaf=true}");
  context.input = Value::integer(7);
  EXPECT_EQ(run(function), "IllegalStateException: FOR EACH expects list/iterable/sequence");
  program.functions[function].code[1].x = 1;
  EXPECT_EQ(run(function),
            "IllegalStateException: Array comprehension expects list/iterable/sequence");
}

class Ranges : public Containers {
protected:
  std::string range(uint16_t first, uint16_t last, bool looped) {
    Fn t = transform(2);
    auto it = t.iterator();
    t.wide(Op::LoadConst, 0, first);
    t.wide(Op::LoadConst, 1, last);
    t.op(Op::RangeNew, it, 0, 1);
    auto end = t.label();
    if (looped) {
      t.step(Op::RangeNext, it, 1, end);
      auto body = t.here();
      t.op(Op::OutputAdd, 1);
      t.step(Op::RangeLoop, it, 1, body);
    } else {
      auto next = t.here();
      t.step(Op::RangeNext, it, 1, end);
      t.op(Op::OutputAdd, 1);
      t.jump(Op::Br, 0, next);
    }
    t.bind(end);
    t.op(Op::RetNull);
    return runAll(std::move(t));
  }
};

TEST_F(Ranges, CountUpAndDown) {
  hostile = true; // a small number as a big one
  for (bool looped : {false, true}) {
    EXPECT_EQ(range(k(1), k(3), looped), "Int 1; Int 2; Int 3");
    EXPECT_EQ(range(k(1), k(-1), looped), "Int 1; Int 0; Int -1");
    EXPECT_EQ(range(k(4), k(4), looped), "Int 4");
    EXPECT_EQ(range(ks("1"), kbig("2"), looped), "Int 1; Int 2"); // conversions of the library
    constexpr int64_t max = std::numeric_limits<int64_t>::max();
    EXPECT_EQ(range(k(max - 1), k(max), looped),
              "Int 9223372036854775806; Int 9223372036854775807");
  }
}

TEST_F(Ranges, FailAsTheLibraryDoes) {
  EXPECT_EQ(range(k(0), k(int64_t(1) << 28), true),
            "LimitExceeded: list size limit of 268435456 items exceeded");
  EXPECT_EQ(range(ks("x"), k(1), true), "IllegalArgumentException: Index x out of bounds");
  EXPECT_EQ(range(k(1), kf(1.5), true), "IllegalStateException: Index must be integer for list");
  EXPECT_EQ(range(kbig("99999999999999999999"), k(1), true),
            "IllegalArgumentException: Index 99999999999999999999 out of bounds");
}

TEST_F(Ranges, AnyStepServesAnyIterator) {
  Fn t = transform(3);
  auto list = t.iterator(), range = t.iterator(), none = t.iterator();
  t.wide(Op::LoadInt, 0, 5);
  t.op(Op::RangeNew, range, 0, 0);
  t.op(Op::ListNew, 1, 0, 1);
  t.op(Op::IterNew, list, 1);
  auto end = t.label();
  auto loop = t.here();
  t.step(Op::RangeNext, list, 2, end);
  t.op(Op::OutputAdd, 2);
  t.step(Op::IterNext, range, 2, end);
  t.op(Op::OutputAdd, 2);
  t.step(Op::RangeLoop, list, 2, loop);  // at its end
  t.step(Op::RangeLoop, none, 2, loop);  // never began
  t.step(Op::RangeLoop, range, 2, loop); // at its end
  t.step(Op::IterLoop, range, 2, loop);  // at its end
  t.step(Op::IterLoop, none, 2, loop);   // never began
  t.step(Op::IterNext, none, 2, end);
  t.op(Op::OutputAdd, 2);
  t.bind(end);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "Int 5; Int 5");
}

} // namespace
} // namespace branchline::vm
