// Memory for chunks, used again and again: a reader that runs for hours holds as many buffers as
// were in flight at once, and a buffer that comes back is still in the processor's cache.
#pragma once

#include <cstddef>
#include <memory>

namespace branchline::stream {

/// Bytes of one chunk.
struct Buffer {
  char *data = nullptr;
  size_t capacity = 0;

  Buffer() = default;
  Buffer(const Buffer &) = delete;
  Buffer &operator=(const Buffer &) = delete;
  ~Buffer();

  /// Makes room for `bytes`; what was there stays. \returns false when there is no memory
  bool grow(size_t bytes);
};

/// Hands out buffers. They may come back on any thread, also after the pool is gone.
class BufferPool {
public:
  /// \param bytes  of an ordinary buffer
  explicit BufferPool(size_t bytes);

  /// A buffer of at least the ordinary size, which returns to the pool when nobody needs it any
  /// more. \returns null when there is no memory
  std::shared_ptr<Buffer> take();

private:
  struct Shelf;
  std::shared_ptr<Shelf> shelf_;
};

} // namespace branchline::stream
