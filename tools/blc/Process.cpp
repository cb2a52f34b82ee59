// Signals are the only reason for a global.
#include "Process.h"

#include <csignal>
#include <new>
#include <unistd.h>
#include <vector>

namespace branchline {
namespace {

// A signal handler can only reach what is global. Set once, before the handler is installed.
driver::System *theSystem = nullptr;

// Leak checkers want everything freed, and a profile is written when a process ends in good order.
#if defined(__SANITIZE_ADDRESS__) || defined(BRANCHLINE_WRITES_PROFILE)
constexpr bool kEndsProcess = false;
#elif defined(__has_feature)
constexpr bool kEndsProcess = !__has_feature(address_sanitizer);
#else
constexpr bool kEndsProcess = true;
#endif

/// The first interrupt asks a running program to stop at its next safe point; where nobody listens,
/// and the second time, it ends the process.
void onInterrupt(int) {
  if (!theSystem->listening || theSystem->interrupt.exchange(true))
    ::_exit(static_cast<int>(driver::ExitStatus::Interrupted));
}

/// The system is out of memory, which the limits of a run did not see coming. Nothing can be
/// allocated any more, so the message is written as it is.
void onNoMemory() {
  constexpr char kMessage[] = "error: out of memory [BL6011]\n"
                              "hint: `--max-memory` ends a run earlier, with its place\n";
  [[maybe_unused]] ssize_t written = ::write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
  ::_exit(static_cast<int>(driver::ExitStatus::Runtime));
}

void installSignals() {
  std::signal(SIGPIPE, SIG_IGN); // a closed pipe is an error value
  struct sigaction action = {};
  struct sigaction former = {};
  action.sa_handler = onInterrupt;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  // Started in the background by a shell, interrupts are ignored and stay so.
  if (::sigaction(SIGINT, nullptr, &former) == 0 && former.sa_handler != SIG_IGN)
    ::sigaction(SIGINT, &action, nullptr);
}

} // namespace

int runProcess(int argc, char **argv, std::string_view name, const ProcessWork &work) {
  driver::NativeSystem system(kEndsProcess);
  theSystem = &system;
  installSignals();
  std::set_new_handler(onNoMemory);
  const std::vector<std::string_view> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  const auto status = static_cast<int>(work(argc > 0 ? argv[0] : name, arguments, system));
  // A compilation may be under way on a thread of its own. It must not find LLVM half taken down.
  if (kEndsProcess)
    ::_exit(status);
  return status;
}

} // namespace branchline
