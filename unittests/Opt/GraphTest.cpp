// Graphs, frontiers and loops of small functions.
#include "Graph.h"

#include "Parse.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace branchline::opt {
namespace {

using ir::test::parseText;

/// Two loops, one in the other; `inner` and `outer` are the headers.
constexpr const char *kNested = R"(func @f "f" () {
entry:
  %0 = const true
  br outer
outer:
  br.if %0, mid, done
mid:
  br inner
inner:
  br.if %0, body, latch
body:
  br inner
latch:
  br outer
done:
  ret %0
}
)";

constexpr const char *kGuarded = R"(func @f "f" () {
entry:
  %0 = const 1
  br tried
tried handler catch:
  %1 = add %0, %0
  br more
more handler catch:
  %2 = add %1, %0
  br done(%2)
catch:
  %3 = error.catch
  br done(%3)
done(%4):
  ret %4
}
)";

struct Built {
  explicit Built(const char *text)
      : module(parseText(text)), fn(module->functions[0]), graph(fn), tree(fn) {}
  BlockId block(std::string_view label) const {
    for (BlockId id = 0; id < fn.blocks.size(); ++id)
      if (fn.blocks[id].label == label)
        return id;
    ADD_FAILURE() << "no block " << label;
    return 0;
  }
  std::unique_ptr<ir::Module> module;
  ir::Function &fn;
  Graph graph;
  ir::Dominators tree;
};

TEST(GraphTest, OrderPutsDominatorsFirst) {
  Built built(kNested);
  ASSERT_EQ(built.graph.order.size(), built.fn.blocks.size());
  auto at = [&](std::string_view label) {
    return std::find(built.graph.order.begin(), built.graph.order.end(), built.block(label));
  };
  EXPECT_LT(at("entry"), at("outer"));
  EXPECT_LT(at("outer"), at("inner"));
  EXPECT_LT(at("inner"), at("latch"));
}

TEST(GraphTest, HandlersKnowWhatTheyGuard) {
  Built built(kGuarded);
  auto guarded = built.graph.guarded[built.block("catch")];
  EXPECT_EQ(std::vector(guarded.begin(), guarded.end()),
            (std::vector<BlockId>{built.block("tried"), built.block("more")}));
  EXPECT_TRUE(built.graph.jumps[built.block("catch")].empty());
  EXPECT_EQ(built.graph.jumps[built.block("done")].size(), 2u);
}

TEST(FrontierTest, HandlersAreInTheFrontierOfGuardedBlocks) {
  Built built(kGuarded);
  auto frontiers = dominanceFrontiers(built.graph, built.tree);
  for (const char *label : {"tried", "more"}) {
    auto &frontier = frontiers[built.block(label)];
    EXPECT_NE(std::find(frontier.begin(), frontier.end(), built.block("catch")), frontier.end())
        << label;
  }
  EXPECT_TRUE(frontiers[built.block("entry")].empty());
}

TEST(FrontierTest, LoopHeadersAreInTheirOwn) {
  Built built(kNested);
  auto frontiers = dominanceFrontiers(built.graph, built.tree);
  EXPECT_EQ(frontiers[built.block("body")], std::vector<BlockId>{built.block("inner")});
  auto inner = frontiers[built.block("inner")];
  std::sort(inner.begin(), inner.end());
  EXPECT_EQ(inner, (std::vector<BlockId>{built.block("outer"), built.block("inner")}));
}

TEST(LoopsTest, NestedLoopsKnowTheirParents) {
  Built built(kNested);
  Loops loops(built.fn, built.graph, built.tree);
  ASSERT_EQ(loops.all.size(), 2u);
  EXPECT_EQ(loops.all[0].header, built.block("outer"));
  EXPECT_EQ(loops.all[0].parent, ir::kNone);
  EXPECT_EQ(loops.all[0].preheader, built.block("entry"));
  EXPECT_EQ(loops.all[0].blocks.size(), 5u);
  EXPECT_EQ(loops.all[1].header, built.block("inner"));
  EXPECT_EQ(loops.all[1].parent, 0u);
  EXPECT_EQ(loops.all[1].preheader, built.block("mid"));
  EXPECT_EQ(loops.innermost[built.block("body")], 1u);
  EXPECT_EQ(loops.innermost[built.block("latch")], 0u);
  EXPECT_EQ(loops.innermost[built.block("done")], ir::kNone);
}

} // namespace
} // namespace branchline::opt
