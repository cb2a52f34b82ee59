// Dominators on small graphs by hand, and on random graphs against the definition.
#include "branchline/IR/Dominators.h"

#include "Parse.h"
#include "branchline/IR/Builder.h"

#include <random>

namespace branchline::ir {
namespace {

BlockId find(const Function &fn, std::string_view label) {
  for (BlockId id = 0; id < fn.blocks.size(); ++id)
    if (fn.blocks[id].label == label)
      return id;
  return kNone;
}

TEST(Dominators, DiamondAndLoop) {
  auto module = test::parseText("func @f () {\n"
                                "entry:\n"
                                "  %0 = const true\n"
                                "  br.if %0, left, right\n"
                                "left:\n"
                                "  br join\n"
                                "right:\n"
                                "  br join\n"
                                "join:\n"
                                "  br.if %0, left, end\n"
                                "end:\n"
                                "  ret %0\n"
                                "lost:\n"
                                "  br end\n"
                                "}\n");
  const Function &fn = module->functions[0];
  Dominators tree(fn);
  BlockId left = find(fn, "left"), join = find(fn, "join"), end = find(fn, "end");
  BlockId lost = find(fn, "lost");
  EXPECT_EQ(tree.immediateDominator(0), kNone);
  EXPECT_EQ(tree.immediateDominator(left), 0u);
  EXPECT_EQ(tree.immediateDominator(join), 0u);
  EXPECT_EQ(tree.immediateDominator(end), join);
  EXPECT_TRUE(tree.dominates(0, end));
  EXPECT_TRUE(tree.dominates(join, join));
  EXPECT_FALSE(tree.dominates(left, join));
  EXPECT_FALSE(tree.isReachable(lost));
  EXPECT_FALSE(tree.dominates(lost, end));
  EXPECT_FALSE(tree.dominates(0, lost));
}

TEST(Dominators, AGuardedBlockDoesNotDominateItsHandler) {
  auto module = test::parseText("func @f () {\n"
                                "entry:\n"
                                "  br outside\n"
                                "outside:\n"
                                "  br guarded\n"
                                "guarded handler catch:\n"
                                "  %0 = const 1\n"
                                "  br end\n"
                                "catch:\n"
                                "  br after\n"
                                "after:\n"
                                "  %1 = const 1\n"
                                "  ret %1\n"
                                "end:\n"
                                "  ret %0\n"
                                "}\n");
  const Function &fn = module->functions[0];
  Dominators tree(fn);
  BlockId outside = find(fn, "outside"), guarded = find(fn, "guarded");
  BlockId handler = find(fn, "catch"), after = find(fn, "after"), end = find(fn, "end");
  EXPECT_TRUE(tree.isReachable(handler));
  EXPECT_FALSE(tree.dominates(guarded, handler));
  EXPECT_FALSE(tree.dominates(guarded, after));
  EXPECT_TRUE(tree.dominates(guarded, end));
  EXPECT_TRUE(tree.dominates(outside, after));
  EXPECT_EQ(tree.immediateDominator(handler), outside);
  EXPECT_EQ(tree.immediateDominator(after), handler);
  EXPECT_EQ(tree.immediateDominator(end), guarded);
}

/// A function of jumps alone with random targets and handlers.
Function randomFunction(std::mt19937 &random) {
  Function fn;
  auto count = static_cast<uint32_t>(random() % 12 + 1);
  for (uint32_t id = 0; id < count; ++id) {
    Block made;
    made.label = std::to_string(id);
    Inst inst{Op::BrIf, kNone, kNoLoc, {use(0)}};
    inst.operands.push_back(block(static_cast<BlockId>(random() % count)));
    inst.operands.push_back(block(static_cast<BlockId>(random() % count)));
    made.insts.push_back(inst);
    if (random() % 3 == 0)
      made.handler = static_cast<BlockId>(random() % count);
    fn.blocks.push_back(made);
  }
  return fn;
}

/// Whether the body of `target` can be reached without the body of `without`.
bool reaches(const Function &fn, BlockId target, BlockId without) {
  std::vector<bool> seen(fn.blocks.size());
  std::vector<BlockId> work{0};
  seen[0] = true;
  auto visit = [&](BlockId id) {
    if (!seen[id])
      work.push_back(id);
    seen[id] = true;
  };
  while (!work.empty()) {
    BlockId id = work.back();
    work.pop_back();
    if (fn.blocks[id].handler != kNone)
      visit(fn.blocks[id].handler);
    if (id == without)
      continue;
    for (const Edge &edge : successors(fn.blocks[id].insts.back()))
      visit(edge.block);
  }
  return seen[target] && target != without;
}

TEST(Dominators, AgreeWithTheDefinitionOnRandomGraphs) {
  std::mt19937 random(20240501);
  for (int round = 0; round < 2000; ++round) {
    Function fn = randomFunction(random);
    Dominators tree(fn);
    for (BlockId b = 0; b < fn.blocks.size(); ++b) {
      ASSERT_EQ(tree.isReachable(b), reaches(fn, b, kNone));
      if (!tree.isReachable(b))
        continue;
      unsigned strict = 0;
      for (BlockId a = 0; a < fn.blocks.size(); ++a) {
        if (!tree.isReachable(a))
          continue;
        ASSERT_EQ(tree.dominates(a, b), a == b || !reaches(fn, b, a)) << a << " " << b;
        strict += a != b && tree.dominates(a, b) ? 1 : 0;
      }
      BlockId up = tree.immediateDominator(b);
      ASSERT_EQ(up == kNone, strict == 0);
      for (BlockId a = 0; up != kNone && a < fn.blocks.size(); ++a) {
        if (a != b && tree.isReachable(a) && tree.dominates(a, b)) {
          ASSERT_TRUE(tree.dominates(a, up));
        }
      }
    }
  }
}

TEST(Dominators, LongChainsTakeNoStack) {
  Function fn;
  constexpr uint32_t kLength = 200'000;
  for (uint32_t id = 0; id < kLength; ++id) {
    Block made;
    Inst inst{Op::Br, kNone, kNoLoc, {block(id + 1 < kLength ? id + 1 : 1)}};
    made.insts.push_back(inst);
    fn.blocks.push_back(std::move(made));
  }
  Dominators tree(fn);
  EXPECT_EQ(tree.immediateDominator(kLength - 1), kLength - 2);
  EXPECT_TRUE(tree.dominates(1, kLength - 1));
}

} // namespace
} // namespace branchline::ir
