// What a Program answers itself.
#include "Programs.h"

namespace {

using namespace branchline::bytecode;

TEST(Program, FindsTransformsByName) {
  Program program;
  EXPECT_EQ(program.findTransform(""), nullptr);
  program.transforms = {{"First", 0}, {"Second", 1}};
  EXPECT_EQ(program.findTransform(""), &program.transforms[0]);
  EXPECT_EQ(program.findTransform("Second"), &program.transforms[1]);
  EXPECT_EQ(program.findTransform("second"), nullptr);
}

TEST(Program, CountsComputedSegments) {
  using Kind = PathSegment::Kind;
  const Path path{{{Kind::Computed}, {Kind::Name, 1}, {Kind::Computed}}};
  EXPECT_EQ(path.computed(), 2u);
}

TEST(Program, ConstantsAreEqualByKindAndContent) {
  using Kind = Constant::Kind;
  EXPECT_EQ((Constant{Kind::Int, 1, 0, {}}), (Constant{Kind::Int, 1, 0, {}}));
  EXPECT_FALSE((Constant{Kind::Int, 1, 0, {}} == Constant{Kind::Bool, 1, 0, {}}));
  EXPECT_FALSE((Constant{Kind::Float, 0, 0.0, {}} == Constant{Kind::Float, 0, -0.0, {}}));
  EXPECT_FALSE((Constant{Kind::String, 0, 0, "a"} == Constant{Kind::String, 0, 0, "b"}));
  EXPECT_EQ((Constant{Kind::Null, 7, 0, {}}), (Constant{Kind::Null, 0, 0, {}}));
}

} // namespace
