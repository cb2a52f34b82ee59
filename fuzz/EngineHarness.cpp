// The first engine without passes is the judge of all others.
#include "EngineHarness.h"

#include "ProgramGenerator.h"
#include "branchline/Driver/Compilation.h"
#include "branchline/Driver/Engines.h"
#include "branchline/Driver/ReadPlans.h"
#include "branchline/Format/JsonReader.h"
#include "branchline/Format/JsonWriter.h"
#include "branchline/IR/Verifier.h"
#include "branchline/Opt/PassManager.h"
#include "branchline/Runtime/Ops.h"

#include <fmt/format.h>
#include <optional>

namespace branchline::fuzz {
namespace {

struct Limits {
  uint32_t callDepth;
  uint64_t instructions;
  size_t memory;
};

/// What is compared, and whether a limit of the run ended it.
struct Outcome {
  std::string text;
  bool met = false;
  bool failed = false;
};

void describe(std::string &out, const runtime::Trap &trap) {
  const runtime::TrapInfo &info = trap.info();
  out += fmt::format("error {} {} at {}:{}: {}\n", static_cast<int>(info.id), info.type,
                     info.at.line, info.at.column, info.message);
  for (const runtime::TrapFrame &frame : info.stack)
    out += fmt::format("  in {} at {}:{}\n", frame.function, frame.at.line, frame.at.column);
}

void describe(std::string &out, const runtime::Value &value) {
  format::JsonWriteOptions options;
  options.format = format::JsonFormat::Compact;
  options.numbers = format::JsonNumbers::Extended;
  out += "output ";
  if (auto written = format::writeJson(out, value, options); !written)
    out += written.error().message;
  out += ' ';
  if (auto appended = runtime::appendText(out, value); !appended) // tells more kinds apart
    out += appended.error().info().message;
  out += '\n';
}

/// A module after passes.
struct Optimised {
  ir::Module module;
  std::optional<format::ReadPlan> plan; // nothing: the whole document
  std::string problem;
};

Optimised optimise(const ir::Module &module, std::string_view passes, bool keepCalls,
                   bool verifyEach) {
  Optimised made{module, std::nullopt, {}};
  if (passes.empty())
    return made;
  opt::PipelineOptions options;
  options.passes = *opt::parsePassList(passes);
  options.verifyEach = verifyEach;
  options.keepCalls = keepCalls;
  if (auto report = opt::runPipeline(made.module, options); !report)
    made.problem = report.error().message;
  else if (auto errors = ir::verify(made.module); !errors.empty())
    made.problem = ir::renderVerifierErrors(errors);
  else
    made.plan = driver::readPlanOf(made.module, made.module.transforms.front(), false);
  return made;
}

Outcome run(const driver::Engine &engine, const Optimised &optimised, std::string_view document,
            const Limits &limits, uint64_t tierAfter) {
  Outcome outcome{optimised.problem};
  if (!outcome.text.empty())
    return outcome;
  runtime::Heap heap;
  heap.setMemoryLimit(limits.memory);
  driver::PrepareOptions options;
  options.tierAfter = tierAfter;
  options.waitForCode = true;
  auto executable = engine.prepare(std::make_unique<ir::Module>(optimised.module), options);
  if (!executable)
    return {executable.error().message};
  runtime::Context context(heap);
  context.limits.callDepth = limits.callDepth;
  context.limits.instructions = limits.instructions;
  context.limits.memoryBytes = limits.memory;
  context.limits.deadlineMs = 20'000;
  context.print = [&](std::string_view text) { outcome.text += text; };
  auto input = format::readJson(heap, document, {}, optimised.plan ? &*optimised.plan : nullptr);
  if (!input)
    return outcome;
  context.input = std::move(*input);
  const auto result = (*executable)->run(0, context);
  for (const runtime::Value &value : context.outputs)
    describe(outcome.text, value);
  if (!result) {
    describe(outcome.text, result.error());
    outcome.failed = true;
    outcome.met = !result.error().catchable();
  }
  context.outputs.clear();
  context.input = runtime::Value();
  return outcome;
}

/// A few passes in any order.
std::string somePasses(ByteSource &bytes) {
  std::string list = bytes.onceIn(2) ? "promote-slots" : "";
  for (unsigned count = 1 + bytes.pick(6); count > 0; --count)
    list += (list.empty() ? "" : ",") + std::string(bytes.of(opt::kPasses).text);
  return list;
}

} // namespace

Comparison compareEngines(std::string_view bytes) {
  ByteSource source(bytes);
  // What is decided first may not depend on how long the program is.
  const bool shallow = source.onceIn(8);
  const uint64_t tierAfter = source.onceIn(2) ? 0 : source.pick(100);
  const std::string_view document = chooseInput(source);
  const std::string passLists[] = {"", "default", somePasses(source)};
  Comparison comparison{Comparison::Verdict::NotAProgram, false, generateProgram(source), {}};
  driver::StageTimes times;
  driver::Compilation compilation("program.bl", comparison.program);
  const auto compiled = compilation.compile(driver::CompileTo::Module, {}, times);
  if (!compiled) {
    comparison.verdict = Comparison::Verdict::Different;
    comparison.report = compiled.error().message;
    return comparison;
  }
  if (!*compiled)
    return comparison;
  const uint32_t callDepth = shallow ? 1 + source.pick(opt::kInlinedCallDepth - 1) : 200;
  const bool verifyEach = source.onceIn(4);
  std::optional<Outcome> judge;
  for (const std::string &passes : passLists) {
    const Optimised optimised =
        optimise(*compilation.module, passes, callDepth < opt::kInlinedCallDepth, verifyEach);
    for (const driver::Engine &engine : driver::engines()) {
      if (!engine.available())
        continue;
      // Others may use more than the judge, so that only it decides what is too much.
      const Limits limits = judge ? Limits{callDepth, 0, size_t(256) << 20}
                                  : Limits{callDepth, 100'000, size_t(16) << 20};
      Outcome outcome = run(engine, optimised, document, limits, tierAfter);
      if (!judge) {
        comparison.failed = outcome.failed;
        if (outcome.met) {
          comparison.verdict = Comparison::Verdict::Unbounded;
          return comparison;
        }
        judge = std::move(outcome);
        continue;
      }
      if (outcome.text == judge->text)
        continue;
      comparison.verdict = Comparison::Verdict::Different;
      comparison.report = fmt::format(
          "--- document\n{}\n--- program\n{}--- expected\n{}--- engine `{}`, --passes={}, call "
          "depth {}\n{}",
          document, comparison.program, judge->text, engine.name, passes, callDepth, outcome.text);
      return comparison;
    }
  }
  comparison.verdict = Comparison::Verdict::Same;
  return comparison;
}

} // namespace branchline::fuzz
