// Threads with a large stack, so that deep recursion over source, values and calls ends at a
// counted limit instead of at the end of the stack.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace branchline {

/// Enough for every counted recursion of the toolchain in every build type; pages are only used
/// when touched.
inline constexpr size_t kLargeStack = size_t(1) << 30;

/// A running thread. It is joined before its owner goes away.
class StackThread {
public:
  /// Calls `work` on a new thread with a stack of `bytes`. Falls back to smaller stacks (at least
  /// 64 MiB) when the system refuses. \returns null when no thread could be made (then `work` does
  /// not run)
  static std::unique_ptr<StackThread> start(size_t bytes, std::function<void()> work);
  /// Waits for the work to end.
  ~StackThread();
  StackThread(const StackThread &) = delete;
  StackThread &operator=(const StackThread &) = delete;

private:
  struct Impl;
  explicit StackThread(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Calls `work` on such a thread and waits for it. \returns false when no thread could be made
bool runOnStack(size_t bytes, const std::function<void()> &work);

} // namespace branchline
