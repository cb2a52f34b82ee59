// Runs a piece of work on a thread with a large stack, so that deep recursion over source, values
// and calls ends at a counted limit instead of at the end of the stack.
#pragma once

#include <cstddef>
#include <functional>

namespace branchline {

/// Enough for every counted recursion of the toolchain in every build type; pages are only used
/// when touched.
inline constexpr size_t kLargeStack = size_t(1) << 30;

/// Calls `work` on a new thread with a stack of `bytes` and waits for it. Falls back to smaller
/// stacks (at least 64 MiB) when the system refuses. \returns false when no thread could be made
/// (then `work` did not run).
bool runOnStack(size_t bytes, const std::function<void()> &work);

} // namespace branchline
