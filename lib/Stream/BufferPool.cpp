// A shelf of buffers behind a lock: it is taken twice for each chunk, which is some hundred
// kilobytes of work.
#include "BufferPool.h"

#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

namespace branchline::stream {

Buffer::~Buffer() { std::free(data); }

bool Buffer::grow(size_t bytes) {
  if (bytes <= capacity)
    return true;
  // The system moves the pages of large blocks instead of copying them.
  void *grown = std::realloc(data, bytes);
  if (grown == nullptr)
    return false;
  data = static_cast<char *>(grown);
  capacity = bytes;
  return true;
}

struct BufferPool::Shelf {
  explicit Shelf(size_t size) : bytes(size) {}

  const size_t bytes;
  std::mutex mutex;
  std::vector<std::unique_ptr<Buffer>> free; // the last one back is the first one out
};

BufferPool::BufferPool(size_t bytes) : shelf_(std::make_shared<Shelf>(bytes)) {}

std::shared_ptr<Buffer> BufferPool::take() {
  std::unique_ptr<Buffer> buffer;
  {
    const std::lock_guard lock(shelf_->mutex);
    if (!shelf_->free.empty()) {
      buffer = std::move(shelf_->free.back());
      shelf_->free.pop_back();
    }
  }
  if (buffer == nullptr) {
    buffer = std::make_unique<Buffer>();
    if (!buffer->grow(shelf_->bytes))
      return nullptr;
  }
  return std::shared_ptr<Buffer>(buffer.release(), [shelf = shelf_](Buffer *back) {
    std::unique_ptr<Buffer> owned(back);
    if (owned->capacity > shelf->bytes)
      return; // grown for one long record, which is no reason to keep that much for ever
    const std::lock_guard lock(shelf->mutex);
    shelf->free.push_back(std::move(owned));
  });
}

} // namespace branchline::stream
