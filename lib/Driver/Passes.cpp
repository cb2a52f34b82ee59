// From options to a pipeline.
#include "Passes.h"

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

} // namespace branchline::driver
