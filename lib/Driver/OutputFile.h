// Where --output-file writes to.
#pragma once

#include "branchline/Driver/System.h"

#include <string>

namespace branchline::driver {

/// The file that a path given by the user stands for: itself, or `output.json` in a folder.
/// \errors BlankOutputFile, OutputFileIsFolder \rule R5.17.6, 5-Q26
Expected<std::string, Error> outputFileTarget(std::string_view path, System &system);

} // namespace branchline::driver
