// The IR of every conformance program: it verifies, its text is read back as the same module, it
// does not depend on chance, and whatever can fail in it has a place in the source.
#include "branchline/IRGen/IRGen.h"

#include "Cases.h"
#include "branchline/IR/Text.h"
#include "branchline/IR/Verifier.h"
#include "branchline/Sema/Sema.h"
#include "branchline/Support/StackThread.h"
#include "branchline/Syntax/Parser.h"

#include <functional>
#include <gtest/gtest.h>

namespace branchline::irgen {
namespace {

using conformance::Case;

/// The module of a program without errors, else null.
std::unique_ptr<ir::Module> lower(const SourceText &source, bool trace) {
  DiagnosticSink sink;
  const auto program = syntax::parse(source, sink);
  if (!sink.hasErrors())
    sema::check(*program, sink);
  if (sink.hasErrors())
    return nullptr;
  Options options;
  options.trace = trace;
  return generate(*program, source, options);
}

/// Looks at the module of every program that has one, as it is and with tracing.
class ConformancePrograms : public testing::Test {
protected:
  using Look = std::function<void(const SourceText &, bool trace, const ir::Module &)>;
  void SetUp() override {
    for (const char *area : {"decisions", "io", "semantics", "stdlib", "syntax", "vm", "xml"}) {
      const auto failure = conformance::readCases(
          std::string(BRANCHLINE_CONFORMANCE_CASES) + "/" + area + ".jsonl", cases_);
      ASSERT_FALSE(failure) << *failure;
    }
  }
  void forEach(const Look &look) {
    size_t modules = 0;
    ASSERT_TRUE(runOnStack(kLargeStack, [&] {
      for (const Case &theCase : cases_) {
        SCOPED_TRACE(theCase.name);
        const SourceText source("case.bl", theCase.program);
        for (bool trace : {false, true})
          if (const auto module = lower(source, trace)) {
            ++modules;
            look(source, trace, *module);
          }
      }
    }));
    EXPECT_GT(modules, 2000u) << "most cases have a module";
  }

  std::vector<Case> cases_;
};

TEST_F(ConformancePrograms, Verify) {
  forEach([](const SourceText &, bool, const ir::Module &module) {
    EXPECT_EQ(ir::renderVerifierErrors(ir::verify(module)), "");
  });
}

TEST_F(ConformancePrograms, AreReadBackFromTheirText) {
  forEach([](const SourceText &, bool, const ir::Module &module) {
    for (bool locations : {false, true}) {
      const ir::PrintOptions options{locations, true};
      const std::string text = ir::print(module, options);
      const SourceText printed("module.blir", text);
      DiagnosticSink sink;
      const auto again = ir::parse(printed, sink);
      ASSERT_NE(again, nullptr) << text;
      EXPECT_EQ(ir::print(*again, options), text);
      EXPECT_EQ(ir::renderVerifierErrors(ir::verify(*again)), "");
    }
  });
}

TEST_F(ConformancePrograms, LowerTheSameEveryTime) {
  forEach([](const SourceText &source, bool trace, const ir::Module &module) {
    EXPECT_EQ(ir::print(*lower(source, trace), {true, true}), ir::print(module, {true, true}));
  });
}

TEST_F(ConformancePrograms, HaveAPlaceWhereverTheyCanFail) {
  forEach([](const SourceText &source, bool, const ir::Module &module) {
    for (const ir::Function &fn : module.functions)
      for (const ir::Block &block : fn.blocks)
        for (const ir::Inst &inst : block.insts) {
          if ((ir::info(inst.op).effects & (ir::kTraps | ir::kCalls)) == 0)
            continue;
          EXPECT_GT(inst.loc.line, 0u)
              << fn.name << " " << block.label << " " << ir::info(inst.op).mnemonic;
          EXPECT_LE(inst.loc.line, source.lineColumn(UINT32_MAX).line);
          EXPECT_GT(inst.loc.column, 0u);
        }
  });
}

} // namespace
} // namespace branchline::irgen
