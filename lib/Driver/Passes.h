// Which passes a command line asks for, and running them. Private to Driver.
#pragma once

#include "branchline/Driver/CommandLine.h"
#include "branchline/Driver/StageTimes.h"
#include "branchline/Driver/System.h"
#include "branchline/IR/Module.h"
#include "branchline/Opt/PassManager.h"

#include <optional>
#include <string>
#include <string_view>

namespace branchline::driver {

/// What --passes or --opt-level say, as a value of --passes; nothing when neither is given.
std::optional<std::string> passesOf(const CommandLine &line);

/// Runs passes over a module. \param passes  as in --passes; empty: none
/// \param options  all but `passes`
/// \errors UnknownValue: no such pass; BrokenIr
Expected<void, Error> optimise(ir::Module &module, std::string_view passes,
                               opt::PipelineOptions options, StageTimes &times);

/// The same for a command that shows what the compiler does: with dumps, times and counters on
/// standard error as the command line asks for them.
Expected<void, Error> optimise(ir::Module &module, std::string_view passes, const CommandLine &line,
                               System &system);

/// The value of --passes for the passes of -O1.
inline constexpr std::string_view kDefaultPasses = "default";

} // namespace branchline::driver
