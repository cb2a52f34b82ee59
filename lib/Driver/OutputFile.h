// Where --output-file and --output write to.
#pragma once

#include "branchline/Driver/Report.h"

#include <string>

namespace branchline::driver {

/// The file that a path given by the user stands for: itself, or `output.json` in a folder.
/// \errors BlankOutputFile, OutputFileIsFolder \rule R5.17.6, 5-Q26
Expected<std::string, Error> outputFileTarget(std::string_view path, System &system);

/// Writes what a command makes to the file of --output, or to standard output.
ExitStatus emit(const CommandLine &line, std::string_view text, Reporter &reporter);

} // namespace branchline::driver
