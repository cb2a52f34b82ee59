// From options to a pipeline.
#include "Passes.h"

#include "branchline/IR/Text.h"

#include <chrono>
#include <fmt/format.h>

namespace branchline::driver {

std::optional<std::string> passesOf(const CommandLine &line) {
  if (line.has(Option::Passes))
    return std::string(line.text(Option::Passes));
  if (info(Option::OptLevel).appliesTo(line.command()) && line.has(Option::OptLevel))
    return std::string(line.text(Option::OptLevel) == "0" ? "" : kDefaultPasses);
  return std::nullopt;
}

Expected<void, Error> optimise(ir::Module &module, std::string_view passes,
                               opt::PipelineOptions options, StageTimes &times) {
  BL_TRY(options.passes, opt::parsePassList(passes));
  if (options.passes.empty())
    return {};
  auto scope = times.measure(Stage::Optimise);
  BL_CHECK(opt::runPipeline(module, options));
  return {};
}

namespace {

std::string renderTimes(const opt::PipelineReport &report) {
  auto line = [](std::string_view name, std::chrono::nanoseconds time) {
    return fmt::format("{:<15} {:>10.3f} ms\n", name,
                       std::chrono::duration<double, std::milli>(time).count());
  };
  std::string out;
  for (const opt::PassReport &pass : report.passes)
    out += line(opt::info(pass.pass).text, pass.time);
  return out + line("total", report.time);
}

std::string renderCounters(const opt::PipelineReport &report) {
  std::string out;
  for (const auto &[name, count] : report.counters)
    out += fmt::format("{:<28} {:>10}\n", name, count);
  return out;
}

} // namespace

Expected<void, Error> optimise(ir::Module &module, std::string_view passes, const CommandLine &line,
                               System &system) {
  opt::PipelineOptions options;
  BL_TRY(options.passes, opt::parsePassList(passes));
  options.verifyEach = line.has(Option::VerifyEach);
  options.printAfterAll = line.text(Option::PrintAfter) == "all";
  if (!options.printAfterAll) {
    BL_TRY(const auto after, opt::parsePassList(line.text(Option::PrintAfter)));
    options.printAfter.insert(after.begin(), after.end());
  }
  options.dump = [&](opt::PassId pass, size_t, const ir::Module &now) {
    system.writeStderr(fmt::format("; after {}\n{}\n", opt::info(pass).text, ir::print(now)));
  };
  if (options.passes.empty())
    return {};
  BL_TRY(const auto report, opt::runPipeline(module, options));
  if (line.has(Option::TimePasses))
    system.writeStderr(renderTimes(report));
  if (line.has(Option::Stats))
    system.writeStderr(renderCounters(report));
  return {};
}

} // namespace branchline::driver
