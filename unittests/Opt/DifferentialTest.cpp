// Every conformance program, as lowered and after passes, on the interpreter and on the virtual
// machine: outputs, what PRINT wrote, and errors with their places and call stacks must be the
// same. Each pass is tried alone, behind those that most passes need, and missing from the default
// pipeline; the pipeline whole, and twice. The IR is verified after every pass.
#include "branchline/Opt/PassManager.h"

#include "Cases.h"
#include "branchline/BCGen/BCGen.h"
#include "branchline/Bytecode/Verifier.h"
#include "branchline/Format/JsonReader.h"
#include "branchline/Format/JsonWriter.h"
#include "branchline/IR/Text.h"
#include "branchline/IR/Verifier.h"
#include "branchline/IRGen/IRGen.h"
#include "branchline/Interp/Interpreter.h"
#include "branchline/Runtime/Ops.h"
#include "branchline/Sema/Sema.h"
#include "branchline/Support/StackThread.h"
#include "branchline/Syntax/Parser.h"
#include "branchline/VM/VM.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace branchline::opt {
namespace {

using conformance::Case;

/// The program of a case as IR; null when it has errors, which other tests look at.
std::unique_ptr<ir::Module> lower(const Case &theCase, bool trace) {
  SourceText source("case.bl", theCase.program);
  DiagnosticSink sink;
  auto program = syntax::parse(source, sink);
  if (!sink.hasErrors())
    sema::check(*program, sink);
  if (sink.hasErrors())
    return nullptr;
  irgen::Options options;
  options.trace = trace;
  return irgen::generate(*program, source, options);
}

std::string_view argument(const Case &theCase, std::string_view name) {
  for (size_t i = 0; i + 1 < theCase.arguments.size(); ++i)
    if (theCase.arguments[i] == name)
      return theCase.arguments[i + 1];
  return {};
}

std::string describe(const runtime::Trap &trap) {
  const runtime::TrapInfo &info = trap.info();
  std::string text = fmt::format("trap {} {} {}:{} `{}`", static_cast<int>(info.id), info.type,
                                 info.at.line, info.at.column, info.message);
  for (const runtime::TrapFrame &frame : info.stack)
    text += fmt::format(" / {} {}:{}", frame.function, frame.at.line, frame.at.column);
  return text;
}

std::string describe(const runtime::Value &value) {
  std::string text;
  format::JsonWriteOptions options;
  options.format = format::JsonFormat::Compact;
  options.numbers = format::JsonNumbers::Extended;
  if (auto written = format::writeJson(text, value, options); !written)
    text = "not written: " + written.error().message;
  std::string plain; // kinds that JSON does not tell apart
  if (auto appended = runtime::appendText(plain, value); !appended)
    plain = describe(appended.error());
  return text + " " + plain;
}

/// A module made ready for the interpreter or for the machine. Values refer to it.
class Prepared {
public:
  enum class Engine : uint8_t { Interpreter, Machine };

  Prepared(const ir::Module &module, Engine engine, runtime::Heap &heap) {
    if (engine == Engine::Interpreter) {
      interpreted_.emplace(module);
      return;
    }
    auto generated = bcgen::generate(module, {});
    if (!generated) {
      problem = generated.error().message;
      return;
    }
    program_ = std::move(*generated);
    if (auto broken = bytecode::verify(*program_))
      problem = bytecode::describe(*broken);
    else
      session_.emplace(*program_, heap);
  }

  runtime::Result<void> run(const ir::TransformEntry &entry, runtime::Context &context) {
    if (interpreted_)
      return interp::run(*interpreted_, entry, context);
    return session_->run({entry.name, entry.function}, context);
  }

