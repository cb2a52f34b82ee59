// Checks for our own bugs: they stop the program at once. Bad input never reaches them.
#pragma once

namespace branchline {

/// Prints where an invariant failed to standard error and aborts.
[[noreturn]] void reportBug(const char *file, int line, const char *condition, const char *message);

} // namespace branchline

#ifdef BL_ENABLE_ASSERTIONS
#define BL_ASSERT(condition, message)                                                              \
  ((condition) ? (void)0 : ::branchline::reportBug(__FILE__, __LINE__, #condition, message))
#else
#define BL_ASSERT(condition, message) ((void)0)
#endif

/// Marks a place that no execution can reach; always stops, whatever the build type.
#define BL_UNREACHABLE(message) ::branchline::reportBug(__FILE__, __LINE__, "unreachable", message)
