// The slow paths of the allocator: new chunks, large blocks, and dropping everything.
#include "Allocator.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/mman.h>

namespace branchline::runtime {
namespace {

// Requests that may be large are checked against the memory limit before they get here, so running
// out of memory means that the system refuses what the limit allows; no one can go on from that.
// The process says how it ends, as with `new` (std::set_new_handler).
void *fromSystem(void *block) {
  if (block)
    return block;
  if (std::new_handler handler = std::get_new_handler())
    handler();
  BL_UNREACHABLE("the system is out of memory");
}

/// Asks for large pages behind a block that will hold the array of a big list or object: touching
/// it page by page costs more than filling it. The system may ignore this.
void preferLargePages(void *block, size_t bytes) noexcept {
  constexpr size_t kWorthwhile = size_t(4) << 20, kPage = 4096;
  if (bytes < kWorthwhile)
    return;
  const auto begin = (reinterpret_cast<uintptr_t>(block) + kPage - 1) & ~uintptr_t(kPage - 1);
  const auto end = (reinterpret_cast<uintptr_t>(block) + bytes) & ~uintptr_t(kPage - 1);
  ::madvise(reinterpret_cast<void *>(begin), end - begin, MADV_HUGEPAGE);
}

} // namespace

Allocator::~Allocator() {
  reset();
  for (Chunk *chunk = first_; chunk;) {
    Chunk *next = chunk->next;
    BL_UNPOISON(chunk, kChunkBytes);
    std::free(chunk);
    chunk = next;
  }
}

void Allocator::useChunk(Chunk *chunk) noexcept {
  current_ = chunk;
  cursor_ = reinterpret_cast<char *>(chunk) + sizeof(Chunk);
  end_ = reinterpret_cast<char *>(chunk) + kChunkBytes;
}

void Allocator::nextChunk() {
  // The rest of the old chunk still serves a smaller class.
  const size_t rest = static_cast<size_t>(end_ - cursor_);
  for (uint16_t c = kClassCount; c > 0 && rest >= 16; --c) {
    if (classBytes(c) <= rest) {
      BL_UNPOISON(cursor_, classBytes(c));
      push(cursor_, c);
      break;
    }
  }
  if (current_ && current_->next) {
    useChunk(current_->next);
    return;
  }
  auto *chunk = static_cast<Chunk *>(fromSystem(std::malloc(kChunkBytes)));
  chunk->next = nullptr;
  BL_POISON(chunk + 1, kChunkBytes - sizeof(Chunk));
  stats_.bytesReserved += kChunkBytes;
  if (current_)
    current_->next = chunk;
  else
    first_ = chunk;
  useChunk(chunk);
}

void Allocator::link(Large *large) noexcept {
  large->previous = nullptr;
  large->next = large_;
  if (large_)
    large_->previous = large;
  large_ = large;
  stats_.bytesInUse += large->bytes;
  stats_.bytesReserved += large->bytes;
  if (stats_.bytesInUse > stats_.peakBytes)
    stats_.peakBytes = stats_.bytesInUse;
}

void *Allocator::allocateLarge(size_t bytes) {
  auto *large = static_cast<Large *>(fromSystem(std::malloc(sizeof(Large) + bytes)));
  large->bytes = bytes;
  preferLargePages(large, sizeof(Large) + bytes);
  link(large);
  return large + 1;
}

void Allocator::freeLarge(void *block) noexcept {
  Large *large = static_cast<Large *>(block) - 1;
  if (large->next)
    large->next->previous = large->previous;
  if (large->previous)
    large->previous->next = large->next;
  else
    large_ = large->next;
  stats_.bytesInUse -= large->bytes;
  stats_.bytesReserved -= large->bytes;
  std::free(large);
}

void *Allocator::reallocate(void *block, size_t oldBytes, size_t newBytes) {
  const uint16_t oldClass = classOf(oldBytes);
  const uint16_t newClass = classOf(newBytes);
  if (oldClass == newClass && oldClass != kLargeClass)
    return block;
  if (oldClass == kLargeClass && newClass == kLargeClass) {
    // The system can move large blocks without copying them.
    Large *large = static_cast<Large *>(block) - 1;
    if (large->next)
      large->next->previous = large->previous;
    if (large->previous)
      large->previous->next = large->next;
    else
      large_ = large->next;
    stats_.bytesInUse -= large->bytes;
    stats_.bytesReserved -= large->bytes;
    large = static_cast<Large *>(fromSystem(std::realloc(large, sizeof(Large) + newBytes)));
    large->bytes = newBytes;
    preferLargePages(large, sizeof(Large) + newBytes);
    link(large);
    return large + 1;
  }
  void *moved = allocate(newBytes, newClass);
  std::memcpy(moved, block, oldBytes < newBytes ? oldBytes : newBytes);
  free(block, oldClass);
  return moved;
}

void Allocator::reset() noexcept {
  while (large_)
    freeLarge(large_ + 1);
  size_t kept = 0;
  for (Chunk **at = &first_; *at;) {
    Chunk *chunk = *at;
    if (kept < kKeptBytes) {
      kept += kChunkBytes;
      BL_POISON(chunk + 1, kChunkBytes - sizeof(Chunk));
      at = &chunk->next;
      continue;
    }
    *at = chunk->next;
    BL_UNPOISON(chunk, kChunkBytes);
    std::free(chunk);
    stats_.bytesReserved -= kChunkBytes;
  }
  std::memset(free_, 0, sizeof(free_));
  cursor_ = end_ = nullptr;
  current_ = nullptr;
  if (first_)
    useChunk(first_);
  stats_.bytesInUse = 0;
}

} // namespace branchline::runtime
