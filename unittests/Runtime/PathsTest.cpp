// Path writes: error texts and their order, what is shared, and that loops do not copy.
#include "RuntimeFixture.h"

#include "branchline/Runtime/Paths.h"

#include <deque>
#include <vector>

namespace branchline::runtime {
namespace {

class PathsTest : public RuntimeFixture {
protected:
  using Path = std::vector<PathKey>;

  PathKey key(PathKey::Kind kind, Value value) {
    keys_.push_back(std::move(value));
    return {kind, &keys_.back()};
  }
  PathKey name(std::string_view text) { return key(PathKey::Kind::Name, s(text)); }
  PathKey at(int64_t index) { return key(PathKey::Kind::Index, i(index)); }
  PathKey dyn(Value value) { return key(PathKey::Kind::Dynamic, std::move(value)); }

  std::string setText(Value root, const Path &path, Value value) {
    Result<void> result = setPath(heap, root, path, std::move(value));
    return result ? kindText(root) : show(result);
  }
  std::string appendText(Value root, const Path &path, Value init, Value value) {
    Result<void> result = appendPath(heap, root, path, init, std::move(value));
    return result ? kindText(root) : show(result);
  }
  std::string modifyText(Value root, const Path &path, Value updates) {
    Result<void> result = modifyPath(heap, root, "o", path, *updates.asObject());
    return result ? kindText(root) : show(result);
  }
  std::string inner(PathOp op, const Value &root, const Path &path) {
    return show(checkPathInner(heap, op, root, path));
  }
  std::string leaf(const Value &root, const Path &path) {
    return show(checkPathLeaf(heap, PathOp::Set, root, path));
  }

private:
  std::deque<Value> keys_;
};

TEST_F(PathsTest, Roots) {
  EXPECT_EQ(show(checkPathRoot(PathOp::Set, i(1), "a")), "ok");
  EXPECT_EQ(show(checkPathRoot(PathOp::Set, null(), "a")),
            "IllegalStateException: SET variable 'a' not found");
  EXPECT_EQ(show(checkPathRoot(PathOp::Append, Value::unbound(), "a")),
            "IllegalStateException: APPEND TO variable 'a' not found");
  EXPECT_EQ(show(checkPathRoot(PathOp::Modify, null(), "o")),
            "IllegalStateException: MODIFY root 'o' not found");
}

TEST_F(PathsTest, MissingSegments) { // R2.11.3 step 2
  Value root = object({{s("x"), object({{s("n"), null()}})}, {i(3), object({})}});
  EXPECT_EQ(inner(PathOp::Set, root, {name("b")}),
            "IllegalStateException: SET: segment 'b' not found at <root>");
  EXPECT_EQ(inner(PathOp::Set, root, {name("x"), name("z")}),
            "IllegalStateException: SET: segment 'z' not found at <root>.x");
  EXPECT_EQ(inner(PathOp::Append, root, {dyn(s("x")), name("n")}),
            "IllegalStateException: APPEND TO: segment 'n' not found at <root>.x");
  EXPECT_EQ(inner(PathOp::Set, root, {at(3), at(4)}),
            "IllegalStateException: SET: segment '4' not found at <root>.3");
  EXPECT_EQ(inner(PathOp::Set, root, {dyn(s("q"))}),
            "IllegalStateException: SET path segment 'q' not found");
  EXPECT_EQ(inner(PathOp::Append, root, {dyn(big("8"))}),
            "IllegalStateException: APPEND TO path segment '8' not found");
  EXPECT_EQ(inner(PathOp::Modify, root, {name("x"), name("n")}),
            "IllegalStateException: MODIFY path segment 'n' not found");
  EXPECT_EQ(inner(PathOp::Set, root, {dyn(i(-1))}),
            "IllegalArgumentException: Object key must be non-negative");
  EXPECT_EQ(inner(PathOp::Set, root, {dyn(f(1))}),
            "IllegalStateException: Object key must be string or non-negative integer");
  EXPECT_EQ(inner(PathOp::Set, root, {name("x")}), "ok");
  EXPECT_EQ(inner(PathOp::Set, root, {}), "ok");
}

TEST_F(PathsTest, ListSegments) {
  Value root = list({list({i(1)}), null(), i(5)});
  EXPECT_EQ(inner(PathOp::Set, root, {name("a")}),
            "IllegalStateException: Cannot use name segment on list");
  EXPECT_EQ(inner(PathOp::Set, root, {at(3)}),
            "IllegalArgumentException: Index 3 out of bounds 0..2");
  EXPECT_EQ(inner(PathOp::Set, root, {at(7000000000)}),
            "IllegalArgumentException: Index 7000000000 out of bounds 0..2");
  EXPECT_EQ(inner(PathOp::Set, root, {dyn(big("-1"))}),
            "IllegalArgumentException: Index -1 out of bounds 0..2");
  EXPECT_EQ(inner(PathOp::Set, root, {dyn(s("0"))}),
            "IllegalStateException: Index must be integer for list");
  EXPECT_EQ(inner(PathOp::Set, root, {at(1), name("y")}),
            "IllegalStateException: SET path enters non-container value");
  EXPECT_EQ(inner(PathOp::Append, root, {at(2), name("y")}),
            "IllegalStateException: APPEND TO path enters non-container value");
  EXPECT_EQ(inner(PathOp::Modify, root, {at(1)}),
            "IllegalStateException: MODIFY path index 1 is null");
  EXPECT_EQ(inner(PathOp::Modify, root, {at(2), at(0)}),
            "IllegalStateException: MODIFY path enters non-container value");
}

TEST_F(PathsTest, Leaves) { // step 3
  Value root = object({{s("x"), i(1)}, {s("l"), list({i(1)})}});
  EXPECT_EQ(leaf(root, {name("new")}), "ok");
  EXPECT_EQ(leaf(root, {dyn(i(-1))}), "IllegalArgumentException: Object key must be non-negative");
  EXPECT_EQ(leaf(root, {dyn(null())}),
            "IllegalStateException: Object key must be string or non-negative integer");
  EXPECT_EQ(leaf(root, {name("x"), name("y")}),
            "IllegalStateException: Target parent must be object or list");
  EXPECT_EQ(leaf(root, {name("l"), at(1)}), "IllegalArgumentException: Index 1 out of bounds 0..0");
  EXPECT_EQ(leaf(root, {name("l"), name("n")}),
            "IllegalStateException: Cannot use name segment on list");
  EXPECT_EQ(leaf(i(5), {name("y")}), "IllegalStateException: Target parent must be object or list");
}

TEST_F(PathsTest, SetWrites) { // R2.11.4
  EXPECT_EQ(setText(object({{s("a"), i(1)}}), {name("a")}, i(2)), "LinkedHashMap {a=2}");
  EXPECT_EQ(setText(object({{s("a"), i(1)}}), {name("b")}, i(2)), "LinkedHashMap {a=1, b=2}");
  EXPECT_EQ(setText(object({{s("a"), i(1)}}), {name("b")}, null()), "LinkedHashMap {a=1}");
  EXPECT_EQ(setText(object({{s("a"), i(1)}}), {name("a")}, null()), "LinkedHashMap {a=null}");
  EXPECT_EQ(setText(list({i(1), list({i(2)})}), {at(1), dyn(big("0"))}, s("x")),
            "ArrayList [1, [x]]");
  EXPECT_EQ(setText(object({{i(2), s("p")}}), {dyn(big("2"))}, s("q")), "LinkedHashMap {2=q}");
  EXPECT_EQ(setText(object({}), {name("a"), name("b")}, i(1)),
            "IllegalStateException: SET: segment 'a' not found at <root>");
}

TEST_F(PathsTest, SetLeavesOtherHoldersAlone) {
  Value inner = object({{s("k"), i(1)}});
  Value sibling = list({i(9)});
  Value before = object({{s("in"), inner}, {s("sib"), sibling}});
  Value root = before;
  ASSERT_TRUE(setPath(heap, root, Path{name("in"), name("k")}, i(2)));
  EXPECT_EQ(kindText(before), "LinkedHashMap {in={k=1}, sib=[9]}");
  EXPECT_EQ(kindText(inner), "LinkedHashMap {k=1}");
  EXPECT_EQ(kindText(root), "LinkedHashMap {in={k=2}, sib=[9]}");
  EXPECT_TRUE(findField(heap, *root.asObject(), "sib")->sameObject(sibling));
}

TEST_F(PathsTest, SettingAValueIntoItselfMakesNoCycle) {
  Value root = object({{s("a"), list({i(1)})}});
  ASSERT_TRUE(setPath(heap, root, Path{name("self")}, root));
  ASSERT_TRUE(setPath(heap, root, Path{name("a"), at(0)}, *findField(heap, *root.asObject(), "a")));
  EXPECT_EQ(kindText(root), "LinkedHashMap {a=[[1]], self={a=[1]}}");
}

TEST_F(PathsTest, FailureLeavesTheRootAsItWas) {
  Value root = object({{s("a"), list({i(1)})}});
  Value held = root;
  EXPECT_FALSE(setPath(heap, root, Path{name("a"), at(5)}, i(2)));
  EXPECT_EQ(kindText(root), "LinkedHashMap {a=[1]}");
  EXPECT_EQ(kindText(held), "LinkedHashMap {a=[1]}");
}

TEST_F(PathsTest, AppendWrites) { // R2.11.5, R2.11.6
  EXPECT_EQ(appendText(list({i(1)}), {}, null(), i(2)), "ArrayList [1, 2]");
  EXPECT_EQ(appendText(null(), {}, null(), i(2)), "ArrayList [2]");
  EXPECT_EQ(appendText(null(), {}, list({i(0)}), i(2)), "ArrayList [0, 2]");
  EXPECT_EQ(appendText(null(), {}, i(1), i(2)),
            "IllegalArgumentException: INIT for APPEND TO must evaluate to a list");
  EXPECT_EQ(appendText(object({}), {name("l")}, null(), i(1)), "LinkedHashMap {l=[1]}");
  EXPECT_EQ(appendText(object({{s("l"), null()}}), {name("l")}, list({i(0)}), i(1)),
            "LinkedHashMap {l=[0, 1]}");
  EXPECT_EQ(appendText(object({{s("l"), list({i(7)})}}), {name("l")}, list({i(0)}), null()),
            "LinkedHashMap {l=[7, null]}");
  EXPECT_EQ(appendText(list({null()}), {at(0)}, null(), i(1)), "ArrayList [[1]]");
  EXPECT_EQ(appendText(object({{s("a"), i(5)}}), {name("a")}, null(), i(1)),
            "IllegalStateException: APPEND TO expects list at target path, got Int");
  EXPECT_EQ(appendText(object({{s("a"), object({})}}), {name("a")}, null(), i(1)),
            "IllegalStateException: APPEND TO expects list at target path, got LinkedHashMap");
  EXPECT_EQ(appendText(object({}), {name("l")}, heap.bytes("a"), i(1)),
            "IllegalArgumentException: INIT for APPEND TO must evaluate to a list (got Bytes)");
  EXPECT_EQ(appendText(object({}), {name("b"), name("c")}, null(), i(1)),
            "IllegalStateException: APPEND TO: segment 'b' not found at <root>");
  EXPECT_EQ(appendText(i(5), {}, null(), i(1)),
            "IllegalStateException: APPEND TO expects list at target path, got Int");
}

TEST_F(PathsTest, AppendDoesNotChangeTheInitList) {
  Value init = list({i(0)});
  Value root = object({});
  ASSERT_TRUE(appendPath(heap, root, Path{name("l")}, init, i(1)));
  EXPECT_EQ(kindText(init), "ArrayList [0]");
  EXPECT_EQ(kindText(root), "LinkedHashMap {l=[0, 1]}");
}

TEST_F(PathsTest, ModifyMerges) { // R2.11.7
  Value o = object({{s("a"), object({{s("b"), i(1)}, {s("k"), i(0)}})},
                    {s("l"), list({object({{s("q"), i(1)}}), null()})}});
  EXPECT_EQ(modifyText(o, {name("a")}, object({{s("b"), i(2)}, {s("c"), null()}})),
            "LinkedHashMap {a={b=2, k=0, c=null}, l=[{q=1}, null]}");
  EXPECT_EQ(modifyText(o, {}, object({{i(1), i(2)}})),
            "LinkedHashMap {a={b=1, k=0}, l=[{q=1}, null], 1=2}");
  EXPECT_EQ(modifyText(o, {name("l"), at(0)}, object({{s("r"), i(5)}})),
            "LinkedHashMap {a={b=1, k=0}, l=[{q=1, r=5}, null]}");
  EXPECT_EQ(modifyText(o, {name("l"), at(1)}, object({})),
            "IllegalStateException: MODIFY path index 1 is null");
  EXPECT_EQ(modifyText(o, {name("l"), at(2)}, object({})),
            "IllegalArgumentException: Index 2 out of bounds 0..1");
  EXPECT_EQ(modifyText(o, {name("l")}, object({})),
            "IllegalStateException: MODIFY target must be object");
  EXPECT_EQ(modifyText(o, {name("a"), name("b")}, object({})),
            "IllegalStateException: MODIFY target must be object");
  EXPECT_EQ(modifyText(o, {name("a"), name("b"), name("c")}, object({})),
            "IllegalStateException: MODIFY path enters non-container value");
  EXPECT_EQ(modifyText(i(5), {}, object({})),
            "IllegalStateException: MODIFY target must be object");
  EXPECT_EQ(modifyText(null(), {}, object({})), "IllegalStateException: MODIFY root 'o' not found");
  EXPECT_EQ(kindText(o), "LinkedHashMap {a={b=1, k=0}, l=[{q=1}, null]}");
}

TEST_F(PathsTest, AMillionAppendsCopyOnlyToGrow) {
  Value root = object({{s("l"), list({})}});
  const Path path{name("l")};
  const HeapObject *object = root.header();
  const Value *place = nullptr;
  int moves = 0;
  for (int k = 0; k < 1'000'000; ++k) {
    ASSERT_TRUE(appendPath(heap, root, path, null(), i(k)));
    const ListObject *items = findField(heap, *root.asObject(), "l")->list();
    moves += items->data != place;
    place = items->data;
  }
  EXPECT_EQ(root.header(), object);
  EXPECT_LT(moves, 25);
  EXPECT_EQ(findField(heap, *root.asObject(), "l")->list()->size, 1'000'000u);
}

TEST_F(PathsTest, AMillionKeyedSetsCopyOnlyToGrow) {
  Value root = object({{s("m"), object({})}});
  const HeapObject *object = root.header();
  const Value names = s("m");
  int moves = 0;
  const Value *place = nullptr;
  for (int k = 0; k < 1'000'000; ++k) {
    const Value text = s("k" + std::to_string(k));
    const PathKey path[] = {{PathKey::Kind::Name, &names}, {PathKey::Kind::Dynamic, &text}};
    ASSERT_TRUE(setPath(heap, root, path, i(k)));
    const ObjectObject *map = findField(heap, *root.asObject(), "m")->asObject();
    moves += map->values != place;
    place = map->values;
  }
  EXPECT_EQ(root.header(), object);
  EXPECT_LT(moves, 25);
  EXPECT_EQ(findField(heap, *root.asObject(), "m")->asObject()->size, 1'000'000u);
}

} // namespace
} // namespace branchline::runtime
