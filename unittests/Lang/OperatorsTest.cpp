// Operators: the precedences of R1.12.1, and that texts are those of tokens.
#include "branchline/Lang/Operators.h"
#include "branchline/Lang/Tokens.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace {

using namespace branchline;

TEST(Operators, PrecedencesRiseFromCoalesceToProduct) {
  EXPECT_EQ(info(BinaryOp::Coalesce).precedence, 1);
  EXPECT_LT(info(BinaryOp::Or).precedence, info(BinaryOp::And).precedence);
  EXPECT_LT(info(BinaryOp::Eq).precedence, info(BinaryOp::Lt).precedence);
  EXPECT_LT(info(BinaryOp::Ge).precedence, info(BinaryOp::Concat).precedence);
  EXPECT_LT(info(BinaryOp::Concat).precedence, info(BinaryOp::Add).precedence);
  EXPECT_EQ(info(BinaryOp::IDiv).precedence, info(BinaryOp::Mul).precedence);
  // The parser keeps one slot for each precedence.
  for (const OperatorInfo &op : kBinaryOps)
    EXPECT_TRUE(op.precedence >= 1 && op.precedence <= 8) << op.text;
}

TEST(Operators, EveryTextIsAToken) {
  auto isToken = [](std::string_view text) {
    return std::any_of(kTokenTable.begin(), kTokenTable.end(),
                       [&](const TokenInfo &row) { return row.text == text; });
  };
  for (const OperatorInfo &op : kBinaryOps)
    EXPECT_TRUE(isToken(op.text)) << op.text;
  for (const OperatorInfo &op : kUnaryOps)
    EXPECT_TRUE(isToken(op.text)) << op.text;
}

} // namespace
