// Path writes: in registers and in shared variables, in place and copied, and their failures.
#include "VMFixture.h"

namespace branchline::vm {
namespace {

class Paths : public VMFixture {
protected:
  /// An object `{a: {b: 1}, l: [5]}` in register 0; uses registers 1 to 3.
  void makeRoot(Fn &t) {
    t.wide(Op::LoadInt, 1, 1);
    t.op(Op::ObjectNew, 1, 1, layout({ks("b")}));
    t.wide(Op::LoadInt, 2, 5);
    t.op(Op::ListNew, 2, 2, 1);
    t.op(Op::ObjectNew, 0, 1, layout({ks("a"), ks("l")}));
  }
  std::string withRoot(const std::function<void(Fn &)> &body) {
    Fn t = transform(8);
    makeRoot(t);
    body(t);
    t.op(Op::RetNull);
    return runAll(std::move(t));
  }
};

TEST_F(Paths, Sets) {
  EXPECT_EQ(withRoot([&](Fn &t) {
              t.op(Op::Move, 7, 0); // somebody else sees the root
              t.wide(Op::LoadInt, 4, 2);
              t.op(Op::PathSet, 0, 4, path({"a", "b"}));
              t.wide(Op::LoadConst, 4, ks("l"));
              t.wide(Op::LoadInt, 5, 0);
              t.wide(Op::LoadInt, 6, 6);
              t.op(Op::PathSet, 0, 4, path({"", ""}));
              t.op(Op::OutputAdd, 4); // consumed
              t.op(Op::OutputAdd, 0);
              t.op(Op::OutputAdd, 7);
            }),
            "Null null; LinkedHashMap {a={b=2}, l=[6]}; LinkedHashMap {a={b=1}, l=[5]}");
}

TEST_F(Paths, LongPathsWithComputedKeys) {
  EXPECT_EQ(withRoot([&](Fn &t) {
              t.wide(Op::LoadInt, 4, 0);
              t.op(Op::PathSet, 0, 4, path({"a", "b", "c", "d", "e", "f", "g", "h", "i", ""}));
            }),
            "IllegalStateException: SET path enters non-container value");
}

TEST_F(Paths, KeyedWritesInALoopDoNotCopy) {
  Fn t = transform(6);
  auto it = t.iterator();
  t.op(Op::ObjectNew, 0, 1, layout({}));
  t.wide(Op::LoadInt, 1, 1);
  t.wide(Op::LoadInt, 2, 2000);
  t.op(Op::RangeNew, it, 1, 2);
  auto end = t.label();
  t.step(Op::RangeNext, it, 3, end);
  auto body = t.here();
  t.op(Op::Move, 4, 3);
  t.op(Op::Move, 5, 3);
  t.op(Op::PathSet, 0, 4, path({""}));
  t.step(Op::RangeLoop, it, 3, body);
  t.bind(end);
  t.op(Op::OutputAdd, 0);
  t.op(Op::RetNull);
  ASSERT_TRUE(start(add(std::move(t))));
  EXPECT_EQ(context.outputs.at(0).asObject()->size, 2000u);
  EXPECT_LT(heap.stats().peakBytes, 1024u * 1024); // one copy per step would free as it goes, but
  // the object that is written is the one that was made
  EXPECT_EQ(context.outputs.at(0).asObject()->refs, 1u);
}

TEST_F(Paths, AppendsInPlace) {
  Fn t = transform(8);
  makeRoot(t);
  t.op(Op::GetName, 7, 0, ks("l"));
  t.op(Op::Drop, 7);
  t.op(Op::LoadNull, 4);
  t.wide(Op::LoadInt, 5, 6);
  t.op(Op::PathAppend, 0, 4, path({"l"}));
  t.op(Op::LoadNull, 4);
  t.wide(Op::LoadInt, 5, 7);
  t.op(Op::PathAppend, 0, 4, path({"new"}));
  t.op(Op::OutputAdd, 0);
  t.wide(Op::LoadInt, 5, 8);
  t.op(Op::PathAppend, 6, 4, path({})); // an unbound root
  t.op(Op::OutputAdd, 6);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "LinkedHashMap {a={b=1}, l=[5, 6], new=[7]}; ArrayList [8]");
}

TEST_F(Paths, Modifies) {
  EXPECT_EQ(withRoot([&](Fn &t) {
              t.wide(Op::LoadInt, 4, 9);
              t.op(Op::ObjectNew, 4, 4, layout({ks("c")}));
              t.opExt(Op::PathModify, 0, 4, path({"a"}), ks("r"));
              t.op(Op::OutputAdd, 0);
              t.op(Op::OutputAdd, 4);
            }),
            "LinkedHashMap {a={b=1, c=9}, l=[5]}; Null null");
  EXPECT_EQ(withRoot([&](Fn &t) {
              t.op(Op::ObjectNew, 4, 4, layout({}));
              t.opExt(Op::PathModify, 6, 4, path({"a"}), ks("r"));
            }),
            "IllegalStateException: MODIFY root 'r' not found");
  EXPECT_EQ(withRoot([&](Fn &t) { t.opExt(Op::PathModify, 0, 4, path({"a"}), ks("r")); }),
            "IllegalStateException: MODIFY target must be object");
}

TEST_F(Paths, Checks) {
  hostile = true; // empty paths
  EXPECT_EQ(withRoot([&](Fn &t) {
              t.op(Op::PathRoot, 0, 0, ks("r"), 0);
              t.op(Op::PathCheck, 0, 4, path({"a"}), 0);
              t.op(Op::PathLeaf, 0, 4, path({"a", "x"}), 0);
              t.op(Op::AppendList, 5, 0, ks("r"));
            }),
            "IllegalStateException: APPEND TO expects list in variable 'r'"); // unbound
  EXPECT_EQ(withRoot([&](Fn &t) { t.op(Op::PathRoot, 6, 0, ks("r"), 0); }),
            "IllegalStateException: SET variable 'r' not found");
  EXPECT_EQ(withRoot([&](Fn &t) { t.op(Op::PathRoot, 6, 0, ks("r"), 1); }),
            "IllegalStateException: APPEND TO variable 'r' not found");
  EXPECT_EQ(withRoot([&](Fn &t) { t.op(Op::PathCheck, 0, 4, path({"x"}), 2); }),
            "IllegalStateException: MODIFY path segment 'x' not found");
  EXPECT_EQ(withRoot([&](Fn &t) { t.op(Op::PathCheck, 0, 4, path({"a", "x"}), 0); }),
            "IllegalStateException: SET: segment 'x' not found at <root>.a");
  EXPECT_EQ(withRoot([&](Fn &t) {
              t.op(Op::LoadNull, 4);
              t.op(Op::PathLeaf, 0, 4, path({"a", ""}), 0);
            }),
            "IllegalStateException: Object key must be string or non-negative integer");
  EXPECT_EQ(withRoot([&](Fn &t) { t.op(Op::PathLeaf, 0, 4, path({}), 0); }),
            "IllegalStateException: Target parent must be object or list");
  EXPECT_EQ(withRoot([&](Fn &t) { t.op(Op::PathSet, 0, 4, path({}), 0); }),
            "IllegalStateException: Target parent must be object or list");
}

TEST_F(Paths, InitialValues) {
  auto check = [&](TrapId trap) {
    return withRoot([&](Fn &t) {
      t.op(Op::LoadNull, 4);
      t.op(Op::InitCheck, 4, 0, 0, static_cast<unsigned>(trap));
      t.op(Op::InitCheck, 5, 0, 0, static_cast<unsigned>(trap));
      t.op(Op::InitCheck, 0, 0, 0, static_cast<unsigned>(trap));
    });
  };
  EXPECT_EQ(check(TrapId::AppendInitKind),
            "IllegalArgumentException: INIT for APPEND TO must evaluate to a list");
  EXPECT_EQ(check(TrapId::AppendPathInitKind), "IllegalArgumentException: INIT for APPEND TO must "
                                               "evaluate to a list (got LinkedHashMap)");
  EXPECT_EQ(withRoot([&](Fn &t) {
              t.wide(Op::LoadInt, 4, 1);
              t.op(Op::PathAppend, 0, 4, path({"l"}));
            }),
            "IllegalArgumentException: INIT for APPEND TO must evaluate to a list (got Int)");
}

/// A shared variable: the write happens below the root as read before, and in place.
class CellPaths : public Paths {
protected:
  std::string withCell(const std::function<void(Fn &, uint16_t)> &body) {
    Fn t = transform(8);
    uint16_t cell = t.cell();
    makeRoot(t);
    t.op(Op::CellSet, cell, 0);
    t.op(Op::Drop, 0);
    body(t, cell);
    t.op(Op::CellGet, 0, cell);
    t.op(Op::OutputAdd, 0);
    t.op(Op::RetNull);
    return runAll(std::move(t));
  }
};

TEST_F(CellPaths, SetsInPlace) {
  EXPECT_EQ(withCell([&](Fn &t, uint16_t cell) {
              t.wide(Op::LoadConst, 4, ks("b"));
              t.op(Op::CellGet, 5, cell);
              t.wide(Op::LoadInt, 6, 2);
              t.op(Op::CellPathSet, cell, 4, path({"a", ""}), 0);
            }),
            "LinkedHashMap {a={b=2}, l=[5]}");
}

TEST_F(CellPaths, TheOldRootWins) {
  EXPECT_EQ(withCell([&](Fn &t, uint16_t cell) {
              t.op(Op::CellGet, 4, cell);
              t.wide(Op::LoadInt, 6, 0);
              t.op(Op::CellSet, cell, 6); // the value expression changed the variable
              t.wide(Op::LoadInt, 5, 2);
              t.op(Op::CellPathSet, cell, 4, path({"a", "b"}), 0);
            }),
            "LinkedHashMap {a={b=2}, l=[5]}");
}

TEST_F(CellPaths, AFailedWriteKeepsTheVariable) {
  for (bool changed : {false, true}) {
    Fn t = transform(8);
    uint16_t cell = t.cell();
    makeRoot(t);
    t.op(Op::CellSet, cell, 0);
    t.op(Op::CellGet, 4, cell);
    if (changed) {
      t.wide(Op::LoadInt, 6, 3);
      t.op(Op::CellSet, cell, 6);
    }
    auto begin = t.here();
    t.op(Op::CellPathSet, cell, 4, path({"x", "y"}), 0);
    auto end = t.here();
    auto handler = t.here();
    t.handler(begin, end, handler);
    t.op(Op::CellGet, 0, cell);
    t.op(Op::OutputAdd, 0);
    t.op(Op::RetNull);
    EXPECT_EQ(runAll(std::move(t)), changed ? "Int 3" : "LinkedHashMap {a={b=1}, l=[5]}");
  }
}

TEST_F(CellPaths, AppendsAndModifies) {
  EXPECT_EQ(withCell([&](Fn &t, uint16_t cell) {
              t.op(Op::CellGet, 4, cell);
              t.op(Op::LoadNull, 5);
              t.wide(Op::LoadInt, 6, 6);
              t.op(Op::CellPathAppend, cell, 4, path({"l"}), 0);
              t.wide(Op::LoadInt, 4, 9);
              t.op(Op::ObjectNew, 4, 4, layout({ks("c")}));
              t.opExt(Op::CellPathModify, cell, 4, path({"a"}), ks("r"), 0);
            }),
            "LinkedHashMap {a={b=1, c=9}, l=[5, 6]}");
  EXPECT_EQ(withCell([&](Fn &t, uint16_t cell) {
              t.opExt(Op::CellPathModify, cell, 4, path({"a"}), ks("r"), 0);
            }),
            "IllegalStateException: MODIFY target must be object");
}

} // namespace
} // namespace branchline::vm
