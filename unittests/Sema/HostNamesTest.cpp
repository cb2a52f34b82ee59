// Names that a host adds are visible like those of the library.
#include "branchline/Sema/Sema.h"

#include "branchline/Syntax/Parser.h"

#include <gtest/gtest.h>

namespace branchline::sema {
namespace {

/// The codes of what Sema finds, in order.
std::vector<uint16_t> codesOf(const std::string &text, const std::vector<std::string> &hosts) {
  const SourceText source("test.bl", text);
  DiagnosticSink sink;
  const auto program = syntax::parse(source, sink);
  EXPECT_FALSE(sink.hasErrors()) << text;
  check(*program, sink, Options{hosts});
  std::vector<uint16_t> codes;
  for (const Diagnostic &diagnostic : sink.all())
    codes.push_back(diagnostic.code);
  return codes;
}

TEST(HostNames, AreVisibleWhenTheyAreGiven) {
  const std::string text = "LET v = HOST_CALL\nOUTPUT { v: HOST_CALL(1), w: v }";
  EXPECT_EQ(codesOf(text, {"OTHER", "HOST_CALL"}), std::vector<uint16_t>{});
  EXPECT_EQ(codesOf("LET v = HOST_CALL\nOUTPUT { v: v }", {"OTHER"}), std::vector<uint16_t>{2002});
}

TEST(HostNames, AreCaseSensitive) {
  EXPECT_EQ(codesOf("OUTPUT { v: host_call }", {"HOST_CALL"}), std::vector<uint16_t>{2002});
}

} // namespace
} // namespace branchline::sema
