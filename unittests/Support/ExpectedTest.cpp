// Expected: both states, ownership, and the macros that pass errors on.
#include "branchline/Support/Expected.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace {

using namespace branchline;

Expected<int, std::string> half(int value) {
  if (value % 2 != 0)
    return Unexpected(std::string("odd"));
  return value / 2;
}

Expected<int, std::string> quarter(int value) {
  BL_TRY(int once, half(value));
  BL_TRY(int twice, half(once));
  return twice;
}

Expected<void, std::string> even(int value) {
  BL_CHECK(half(value));
  return {};
}

TEST(Expected, HoldsAValueOrAnError) {
  auto good = half(4);
  ASSERT_TRUE(good.has_value());
  EXPECT_EQ(*good, 2);
  auto bad = half(3);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error(), "odd");
}

TEST(Expected, TryPassesTheFirstErrorOn) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error(), "odd");
  EXPECT_EQ(quarter(5).error(), "odd");
}

TEST(Expected, VoidHasOnlyTheError) {
  EXPECT_TRUE(even(2).has_value());
  EXPECT_EQ(even(1).error(), "odd");
}

TEST(Expected, MovesWhatItOwns) {
  Expected<std::unique_ptr<int>, std::string> first(std::make_unique<int>(7));
  Expected<std::unique_ptr<int>, std::string> second(std::move(first));
  EXPECT_EQ(**second, 7);
  std::unique_ptr<int> taken = std::move(*second);
  EXPECT_EQ(*taken, 7);
}

TEST(Expected, AssignmentChangesTheState) {
  Expected<std::string, std::string> both(std::string("value"));
  both = Expected<std::string, std::string>(Unexpected(std::string("error")));
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error(), "error");
  both = Expected<std::string, std::string>(std::string("again"));
  ASSERT_TRUE(both);
  EXPECT_EQ(both->size(), 5u);
}

} // namespace
