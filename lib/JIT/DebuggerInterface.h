// Code in memory made known to debuggers: the interface that gdb and lldb look for. Private to JIT.
#pragma once

#include <memory>
#include <string>

namespace branchline::jit {

/// An object file that debuggers know as long as this lives.
class DebuggerEntry {
public:
  /// \param object  with the addresses of its sections in memory
  explicit DebuggerEntry(std::string object);
  ~DebuggerEntry();
  DebuggerEntry(const DebuggerEntry &) = delete;
  DebuggerEntry &operator=(const DebuggerEntry &) = delete;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace branchline::jit
