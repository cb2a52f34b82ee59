// A system that refuses the large stack: the process gets only little more address space.
#include "branchline/Driver/Driver.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace branchline;
using namespace branchline::driver;

namespace {

/// Bytes of address space in use; 0 where the system does not tell.
size_t addressSpace() {
  std::ifstream file("/proc/self/statm");
  size_t pages = 0;
  file >> pages;
  return pages * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

[[noreturn]] void runWithoutRoom() {
  const rlim_t most = addressSpace() + (size_t(32) << 20);
  const rlimit limit{most, most};
  if (::setrlimit(RLIMIT_AS, &limit) != 0)
    std::_Exit(1);
  NativeSystem system;
  const std::string_view arguments[] = {"version"};
  std::_Exit(static_cast<int>(runCommandLine("blc", arguments, system)));
}

TEST(LargeStackDeathTest, RefusalIsAnError) {
  if (addressSpace() == 0)
    GTEST_SKIP() << "the size of the address space is not known here";
  EXPECT_EXIT(runWithoutRoom(), testing::ExitedWithCode(70),
              "error: no thread with a stack of 64 MiB or more could be started \\[BL4291\\]");
}

} // namespace
