// A bump allocator for trees that live and die together (AST, IR operands).
// Leaves out: destructors; only trivially destructible types go in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace branchline {

/// Owns memory that is freed as a whole. Not thread-safe.
class Arena {
public:
  Arena() = default;
  Arena(Arena &&) noexcept = default;
  Arena &operator=(Arena &&) noexcept = default;
  Arena(const Arena &) = delete;
  Arena &operator=(const Arena &) = delete;

  /// Uninitialised memory that lives as long as the arena.
  /// \complexity O(1) amortised
  void *allocate(size_t size, size_t alignment) {
    uintptr_t at = (cursor_ + alignment - 1) & ~uintptr_t(alignment - 1);
    if (at + size > end_ || cursor_ == 0)
      return allocateSlow(size, alignment);
    cursor_ = at + size;
    return reinterpret_cast<void *>(at);
  }

  /// Constructs a `T` in the arena.
  template <class T, class... Args> T *make(Args &&...args) {
    static_assert(std::is_trivially_destructible_v<T>, "the arena runs no destructors");
    return new (allocate(sizeof(T), alignof(T))) T(std::forward<Args>(args)...);
  }

  /// Copies a text into the arena.
  std::string_view copy(std::string_view text) {
    if (text.empty())
      return {};
    char *at = static_cast<char *>(allocate(text.size(), 1));
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }

  /// Copies a sequence of trivially copyable items into the arena.
  template <class T> std::span<T> copy(const std::vector<T> &items) {
    static_assert(std::is_trivially_copyable_v<T>, "items are copied as bytes");
    if (items.empty())
      return {};
    T *at = static_cast<T *>(allocate(items.size() * sizeof(T), alignof(T)));
    std::memcpy(static_cast<void *>(at), items.data(), items.size() * sizeof(T));
    return {at, items.size()};
  }

private:
  void *allocateSlow(size_t size, size_t alignment) {
    constexpr size_t kBlock = 16 * 1024;
    size_t bytes = size + alignment > kBlock ? size + alignment : kBlock;
    blocks_.push_back(std::make_unique<std::byte[]>(bytes));
    cursor_ = reinterpret_cast<uintptr_t>(blocks_.back().get());
    end_ = cursor_ + bytes;
    uintptr_t at = (cursor_ + alignment - 1) & ~uintptr_t(alignment - 1);
    cursor_ = at + size;
    return reinterpret_cast<void *>(at);
  }

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  uintptr_t cursor_ = 0;
  uintptr_t end_ = 0;
};

} // namespace branchline
