// Programs that the encoding has no room for: an error that names the function, never bad bytecode.
#include "branchline/BCGen/BCGen.h"

#include "branchline/IR/Text.h"
#include "branchline/IR/Verifier.h"
#include "branchline/Lang/Errors.h"

#include <gtest/gtest.h>

namespace branchline::bcgen {
namespace {

/// `ok`, or the message of the error, which must have the code for it.
std::string generateText(const std::string &text) {
  const SourceText source("test.blir", text);
  DiagnosticSink sink;
  const std::unique_ptr<ir::Module> module = ir::parse(source, sink);
  for (const Diagnostic &diagnostic : sink.all())
    ADD_FAILURE() << renderDiagnostic(source, diagnostic);
  if (!module)
    return {};
  EXPECT_EQ(ir::renderVerifierErrors(ir::verify(*module)), "");
  const auto program = generate(*module);
  if (program)
    return "ok";
  EXPECT_EQ(program.error().code, error::info(error::Id::BytecodeTooLarge).code);
  return program.error().message;
}

/// A FUNC that makes a list of `count` values which are all alive at once.
std::string wideFunc(int count) {
  std::string text = "func @f \"f\" () {\nentry:\n  %0 = input.doc\n";
  std::string items;
  for (int i = 1; i <= count; ++i) {
    text += "  %" + std::to_string(i) + " = neg %0\n";
    items += (i == 1 ? "%" : ", %") + std::to_string(i);
  }
  const std::string last = std::to_string(count + 1);
  return text + "  %" + last + " = list.new (" + items + ")\n  ret %" + last + "\n}\n";
}

TEST(BCGenLimits, RegistersOfAFunction) {
  EXPECT_EQ(generateText(wideFunc(1000)), "ok");
  EXPECT_EQ(generateText(wideFunc(70'000)),
            "the program is too large for bytecode: function `f` needs too many registers");
}

/// A module of `count` functions.
std::string manyFuncs(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += "func @f" + std::to_string(i) + " () {\nentry:\n  raise Aborted()\n}\n";
  return text;
}

TEST(BCGenLimits, Functions) {
  EXPECT_EQ(generateText(manyFuncs(1000)), "ok");
  EXPECT_EQ(generateText(manyFuncs(65'537)),
            "the program is too large for bytecode: more than 65535 functions");
}

} // namespace
} // namespace branchline::bcgen
