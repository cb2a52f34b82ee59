// Whether two engines did the same: what PRINT wrote, the result, or the failure with its place and
// stack. Private to Driver.
#pragma once

#include "Execution.h"

#include <optional>
#include <string>

namespace branchline::driver {

/// How one engine's run ended.
struct Outcome {
  std::string_view printed;
  std::string_view text; // of the result, when there is no failure
  const Failure *failure = nullptr;
};

/// The first thing that differs.
struct Difference {
  std::string what; // `the output at byte 12`, `the message of the error`
  std::string found;
  std::string expected;
};

/// \returns nothing when the outcomes are the same \rule R19.26
std::optional<Difference> compareOutcomes(const Outcome &found, const Outcome &expected);

} // namespace branchline::driver
