// One session over many runs: what it keeps, and what it gives back before a reset.
#include "VMFixture.h"

namespace branchline::vm {
namespace {

class Sessions : public VMFixture {};

TEST_F(Sessions, RunManyTimesWithResets) {
  uint16_t big = kbig("123456789012345678901234567890"), name = ks("n");
  uint16_t row = layout({ks("total"), ks("id")});
  Fn g = func("g", 1, 1);
  g.op(Op::Ret, 0);
  uint32_t id = add(std::move(g));
  Fn t = transform(4);
  t.op(Op::InputDoc, 0);
  t.op(Op::GetName, 1, 0, name);
  t.op(Op::AddConst, 1, 1, big);
  t.opExt(Op::CalleeFind, 2, 3, id, ks("g"));
  t.op(Op::GetName, 3, 0, name);
  t.op(Op::Call, 2, 2, 1);
  t.op(Op::ObjectNew, 0, 1, row);
  t.op(Op::OutputAdd, 0);
  t.op(Op::RetNull);
  uint32_t transformId = add(std::move(t));
  size_t first = 0;
  for (int64_t i = 0; i < 50; ++i) {
    context.input = heap.object();
    ASSERT_TRUE(runtime::setField(heap, *context.input.asObject(), "n", Value::integer(i)));
    std::string last = std::to_string(890 + i);
    ASSERT_EQ(run(transformId), "LinkedHashMap {total=123456789012345678901234567" + last +
                                    ", id=" + std::to_string(i) + "}");
    context.outputs.clear();
    context.input = Value();
    session->releaseValues();
    EXPECT_EQ(heap.stats().bytesInUse, 0u);
    heap.reset();
    if (i == 0)
      first = heap.stats().bytesReserved;
  }
  EXPECT_EQ(heap.stats().bytesReserved, first);
}

TEST_F(Sessions, AreUsableAfterATrap) {
  Fn t = transform(2);
  t.op(Op::InputDoc, 0);
  t.op(Op::AddConst, 1, 0, k(1));
  t.op(Op::OutputAdd, 1);
  t.op(Op::RetNull);
  uint32_t id = add(std::move(t));
  EXPECT_EQ(run(id), "IllegalArgumentException: Operator '+' expects numbers or strings");
  context.input = Value::integer(1);
  EXPECT_EQ(run(id), "Int 2");
}

TEST_F(Sessions, MalformedNumbersReadAsNull) {
  hostile = true;
  uint16_t big = kbig("12x"), decimal = constant({Constant::Kind::Decimal, 0, 0, "."});
  Fn t = transform(1);
  t.wide(Op::LoadConst, 0, big);
  t.op(Op::OutputAdd, 0);
  t.wide(Op::LoadConst, 0, decimal);
  t.op(Op::OutputAdd, 0);
  t.op(Op::RetNull);
  EXPECT_EQ(runAll(std::move(t)), "Null null; Null null");
}

} // namespace
} // namespace branchline::vm
