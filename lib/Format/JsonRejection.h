// From a walk that failed to the error that says why.
#pragma once

#include "JsonWalker.h"

#include "branchline/Support/Error.h"

#include <string>
#include <string_view>

namespace branchline::format {

/// \param text  of the document, which the diagnosing parser reads again
Error explainRejection(WalkFailure failure, std::string_view text, const JsonReadOptions &options,
                       const runtime::Heap &heap, const std::string &limitMessage);

} // namespace branchline::format
