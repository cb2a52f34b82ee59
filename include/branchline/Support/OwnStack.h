// A large stack for work on the calling thread: what StackThread.h does for whole commands, for
// work so short that starting a thread would take most of its time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace branchline {

/// Memory of a stack. Used by one thread at a time.
class OwnStack {
public:
  /// Falls back to smaller stacks (at least 64 MiB) when the system refuses.
  /// \returns null when there is no memory
  static std::unique_ptr<OwnStack> make(size_t bytes);
  ~OwnStack();
  OwnStack(const OwnStack &) = delete;
  OwnStack &operator=(const OwnStack &) = delete;

  /// Calls `work` on this stack; not from within such a call. \complexity about a microsecond
  void run(const std::function<void()> &work);

private:
  struct Impl;
  explicit OwnStack(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

} // namespace branchline
