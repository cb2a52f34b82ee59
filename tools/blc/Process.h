// The process around what lib/Driver does: signals, memory that runs out, exit status. Shared by
// the mains of `blc` and of compiled programs.
#pragma once

#include "branchline/Driver/Report.h"

#include <functional>
#include <span>
#include <string_view>

namespace branchline {

/// What a process does.
/// \param name  what it was called by, `argv[0]`. \param arguments  the rest
using ProcessWork = std::function<driver::ExitStatus(
    std::string_view name, std::span<const std::string_view> arguments, driver::System &system)>;

/// Sets up the process, once, and does its work. \param name  for a process without `argv[0]`
/// \returns the exit status for `main`
int runProcess(int argc, char **argv, std::string_view name, const ProcessWork &work);

} // namespace branchline
