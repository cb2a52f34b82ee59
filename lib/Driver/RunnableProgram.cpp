// What all programs share: choosing the transform.
#include "RunnableProgram.h"

#include "branchline/Lang/Errors.h"

#include <algorithm>

namespace branchline::driver {

RunnableProgram::~RunnableProgram() = default;

bool RunnableProgram::passesText() const {
  return options_.layout == format::JsonFormat::Compact && !options_.raw &&
         options_.outputPath.empty();
}

Step RunnableProgram::selectTransform() {
  const auto found = options_.transform.empty()
                         ? transforms_.begin()
                         : std::find(transforms_.begin(), transforms_.end(), options_.transform);
  if (found != transforms_.end()) {
    transform_ = static_cast<size_t>(found - transforms_.begin());
    return std::nullopt;
  }
  Error error = error::make<error::Id::TransformNotFound>(options_.transform);
  error.file = options_.script;
  for (const std::string &name : transforms_)
    if (!name.empty())
      error.hint += (error.hint.empty() ? "the program has " : ", ") + name;
  return reporter_.report(error);
}

} // namespace branchline::driver
