// The arena: alignment, large pieces, copies, and that moving it keeps what points into it.
#include "branchline/Support/Arena.h"

#include <gtest/gtest.h>
#include <string>

namespace {

using namespace branchline;

struct alignas(32) Wide {
  char bytes[32];
};

TEST(Arena, PiecesAreAligned) {
  Arena arena;
  for (int i = 0; i < 1000; ++i) {
    arena.allocate(1, 1);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(arena.make<double>(1.5)) % alignof(double), 0u);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(arena.make<Wide>()) % alignof(Wide), 0u);
  }
}

TEST(Arena, PiecesDoNotOverlap) {
  Arena arena;
  std::vector<uint32_t *> items;
  for (uint32_t i = 0; i < 20000; ++i)
    items.push_back(arena.make<uint32_t>(i));
  for (uint32_t i = 0; i < items.size(); ++i)
    ASSERT_EQ(*items[i], i);
}

TEST(Arena, TakesPiecesLargerThanABlock) {
  Arena arena;
  std::string text(100000, 'x');
  std::string_view copy = arena.copy(text);
  EXPECT_EQ(copy, text);
  EXPECT_NE(copy.data(), text.data());
  EXPECT_EQ(arena.copy(std::string_view("after")), "after");
}

TEST(Arena, CopiesSequences) {
  Arena arena;
  std::vector<int> items{1, 2, 3};
  std::span<int> copy = arena.copy(items);
  items[0] = 9;
  ASSERT_EQ(copy.size(), 3u);
  EXPECT_EQ(copy[0], 1);
  EXPECT_TRUE(arena.copy(std::vector<int>{}).empty());
  EXPECT_TRUE(arena.copy(std::string_view{}).empty());
}

TEST(Arena, MovingKeepsThePieces) {
  Arena first;
  std::string_view text = first.copy(std::string_view("kept"));
  Arena second(std::move(first));
  EXPECT_EQ(text, "kept");
  EXPECT_EQ(second.copy(std::string_view("more")), "more");
  EXPECT_EQ(text, "kept");
}

} // namespace
