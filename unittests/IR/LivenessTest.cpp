// What is alive at the start of blocks. Last uses are tested through the engines, which free by
// them.
#include "branchline/IR/Liveness.h"

#include "Parse.h"

namespace branchline::ir {
namespace {

BlockId find(const Function &fn, std::string_view label) {
  for (BlockId id = 0; id < fn.blocks.size(); ++id)
    if (fn.blocks[id].label == label)
      return id;
  return kNone;
}

TEST(Liveness, OnEntryAreParametersAndWhatTheRestReads) {
  auto module = test::parseText("func @f () {\n"
                                "entry:\n"
                                "  %0 = const 1\n"
                                "  %1 = input.doc\n"
                                "  %2 = add %1, %0\n"
                                "  %3 = add %2, %1\n"
                                "  br head(%2, %3)\n"
                                "head(%4, %5):\n"
                                "  %6 = lt %4, %1\n"
                                "  br.if %6, body, end\n"
                                "body:\n"
                                "  %7 = add %4, %0\n"
                                "  br head(%7, %7)\n"
                                "end:\n"
                                "  ret %3\n"
                                "}\n");
  const Function &fn = module->functions[0];
  // %0 is a constant, %2 has been passed on, nobody reads %5.
  EXPECT_EQ(liveOnEntry(fn, find(fn, "head")), (std::vector<ValueId>{1, 3, 4}));
  EXPECT_EQ(liveOnEntry(fn, find(fn, "body")), (std::vector<ValueId>{1, 3, 4}));
  EXPECT_EQ(liveOnEntry(fn, find(fn, "end")), (std::vector<ValueId>{3}));
  EXPECT_TRUE(liveOnEntry(fn, 0).empty());
}

TEST(Liveness, OnEntryIsWhatAHandlerReads) {
  auto module = test::parseText("func @f () {\n"
                                "entry:\n"
                                "  %0 = input.doc\n"
                                "  br guarded\n"
                                "guarded handler catch:\n"
                                "  %1 = add %0, %0\n"
                                "  br end\n"
                                "catch:\n"
                                "  ret %0\n"
                                "end:\n"
                                "  %2 = const null\n"
                                "  ret %2\n"
                                "}\n");
  const Function &fn = module->functions[0];
  EXPECT_EQ(liveOnEntry(fn, find(fn, "guarded")), (std::vector<ValueId>{0}));
  EXPECT_EQ(liveOnEntry(fn, find(fn, "catch")), (std::vector<ValueId>{0}));
  EXPECT_TRUE(liveOnEntry(fn, find(fn, "end")).empty());
}

} // namespace
} // namespace branchline::ir