  std::string problem; // no runs when there is one

private:
  std::optional<interp::Program> interpreted_;
  std::unique_ptr<bytecode::Program> program_;
  std::optional<vm::Session> session_;
};

/// Everything a run shows, as one text.
std::string runModule(const ir::Module &module, const Case &theCase, Prepared::Engine engine) {
  runtime::Heap heap;
  std::string seen;
  format::JsonReadOptions reading;
  if (argument(theCase, "--json-key-mode") == "numeric")
    reading.keys = format::JsonKeys::Numeric;
  const std::string input = theCase.input.value_or("{}"); // values may borrow from it
  auto document = format::readJson(heap, input, reading);
  if (!document)
    return "no document";
  Prepared prepared(module, engine, heap);
  if (!prepared.problem.empty())
    return prepared.problem;
  runtime::Context context(heap);
  context.input = std::move(*document);
  context.print = [&](std::string_view text) { seen += text; };
  context.limits.deadlineMs = 10'000;
  runtime::SharedStore store;
  for (const ir::SharedResource &shared : module.shared)
    store.declare(shared.name,
                  shared.single ? runtime::ResourceKind::Single : runtime::ResourceKind::Many);
  context.shared = &store;
  const ir::TransformEntry *entry = module.findTransform(argument(theCase, "--transform"));
  if (!entry)
    return "no transform";
  auto result = prepared.run(*entry, context);
  for (const runtime::Value &output : context.outputs)
    seen += describe(output) + "\n";
  if (!result)
    seen += describe(result.error());
  for (const ir::SharedResource &shared : module.shared)
    if (auto keys = store.keys(shared.name))
      for (const std::string &key : *keys)
        seen += fmt::format("\nshared {}[{}]", shared.name, key);
  return seen;
}

struct Variant {
  std::string passes;
  bool trace = false;
};

/// Compares one case under one list of passes. \returns what is wrong, or nothing
std::string compare(const Case &theCase, const Variant &variant, const std::string &expected) {
  std::unique_ptr<ir::Module> module = lower(theCase, variant.trace);
  PipelineOptions options;
  options.passes = *parsePassList(variant.passes);
  options.verifyEach = true;
  auto report = runPipeline(*module, options);
  if (!report)
    return report.error().message;
  if (std::vector<ir::VerifierError> errors = ir::verify(*module); !errors.empty())
    return ir::renderVerifierErrors(errors);
  for (auto engine : {Prepared::Engine::Interpreter, Prepared::Engine::Machine})
    if (std::string actual = runModule(*module, theCase, engine); actual != expected)
      return fmt::format("  as lowered: {}\n  optimised, on the {}:  {}", expected,
                         engine == Prepared::Engine::Machine ? "machine" : "interpreter", actual);
  return {};
}

/// The default pipeline without one of its passes.
std::string withoutPass(std::string_view pass) {
  std::string list;
  for (PassId id : defaultPipeline())
    if (info(id).text != pass)
      list += fmt::format("{}{}", list.empty() ? "" : ",", info(id).text);
  return list;
}

struct Differential : ::testing::TestWithParam<const char *> {
  static std::vector<Variant> variants() {
    std::vector<Variant> made{{""}, {"default"}, {"default", true}, {"default,default"}};
    for (const PassInfo &pass : kPasses) {
      made.push_back({std::string(pass.text)});
      // Most passes find little to do before variables are values.
      made.push_back({"promote-slots,infer-kinds," + std::string(pass.text)});
      made.push_back({withoutPass(pass.text)});
    }
    return made;
  }
};

void compareAll(const std::vector<Case> &cases, size_t &compared) {
  const std::vector<Variant> variants = Differential::variants();
  for (const Case &theCase : cases) {
    std::unique_ptr<ir::Module> module = lower(theCase, false);
    if (!module)
      continue;
    constexpr auto kJudge = Prepared::Engine::Interpreter;
    std::string expected = runModule(*module, theCase, kJudge);
    if (runModule(*module, theCase, kJudge) != expected)
      continue; // clock or chance
    ++compared;
    for (const Variant &variant : variants)
      if (std::string wrong = compare(theCase, variant, expected); !wrong.empty())
        ADD_FAILURE() << theCase.name << " with --passes=" << variant.passes << "\n" << wrong;
  }
}

TEST_P(Differential, KeepsWhatProgramsDo) {
  std::vector<Case> cases;
  std::string path = fmt::format("{}/{}.jsonl", BRANCHLINE_CONFORMANCE_CASES, GetParam());
  auto failure = conformance::readCases(path, cases);
  ASSERT_FALSE(failure) << *failure;
  size_t compared = 0;
  ASSERT_TRUE(runOnStack(kLargeStack, [&] { compareAll(cases, compared); }));
  EXPECT_GT(compared, 10u);
}

INSTANTIATE_TEST_SUITE_P(Areas, Differential,
                         ::testing::Values("syntax", "semantics", "stdlib", "io", "decisions",
                                           "vm"),
                         [](const auto &area) { return std::string(area.param); });

} // namespace
} // namespace branchline::opt
