// Memory of a heap: size-classed free lists over chunks for blocks up to 32 KiB, the C library for
// larger ones, and a `reset` that drops everything without visiting it. Freed and unused memory is
// poisoned for the address sanitizer. Leaves out: what lies in the blocks, and limits.
#pragma once

#include "branchline/Runtime/Heap.h"

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SANITIZE_ADDRESS__)
#define BL_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BL_ADDRESS_SANITIZER 1
#endif
#endif

#ifdef BL_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#define BL_POISON(block, bytes) __asan_poison_memory_region(block, bytes)
#define BL_UNPOISON(block, bytes) __asan_unpoison_memory_region(block, bytes)
#else
#define BL_POISON(block, bytes) ((void)(block), (void)(bytes))
#define BL_UNPOISON(block, bytes) ((void)(block), (void)(bytes))
#endif

namespace branchline::runtime {

/// Hands out blocks aligned to 16 bytes. Accounts in the statistics it is given.
class Allocator {
public:
  /// Classes 1..64 are multiples of 16 bytes, then four per doubling up to kMaxClassBytes.
  static constexpr size_t kMaxSmallBytes = 1024;
  static constexpr size_t kMaxClassBytes = 32 * 1024;
  static constexpr uint16_t kSmallClasses = 64;
  static constexpr uint16_t kClassCount = kSmallClasses + 20;
  static constexpr uint16_t kLargeClass = kClassCount + 1;

  explicit Allocator(HeapStats &stats) : stats_(stats) {}
  ~Allocator();
  Allocator(const Allocator &) = delete;
  Allocator &operator=(const Allocator &) = delete;

  /// The class of blocks with room for `bytes`.
  static constexpr uint16_t classOf(size_t bytes) {
    if (bytes <= kMaxSmallBytes)
      return static_cast<uint16_t>((bytes + 15) / 16 + (bytes == 0));
    if (bytes > kMaxClassBytes)
      return kLargeClass;
    const unsigned width = static_cast<unsigned>(std::bit_width(bytes - 1));
    return static_cast<uint16_t>(kSmallClasses + (width - 11) * 4 + ((bytes - 1) >> (width - 3)) -
                                 3);
  }
  /// Bytes of a block of a class but kLargeClass.
  static constexpr size_t classBytes(uint16_t sizeClass) {
    if (sizeClass <= kSmallClasses)
      return size_t(sizeClass) * 16;
    const unsigned step = sizeClass - kSmallClasses - 1u;
    return size_t(step % 4 + 5) << (step / 4 + 8);
  }

  /// \param sizeClass classOf(bytes)
  void *allocate(size_t bytes, uint16_t sizeClass) {
    if (sizeClass == kLargeClass)
      return allocateLarge(bytes);
    const size_t size = classBytes(sizeClass);
    stats_.bytesInUse += size;
    if (stats_.bytesInUse > stats_.peakBytes)
      stats_.peakBytes = stats_.bytesInUse;
    if (FreeBlock *block = free_[sizeClass]) {
      BL_UNPOISON(block, size);
      free_[sizeClass] = block->next;
      return block;
    }
    if (size > static_cast<size_t>(end_ - cursor_))
      nextChunk();
    char *block = cursor_;
    cursor_ += size;
    BL_UNPOISON(block, size);
    return block;
  }

  /// Two blocks, one behind the other, in little more than the time of one. Null when the memory at
  /// hand does not have them; then they are to be had one by one.
  /// \param first,second  at most kSmallClasses
  void *allocateTwo(uint16_t first, uint16_t second) {
    const size_t size = (size_t(first) + second) * 16;
    if (free_[first] || free_[second] || size > static_cast<size_t>(end_ - cursor_))
      return nullptr;
    stats_.bytesInUse += size;
    if (stats_.bytesInUse > stats_.peakBytes)
      stats_.peakBytes = stats_.bytesInUse;
    char *block = cursor_;
    cursor_ += size;
    BL_UNPOISON(block, size);
    return block;
  }

  /// Gives a block back. \param sizeClass the one it was allocated with
  void free(void *block, uint16_t sizeClass) noexcept {
    if (sizeClass == kLargeClass) {
      freeLarge(block);
      return;
    }
    stats_.bytesInUse -= classBytes(sizeClass);
    push(block, sizeClass);
  }

  /// Moves a block to a new size; its first bytes stay.
  void *reallocate(void *block, size_t oldBytes, size_t newBytes);

  /// Drops all blocks. Keeps some chunks for the next run.
  void reset() noexcept;

private:
  struct FreeBlock {
    FreeBlock *next;
  };
  struct alignas(16) Chunk {
    Chunk *next;
  };
  struct alignas(16) Large {
    Large *previous;
    Large *next;
    size_t bytes;
  };
  static constexpr size_t kChunkBytes = 256 * 1024;
  /// Chunks beyond this are given back to the system by `reset`.
  static constexpr size_t kKeptBytes = size_t(64) << 20;

  void push(void *block, uint16_t sizeClass) noexcept {
    auto *freed = static_cast<FreeBlock *>(block);
    freed->next = free_[sizeClass];
    free_[sizeClass] = freed;
    BL_POISON(block, classBytes(sizeClass));
  }
  void nextChunk();
  void useChunk(Chunk *chunk) noexcept;
  void *allocateLarge(size_t bytes);
  void freeLarge(void *block) noexcept;
  void link(Large *large) noexcept;

  HeapStats &stats_;
  char *cursor_ = nullptr;
  char *end_ = nullptr;
  FreeBlock *free_[kClassCount + 1] = {};
  Chunk *first_ = nullptr;   // all chunks, in the order of use
  Chunk *current_ = nullptr; // the one `cursor_` points into
  Large *large_ = nullptr;
};

} // namespace branchline::runtime
