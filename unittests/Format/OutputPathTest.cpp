// Output paths: their syntax, and what they select.
#include "JsonTestSupport.h"

#include "branchline/Format/OutputPath.h"

namespace branchline::format {
namespace {

constexpr std::string_view kDocument =
    R"({"a":{"b":[10,{"c":"x","d.e":5,"1":"one"}],"":"empty","'":"quote"},"l":[1,2],"x y":7,"z":null})";

std::string at(std::string_view path) {
  runtime::Heap heap;
  auto value = readJson(heap, kDocument);
  auto parsed = OutputPath::parse(path);
  if (!parsed)
    return parsed.error().message;
  return textOf(parsed->select(heap, *value));
}

TEST(OutputPath, Fields) {
  EXPECT_EQ(at(""), kDocument);
  EXPECT_EQ(at(" \xC2\xA0"), kDocument);
  EXPECT_EQ(at("x y"), "7");
  EXPECT_EQ(at("a.b[0]"), "10");
  EXPECT_EQ(at(".a..b.[1].c."), "\"x\"");
  EXPECT_EQ(at("a.b[1].1"), "\"one\"");
  EXPECT_EQ(at("q.r.s"), "null");
  EXPECT_EQ(at("z.y"), "null");
  EXPECT_EQ(at("a.b.0"), "null");
  EXPECT_EQ(at("..."), kDocument);
}

TEST(OutputPath, Brackets) {
  EXPECT_EQ(at("a.b[1]['d.e']"), "5");
  EXPECT_EQ(at("a.b[1][\"d.e\"]"), "5");
  EXPECT_EQ(at("a['']"), "\"empty\"");
  EXPECT_EQ(at("a[']"), "\"quote\"");
  EXPECT_EQ(at("l[ 1 ]"), "2");
  EXPECT_EQ(at("l[+1]"), "2");
  EXPECT_EQ(at("l[-1]"), "null");
  EXPECT_EQ(at("l[2]"), "null");
  EXPECT_EQ(at("l['1']"), "2");
  EXPECT_EQ(at("l[99999999999]"), "null");
  EXPECT_EQ(at("a.b[1][1]"), "\"one\"");
  EXPECT_EQ(at("a.b[1]['1']"), "\"one\"");
}

TEST(OutputPath, Errors) {
  EXPECT_EQ(at("a[0"), "Output path 'a[0' has unterminated '['");
  EXPECT_EQ(at("a[ ]"), "Output path 'a[ ]' has empty index");
  EXPECT_EQ(at("a[]"), "Output path 'a[]' has empty index");
  EXPECT_EQ(OutputPath::parse("a[").error().code, 4300);
}

} // namespace
} // namespace branchline::format
