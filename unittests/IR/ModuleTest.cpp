// Constants, look-ups, edges and kinds.
#include "branchline/IR/Module.h"

#include "branchline/IR/Builder.h"
#include "branchline/IR/Operands.h"

#include <gtest/gtest.h>
#include <limits>

namespace branchline::ir {
namespace {

Constant real(double value) { return {Constant::Kind::Float, 0, value, {}}; }

TEST(Module, InternsEqualConstantsOnce) {
  Module module;
  ConstId five = module.internInt(5);
  EXPECT_EQ(module.internInt(5), five);
  EXPECT_NE(module.internInt(6), five);
  ConstId text = module.internString("5");
  EXPECT_EQ(module.internString("5"), text);
  EXPECT_NE(text, five);
  EXPECT_EQ(module.constants.size(), 3u);
}

TEST(Module, InternsFloatsByBits) {
  Module module;
  EXPECT_NE(module.intern(real(0.0)), module.intern(real(-0.0)));
  double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(module.intern(real(nan)), module.intern(real(nan)));
  EXPECT_EQ(module.constants.size(), 3u);
}

TEST(Module, KeepsKindsAndScalesApart) {
  Module module;
  module.intern({Constant::Kind::BigInt, 0, 0, "150"});
  module.intern({Constant::Kind::Decimal, 0, 0, "150"});
  module.intern({Constant::Kind::Decimal, 2, 0, "150"});
  module.intern({Constant::Kind::String, 0, 0, "150"});
  module.intern({Constant::Kind::Bool, 1, 0, {}});
  module.internInt(1);
  EXPECT_EQ(module.constants.size(), 6u);
}

TEST(Module, FindsFunctionsAndTransforms) {
  Module module;
  EXPECT_EQ(module.findTransform(""), nullptr);
  module.functions.resize(2);
  module.functions[0].name = "A";
  module.functions[1].name = "B";
  module.transforms = {{"A", 0}, {"B", 1}};
  EXPECT_EQ(module.findFunction("B"), &module.functions[1]);
  EXPECT_EQ(module.findFunction("C"), nullptr);
  EXPECT_EQ(module.findTransform(""), &module.transforms[0]);
  EXPECT_EQ(module.findTransform("B"), &module.transforms[1]);
  EXPECT_EQ(module.findTransform("C"), nullptr);
}

TEST(Module, SuccessorsKeepOrderAndArguments) {
  Inst inst{Op::IterNext, kNone, kNoLoc, {use(0), block(3), arg(7), arg(8), block(4)}};
  std::vector<Edge> edges = successors(inst);
  ASSERT_EQ(edges.size(), 2u);
  EXPECT_EQ(edges[0].block, 3u);
  EXPECT_EQ(edges[0].args, (std::vector<ValueId>{7, 8}));
  EXPECT_TRUE(edges[0].suppliesFirst);
  EXPECT_EQ(edges[1].block, 4u);
  EXPECT_TRUE(edges[1].args.empty());
  EXPECT_FALSE(edges[1].suppliesFirst);
  EXPECT_TRUE(successors({Op::Ret, kNone, kNoLoc, {use(0)}}).empty());
}

TEST(RoleSplit, CutsListsByKind) {
  Inst inst{Op::SetPath,
            kNone,
            kNoLoc,
            {local(0), capture(1), use(2), use(3), pathName(4), pathKey(5), use(6)}};
  RoleSplit split(inst);
  ASSERT_TRUE(split.wellFormed());
  ASSERT_EQ(split.size(), 5u);
  EXPECT_EQ(split[0].operands.size(), 2u);
  EXPECT_EQ(split[3].operands.size(), 2u);
  EXPECT_EQ(split[4].operands.front(), use(6));
}

TEST(RoleSplit, TellsWhatDoesNotFit) {
  Inst missing{Op::Add, kNone, kNoLoc, {use(0)}};
  EXPECT_FALSE(RoleSplit(missing).wellFormed());
  EXPECT_EQ(RoleSplit(missing).faultRole(), 1u);
  Inst extra{Op::Neg, kNone, kNoLoc, {use(0), use(1)}};
  EXPECT_FALSE(RoleSplit(extra).wellFormed());
  EXPECT_EQ(RoleSplit(extra).rest().size(), 1u);
  Inst halfField{Op::ObjectNew, kNone, kNoLoc, {keyConst(0)}};
  EXPECT_FALSE(RoleSplit(halfField).wellFormed());
  Inst keyAsValue{Op::ObjectNew, kNone, kNoLoc, {keyConst(0), keyConst(0)}};
  EXPECT_FALSE(RoleSplit(keyAsValue).wellFormed());
  Inst emptyChain{Op::VarGet, kNone, kNoLoc, {}};
  EXPECT_FALSE(RoleSplit(emptyChain).wellFormed());
}

TEST(KindSet, TextAndBack) {
  EXPECT_EQ(kindText(kinds::Any), "any");
  EXPECT_EQ(kindText(kinds::Raw), "raw");
  EXPECT_EQ(kindText(KindSet{}), "none");
  EXPECT_EQ(kindText(kinds::Int | kinds::Float), "int|float");
  EXPECT_EQ(kindText(kinds::Iterator), "iterator");
  for (uint32_t bit = 0; bit < 16; ++bit) {
    KindSet one{1u << bit};
    EXPECT_EQ(kindNamed(kindText(one)), one);
  }
  EXPECT_EQ(kindNamed("text"), std::nullopt);
}

} // namespace
} // namespace branchline::ir
