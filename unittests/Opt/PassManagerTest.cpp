// Lists of passes, and what running them reports.
#include "branchline/Opt/PassManager.h"

#include "Parse.h"
#include "branchline/IR/Verifier.h"
#include "branchline/Lang/Errors.h"

#include <gtest/gtest.h>

namespace branchline::opt {
namespace {

using ir::test::parseText;

constexpr const char *kProgram = R"(func @f "f" () vars($x) {
entry:
  %0 = const 1
  %1 = const 2
  var.let $x, %0
  %2 = var.get $x
  %3 = add %2, %1
  ret %3
}
)";

TEST(PassListTest, ReadsNamesInOrder) {
  auto list = parsePassList(" dead-code, cse ,dead-code");
  ASSERT_TRUE(list);
  EXPECT_EQ(*list, (std::vector{PassId::DeadCode, PassId::Cse, PassId::DeadCode}));
}

TEST(PassListTest, DefaultStandsForThePipeline) {
  auto list = parsePassList("cse,default");
  ASSERT_TRUE(list);
  std::vector<PassId> expected{PassId::Cse};
  for (PassId pass : defaultPipeline())
    expected.push_back(pass);
  EXPECT_EQ(*list, expected);
}

TEST(PassListTest, EmptyListIsNoPass) {
  auto list = parsePassList("");
  ASSERT_TRUE(list);
  EXPECT_TRUE(list->empty());
}

TEST(PassListTest, UnknownNameIsAnErrorWithTheNearest) {
  auto list = parsePassList("cse,promote-slot");
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, error::info(error::Id::UnknownValue).code);
  EXPECT_EQ(list.error().message, "Unknown pass 'promote-slot'");
  EXPECT_EQ(list.error().hint, "did you mean `promote-slots`?");
}

TEST(PassListTest, NothingIsNearARandomWord) {
  auto list = parsePassList("vectorise");
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().hint, "");
}

TEST(PassListTest, AnEmptyNameIsUnknown) { EXPECT_FALSE(parsePassList("cse,,cse")); }

TEST(PassTableTest, NamesAreUniqueAndFound) {
  for (size_t i = 0; i < kPasses.size(); ++i)
    EXPECT_EQ(findPass(kPasses[i].text), static_cast<PassId>(i)) << kPasses[i].text;
}

TEST(PipelineTest, ReportsEveryPassInOrder) {
  auto module = parseText(kProgram);
  PipelineOptions options;
  options.passes = {PassId::PromoteSlots, PassId::FoldConstants, PassId::PromoteSlots};
  auto report = runPipeline(*module, options);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->passes.size(), 3u);
  EXPECT_EQ(report->passes[0].pass, PassId::PromoteSlots);
  EXPECT_EQ(report->passes[0].changed, Changed::Yes);
  EXPECT_EQ(report->passes[1].changed, Changed::Yes);
  EXPECT_EQ(report->passes[2].changed, Changed::No);
  EXPECT_EQ(report->counters["promote-slots.promoted"], 1u);
  EXPECT_EQ(report->counters["fold-constants.folded"], 1u);
  EXPECT_GE(report->time, report->passes[0].time);
}

TEST(PipelineTest, DumpsAfterTheNamedPasses) {
  auto module = parseText(kProgram);
  PipelineOptions options;
  options.passes = {PassId::Cse, PassId::DeadCode, PassId::Cse};
  options.printAfter = {PassId::Cse};
  std::vector<size_t> positions;
  options.dump = [&](PassId pass, size_t position, const ir::Module &) {
    EXPECT_EQ(pass, PassId::Cse);
    positions.push_back(position);
  };
  ASSERT_TRUE(runPipeline(*module, options));
  EXPECT_EQ(positions, (std::vector<size_t>{0, 2}));
}

TEST(PipelineTest, DumpsAfterAllPasses) {
  auto module = parseText(kProgram);
  PipelineOptions options;
  options.printAfterAll = true;
  size_t dumps = 0;
  options.dump = [&](PassId, size_t, const ir::Module &) { ++dumps; };
  ASSERT_TRUE(runPipeline(*module, options));
  EXPECT_EQ(dumps, defaultPipeline().size());
}

TEST(PipelineTest, VerifyEachNamesThePass) {
  // Broken from the start: two variables of one name. No pass renames variables.
  auto module = parseText(kProgram);
  module->functions[0].slots.push_back({"x", true});
  module->functions[0].params.push_back(1);
  PipelineOptions options;
  options.passes = {PassId::DeadCode};
  EXPECT_TRUE(runPipeline(*module, options));
  options.verifyEach = true;
  auto report = runPipeline(*module, options);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, error::info(error::Id::BrokenIr).code);
  EXPECT_NE(report.error().message.find("after pass `dead-code`: @f: two variables"),
            std::string::npos)
      << report.error().message;
}

TEST(PipelineTest, NumbersValuesDensely) {
  auto module = parseText(kProgram);
  PipelineOptions options;
  ASSERT_TRUE(runPipeline(*module, options));
  EXPECT_EQ(module->functions[0].valueKinds.size(), 1u);
}

} // namespace
} // namespace branchline::opt
