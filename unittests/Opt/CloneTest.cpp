// Copies of blocks.
#include "Clone.h"

#include "Parse.h"
#include "branchline/IR/Builder.h"
#include "branchline/IR/Verifier.h"

#include <gtest/gtest.h>
#include <numeric>

namespace branchline::opt {
namespace {

using ir::test::parseText;

constexpr const char *kTwo = R"(func @callee "callee" ($x) vars($x) {
entry:
  %0 = var.get $x
  br loop(%0)
loop(%1):
  %2 = sub %1, %0
  br.if %2, loop(%2), done
done:
  ret %1
}

func @caller "caller" () vars($y) {
entry:
  %0 = const 1
  var.bind $y, %0
  ret %0
}
)";

std::vector<BlockId> allBlocks(const ir::Function &fn) {
  std::vector<BlockId> all(fn.blocks.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

TEST(CloneTest, CopiesAFunctionIntoAnother) {
  auto module = parseText(kTwo);
  const ir::Function &callee = module->functions[0];
  ir::Function &caller = module->functions[1];
  CloneOptions options;
  options.variable = [](ir::Operand) { return ir::local(0); };
  Cloned cloned = cloneBlocks(caller, callee, allBlocks(callee), options);
  caller.blocks[0].insts.back() = {ir::Op::Br, ir::kNone, {}, {ir::block(cloned.blocks[0])}};
  EXPECT_TRUE(ir::verify(*module).empty()) << ir::renderVerifierErrors(ir::verify(*module));
  ASSERT_EQ(caller.blocks.size(), 4u);
  const ir::Block &loop = caller.blocks[cloned.blocks[1]];
  EXPECT_EQ(loop.params[0], cloned.values[1]);
  EXPECT_EQ(loop.insts[0].operands[1], ir::use(cloned.values[0]));
  EXPECT_EQ(loop.insts[1].operands[1], ir::block(cloned.blocks[1]));
}

TEST(CloneTest, WhatLeavesTheRegionStays) {
  auto module = parseText(kTwo);
  ir::Function &fn = module->functions[0];
  const BlockId region[] = {1};
  Cloned cloned = cloneBlocks(fn, fn, region);
  ASSERT_EQ(fn.blocks.size(), 4u);
  const ir::Block &copy = fn.blocks[cloned.blocks[1]];
  EXPECT_NE(copy.label, fn.blocks[1].label);
  EXPECT_EQ(copy.insts[0].operands[1], ir::use(0)) << "a value from outside";
  EXPECT_EQ(copy.insts[1].operands[1], ir::block(3)) << "the copy jumps to itself";
  EXPECT_EQ(copy.insts[1].operands[3], ir::block(2)) << "and leaves as the original does";
}

TEST(CloneTest, UnguardedBlocksGetTheGivenHandler) {
  auto module = parseText(kTwo);
  ir::Function &caller = module->functions[1];
  CloneOptions options;
  options.handler = 7;
  Cloned cloned =
      cloneBlocks(caller, module->functions[0], allBlocks(module->functions[0]), options);
  for (BlockId block : cloned.blocks)
    EXPECT_EQ(caller.blocks[block].handler, 7u);
}

} // namespace
} // namespace branchline::opt
