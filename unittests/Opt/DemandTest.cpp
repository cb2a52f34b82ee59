// What transforms need of their input: single programs by their printed demand, and all conformance
// programs by running them on what is left of their input when everything else is taken away.
#include "branchline/Opt/Demand.h"

#include "Cases.h"
#include "branchline/Format/JsonReader.h"
#include "branchline/Format/JsonWriter.h"
#include "branchline/IRGen/IRGen.h"
#include "branchline/Interp/Interpreter.h"
#include "branchline/Opt/PassManager.h"
#include "branchline/Runtime/Objects.h"
#include "branchline/Runtime/Ops.h"
#include "branchline/Sema/Sema.h"
#include "branchline/Support/StackThread.h"
#include "branchline/Syntax/Parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace branchline::opt {
namespace {

using runtime::Value;

constexpr const char *kAllPasses =
    "promote-slots,infer-kinds,fold-constants,simplify-cfg,library-loops,inline,default";

/// The module of a program after passes; null when it has errors.
std::unique_ptr<ir::Module> compile(std::string text, const char *passes) {
  SourceText source("test.bl", std::move(text));
  DiagnosticSink sink;
  auto program = syntax::parse(source, sink);
  if (!sink.hasErrors())
    sema::check(*program, sink);
  if (sink.hasErrors())
    return nullptr;
  std::unique_ptr<ir::Module> module = irgen::generate(*program, source, {});
  PipelineOptions options;
  options.passes = *parsePassList(passes);
  return runPipeline(*module, options) ? std::move(module) : nullptr;
}

/// The printed demand of a transform with this body. The alias `input` may be a key of the
/// document, so whatever is asked of it is asked of that key as well; tests use `row`, which may
/// not.
std::string demandOf(const std::string &body, const char *passes = kAllPasses) {
  std::unique_ptr<ir::Module> module = compile("TRANSFORM T {\n" + body + "\n}\n", passes);
  if (!module)
    return "errors";
  return printDemand(computeDemand(*module, module->transforms.front()));
}

TEST(DemandTest, NothingIsAskedOfAnInputThatIsNotUsed) {
  EXPECT_EQ(demandOf("OUTPUT { a: 1 }"), "input: nothing\n");
}

TEST(DemandTest, WhatOnlyGoesToTheOutputIsPassed) {
  EXPECT_EQ(demandOf("OUTPUT { a: row.x.y, b: [row.z] }"), "input: shallow\n"
                                                           "  .x: shallow\n"
                                                           "    .y: passed\n"
                                                           "  .z: passed\n");
}

TEST(DemandTest, OperandsAreNeededWhole) {
  EXPECT_EQ(demandOf("OUTPUT { a: row.x + 1, b: row.x }"), "input: shallow\n"
                                                           "  .x: whole\n");
}

TEST(DemandTest, ConditionsNeedKindsAndScalars) {
  EXPECT_EQ(demandOf("OUTPUT { a: row.x ?? 1, b: IF row.y THEN 1 ELSE 2 }"),
            "input: shallow\n"
            "  .x: passed, shallow\n"
            "  .y: shallow\n");
}

TEST(DemandTest, LoopsAskTheSameOfEveryItem) {
  EXPECT_EQ(demandOf("LET n = 0\nFOR EACH x IN row.xs { SET n = n + x.a }\nOUTPUT { n: n }"),
            "input: shallow\n"
            "  .xs: shallow, counted\n"
            "    []: shallow\n"
            "      .a: whole\n");
}

TEST(DemandTest, ListsThatTheProgramMakesAreFollowed) {
  EXPECT_EQ(demandOf("LET some = FILTER(row.xs, (x) -> x.keep)\n"
                     "OUTPUT { ids: MAP(some, (x) -> x.id), n: LENGTH(some) }"),
            "input: shallow\n"
            "  .xs: shallow, counted\n"
            "    []: shallow\n"
            "      .id: passed\n"
            "      .keep: shallow\n");
}

TEST(DemandTest, ListsOfMadeObjectsAreNotTakenApart) {
  EXPECT_EQ(demandOf("LET made = [{k: x.a, v: x.b} FOR EACH x IN row.xs]\n"
                     "OUTPUT { made: made }"),
            "input: shallow\n"
            "  .xs: shallow, counted\n"
            "    []: shallow\n"
            "      .a: passed\n"
            "      .b: passed\n");
  EXPECT_EQ(demandOf("LET made = [{k: x.a} FOR EACH x IN row.xs]\n"
                     "OUTPUT { n: [m.k FOR EACH m IN made] }"),
            "input: shallow\n"
            "  .xs: shallow, counted\n"
            "    []: shallow\n"
            "      .a: whole\n");
}

TEST(DemandTest, EmittedListsAreTakenApart) {
  EXPECT_EQ(demandOf("OUTPUT row.xs"), "input: shallow\n"
                                       "  .xs: passed, shallow\n"
                                       "    []: passed\n");
}

TEST(DemandTest, LengthsCount) {
  EXPECT_EQ(demandOf("OUTPUT { n: LENGTH(row.xs) }"), "input: shallow\n"
                                                      "  .xs: shallow, counted\n");
}

TEST(DemandTest, LiteralKeysOfGetAreMembers) {
  EXPECT_EQ(demandOf("OUTPUT { a: GET(row, \"k\", row.d), b: row[\"two words\"] }"),
            "input: shallow\n"
            "  .d: passed\n"
            "  .k: passed\n"
            "  .\"two words\": passed\n");
}

TEST(DemandTest, DynamicKeysAndIndicesNeedTheContainer) {
  EXPECT_EQ(demandOf("OUTPUT { a: row.x[row.k], b: row.y.0 }"), "input: shallow\n"
                                                                "  .k: whole\n"
                                                                "  .x: whole\n"
                                                                "  .y: whole\n");
}

TEST(DemandTest, CallsAndWritesNeedEverything) {
  EXPECT_EQ(demandOf("LET o = row.o\nSET o.a = row.p\nOUTPUT { o: o, s: SORT(row.xs) }"),
            "input: shallow\n"
            "  .o: whole\n"
            "  .p: whole\n"
            "  .xs: whole\n");
}

TEST(DemandTest, TheWholeDocumentMayBePassed) {
  EXPECT_EQ(demandOf("OUTPUT { all: row }"), "input: passed\n");
}

TEST(DemandTest, KeysThatAreVisibleAsNamesAreMembers) {
  EXPECT_EQ(demandOf("LET total = total\nOUTPUT { c: total }"),
            "input: shallow\n"
            "  .total: passed, shallow\n"); // it may be missing
}

TEST(DemandTest, FunctionsThatAreCalledCount) {
  std::unique_ptr<ir::Module> module = compile("FUNC f() = $.inside\n"
                                               "TRANSFORM T { OUTPUT { a: f() } }\n",
                                               "");
  ASSERT_TRUE(module);
  EXPECT_EQ(printDemand(computeDemand(*module, module->transforms.front())), "input: shallow\n"
                                                                             "  .inside: whole\n");
}

TEST(DemandTest, SharedVariablesAreNotFollowed) {
  EXPECT_EQ(demandOf("LET o = row.o\nLET f = () -> o.a\nOUTPUT { a: f() }", ""),
            "input: shallow\n"
            "  .f: whole\n" // the key, which the variable starts as
            "  .o: whole\n");
}

// --- What is not asked for makes no difference ---------------------------------------------------

/// A copy with nothing but what is asked for.
Value pruned(runtime::Heap &heap, const Value &value, const Demand &demand) {
  if (demand.whole || demand.passed)
    return value;
  if (value.isList()) {
    Value list = heap.list();
    if (demand.counted)
      for (const Value &item : value.list()->items())
        EXPECT_TRUE(runtime::append(heap, *list.list(),
                                    demand.items ? pruned(heap, item, *demand.items) : Value()));
    return list;
  }
  if (!value.isObject())
    return demand.shallow ? value : Value();
  Value object = heap.object();
  const runtime::ObjectObject &from = *value.asObject();
  for (uint32_t i = 0; i < from.size; ++i) {
    Value key = runtime::keyAt(from, i);
    auto member = key.isString() ? demand.members.find(key.text()) : demand.members.end();
    Value kept;
    if (member != demand.members.end())
      kept = pruned(heap, runtime::valueAt(from, i), member->second);
    else if (!demand.counted)
      continue;
    EXPECT_TRUE(runtime::setKey(heap, *object.asObject(), key, std::move(kept)));
  }
  return object;
}

/// Everything a run shows, as one text.
std::string run(const ir::Module &module, runtime::Heap &heap, Value document) {
  std::string seen;
  runtime::Context context(heap);
  context.input = std::move(document);
  context.print = [&](std::string_view text) { seen += text; };
  context.limits.deadlineMs = 10'000;
  runtime::SharedStore store;
  for (const ir::SharedResource &shared : module.shared)
    store.declare(shared.name,
                  shared.single ? runtime::ResourceKind::Single : runtime::ResourceKind::Many);
  context.shared = &store;
  interp::Program program(module);
  auto result = interp::run(program, module.transforms.front(), context);
  for (const Value &output : context.outputs) {
    format::JsonWriteOptions options;
    options.numbers = format::JsonNumbers::Extended;
    std::string text;
    auto written = format::writeJson(text, output, options);
    seen += written ? text : "not written: " + written.error().message;
  }
  if (!result)
    seen += fmt::format("trap {}:{} {}", result.error().info().at.line,
                        result.error().info().at.column, result.error().info().message);
  return seen;
}

/// \returns whether the case has an input from which something was taken away
bool compareCase(const conformance::Case &theCase, const char *passes) {
  std::unique_ptr<ir::Module> module = compile(theCase.program, passes);
  if (!module || module->transforms.empty())
    return false;
  const std::string input = theCase.input.value_or("{}"); // strings of the document point into it
  runtime::Heap heap;
  auto document = format::readJson(heap, input, {});
  if (!document)
    return false;
  std::string expected = run(*module, heap, *document);
  if (run(*module, heap, *document) != expected)
    return false; // clock or chance
  Demand demand = computeDemand(*module, module->transforms.front());
  Value less = pruned(heap, *document, demand);
  auto same = runtime::equals(*document, less);
  EXPECT_EQ(run(*module, heap, less), expected)
      << theCase.name << " with --passes=" << passes << "\n"
      << printDemand(demand);
  return !same || !*same;
}

TEST(DemandTest, ProgramsDoTheSameOnWhatTheyAskFor) {
  size_t pruned = 0;
  for (const char *area : {"syntax", "semantics", "stdlib", "decisions", "vm"}) {
    std::vector<conformance::Case> cases;
    std::string path = fmt::format("{}/{}.jsonl", BRANCHLINE_CONFORMANCE_CASES, area);
    ASSERT_FALSE(conformance::readCases(path, cases));
    ASSERT_TRUE(runOnStack(kLargeStack, [&] {
      for (const conformance::Case &theCase : cases)
        for (const char *passes : {"", "promote-slots,simplify-cfg", kAllPasses})
          pruned += compareCase(theCase, passes) ? 1 : 0;
    }));
  }
  EXPECT_GT(pruned, 20u);
}

} // namespace
} // namespace branchline::opt
