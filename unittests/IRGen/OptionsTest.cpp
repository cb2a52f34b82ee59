// What the options of IRGen change, which programs alone do not show.
#include "branchline/IRGen/IRGen.h"

#include "branchline/IR/Text.h"
#include "branchline/Sema/Sema.h"
#include "branchline/Syntax/Parser.h"

#include <gtest/gtest.h>

namespace branchline::irgen {
namespace {

std::string lower(const std::string &text, const Options &options) {
  const SourceText source("test.bl", text);
  DiagnosticSink sink;
  const auto program = syntax::parse(source, sink);
  sema::check(*program, sink, sema::Options{options.hostFunctions});
  EXPECT_FALSE(sink.hasErrors()) << text;
  return ir::print(*generate(*program, source, options));
}

bool has(const std::string &text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(IRGenOptions, HostFunctionsAreCalledAsSuch) {
  const std::vector<std::string> names{"HOST_CALL"};
  Options options;
  options.hostFunctions = names;
  const std::string text = lower("OUTPUT { v: HOST_CALL(1, 2) }", options);
  EXPECT_TRUE(has(text, "call.host \"HOST_CALL\"(")) << text;
  EXPECT_FALSE(has(text, "callee.find")) << text;
}

TEST(IRGenOptions, TheLibraryComesBeforeTheHostAndTheHostBeforeVariables) {
  const std::vector<std::string> names{"UPPER", "mine"};
  Options options;
  options.hostFunctions = names;
  const std::string text =
      lower("LET mine = (x) -> x\nOUTPUT { a: UPPER(\"a\"), b: mine(1) }", options);
  EXPECT_TRUE(has(text, "call.lib UPPER(")) << text;
  EXPECT_FALSE(has(text, "call.host \"UPPER\"")) << text;
  EXPECT_TRUE(has(text, "call.host \"mine\"(")) << text;
}

TEST(IRGenOptions, TracePointsStandOnlyInTracedCode) {
  const std::string program = "LET a = 1\nOUTPUT { a: a }";
  Options options;
  EXPECT_FALSE(has(lower(program, options), "trace.point"));
  options.trace = true;
  const std::string text = lower(program, options);
  EXPECT_TRUE(has(text, "trace.point \"a\", ")) << text;
  EXPECT_TRUE(has(text, "trace.point \"OUTPUT\", ")) << text;
}

} // namespace
} // namespace branchline::irgen
