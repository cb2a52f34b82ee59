// What the builder appends, and what dropUnreachable removes.
#include "branchline/IR/Builder.h"

#include "Parse.h"
#include "branchline/IR/Verifier.h"

namespace branchline::ir {
namespace {

struct BuilderTest : ::testing::Test {
  BuilderTest() {
    module.functions.emplace_back();
    module.functions[0].name = "f";
    module.functions[0].kind = FunctionKind::Func;
  }
  Function &fn() { return module.functions[0]; }
  Module module;
};

TEST_F(BuilderTest, BuildsAFunctionThatVerifies) {
  Builder builder(module, 0);
  builder.setBlock(builder.newBlock("entry"));
  BlockId yes = builder.newBlock("yes");
  BlockId end = builder.newBlock("end", 1);
  ValueId zero = builder.constInt(0);
  builder.brIf(zero, yes, yes);
  builder.setBlock(yes);
  builder.br(end, std::array{builder.constString("x")});
  builder.setBlock(end);
  builder.ret(builder.param(end, 0));
  EXPECT_EQ(renderVerifierErrors(verify(module)), "");
  EXPECT_EQ(print(module), "func @f () {\n"
                           "entry:\n"
                           "  %0 = const 0\n"
                           "  br.if %0, yes.1, yes.1\n"
                           "yes.1:\n"
                           "  %1 = const \"x\"\n"
                           "  br end.2(%1)\n"
                           "end.2(%2):\n"
                           "  ret %2\n"
                           "}\n");
}

TEST_F(BuilderTest, ResultsHaveTheKindsOfTheirRow) {
  Builder builder(module, 0);
  builder.setBlock(builder.newBlock("entry"));
  ValueId zero = builder.constInt(0);
  ValueId truth = builder.emit(Op::Truth, {use(zero)});
  EXPECT_EQ(fn().valueKinds[truth], kinds::Bool);
  EXPECT_EQ(builder.emit(Op::OutputAdd, {use(zero)}), kNone);
  BlockId next = builder.newBlock("next", 1);
  EXPECT_EQ(fn().valueKinds[builder.param(next, 0)], kinds::Any);
}

TEST_F(BuilderTest, NewBlocksTakeTheHandlerAndInstructionsTheLocation) {
  Builder builder(module, 0);
  builder.setBlock(builder.newBlock("entry"));
  BlockId handler = builder.newBlock("catch");
  builder.setHandler(handler);
  BlockId guarded = builder.newBlock("guarded");
  builder.setHandler(kNone);
  BlockId after = builder.newBlock("after");
  EXPECT_EQ(fn().blocks[handler].handler, kNone);
  EXPECT_EQ(fn().blocks[guarded].handler, handler);
  EXPECT_EQ(fn().blocks[after].handler, kNone);
  builder.setLoc({3, 4});
  builder.constNull();
  EXPECT_EQ(fn().blocks[0].insts.back().loc, (Loc{3, 4}));
}

TEST_F(BuilderTest, InstructionsAfterATerminatorGoIntoADeadBlock) {
  Builder builder(module, 0);
  builder.setBlock(builder.newBlock("entry"));
  builder.ret(builder.constNull());
  EXPECT_TRUE(builder.terminated());
  builder.ret(builder.constInt(1));
  ASSERT_EQ(fn().blocks.size(), 2u);
  EXPECT_EQ(fn().blocks[1].label.rfind("dead", 0), 0u);
  EXPECT_EQ(fn().blocks[0].insts.size(), 2u);
  EXPECT_EQ(dropUnreachable(fn()), 1u);
  EXPECT_EQ(fn().blocks.size(), 1u);
}

TEST_F(BuilderTest, LabelsStayUniqueAcrossBuilders) {
  {
    Builder first(module, 0);
    first.newBlock("entry");
    first.newBlock("a");
    first.newBlock("a");
  }
  fn().blocks.erase(fn().blocks.begin() + 1); // a.1 goes, a.2 stays
  Builder second(module, 0);
  EXPECT_EQ(fn().blocks[second.newBlock("a")].label, "a.3");
}

TEST(DropUnreachable, KeepsHandlersOfReachableBlocks) {
  auto module = test::parseText("func @f () {\n"
                                "entry:\n"
                                "  br guarded\n"
                                "lost handler lostCatch:\n"
                                "  br end\n"
                                "lostCatch:\n"
                                "  br lost\n"
                                "guarded handler catch:\n"
                                "  br end\n"
                                "catch:\n"
                                "  %0 = error.catch\n"
                                "  ret %0\n"
                                "end:\n"
                                "  %1 = const 1\n"
                                "  ret %1\n"
                                "}\n");
  EXPECT_EQ(dropUnreachable(module->functions[0]), 2u);
  EXPECT_EQ(print(*module), "func @f () {\n"
                            "entry:\n"
                            "  br guarded\n"
                            "guarded handler catch:\n"
                            "  br end\n"
                            "catch:\n"
                            "  %0 = error.catch\n"
                            "  ret %0\n"
                            "end:\n"
                            "  %1 = const 1\n"
                            "  ret %1\n"
                            "}\n");
  EXPECT_EQ(dropUnreachable(module->functions[0]), 0u);
}

} // namespace
} // namespace branchline::ir
