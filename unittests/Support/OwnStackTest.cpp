// Work on a stack of our own: it may go deep, it runs on the calling thread, and it can be
// repeated.
#include "branchline/Support/OwnStack.h"

#include <gtest/gtest.h>
#include <thread>

using namespace branchline;

namespace {

/// Uses some kilobyte of stack for each level.
size_t goDeep(size_t levels) {
  volatile char room[1024];
  room[levels % sizeof room] = 1;
  return levels == 0 ? 0 : goDeep(levels - 1) + static_cast<size_t>(room[levels % sizeof room]);
}

} // namespace

TEST(OwnStack, HoldsDeepRecursion) {
  const auto stack = OwnStack::make(size_t(256) << 20);
  ASSERT_TRUE(stack);
  size_t depth = 0;
  stack->run([&] { depth = goDeep(50'000); }); // 50 MB; the usual stack has 8
  EXPECT_EQ(depth, 50'000u);
}

TEST(OwnStack, RunsOnTheCallingThreadAgainAndAgain) {
  const auto stack = OwnStack::make(size_t(64) << 20);
  ASSERT_TRUE(stack);
  unsigned runs = 0;
  for (unsigned i = 0; i < 1000; ++i)
    stack->run([&, caller = std::this_thread::get_id()] {
      runs += std::this_thread::get_id() == caller ? 1 : 0;
    });
  EXPECT_EQ(runs, 1000u);
}

TEST(OwnStack, BelongsToAnyThread) {
  const auto stack = OwnStack::make(size_t(64) << 20);
  ASSERT_TRUE(stack);
  unsigned runs = 0;
  for (unsigned i = 0; i < 3; ++i)
    std::thread([&] { stack->run([&] { ++runs; }); }).join();
  EXPECT_EQ(runs, 3u);
}
