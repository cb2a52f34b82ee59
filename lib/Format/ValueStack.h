// The values of containers that are still open, innermost on top. Their last values move as raw
// bytes into the finished container, which neither counts nor visits them.
#pragma once

#include "branchline/Runtime/Value.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace branchline::format {

/// A growing array of values. Not copyable.
class ValueStack {
public:
  ValueStack() = default;
  ValueStack(const ValueStack &) = delete;
  ValueStack &operator=(const ValueStack &) = delete;
  ~ValueStack() {
    clear();
    std::free(data_);
  }

  size_t size() const { return size_; }
  runtime::Value &operator[](size_t i) { return data_[i]; }

  void push(runtime::Value value) {
    if (size_ == capacity_)
      grow();
    new (data_ + size_++) runtime::Value(std::move(value));
  }

  /// Moves the values from `base` on to `target`, raw memory for as many.
  void moveTo(runtime::Value *target, size_t base) {
    constexpr size_t kFew = 8; // for which a call costs more than the copy
    const runtime::Value *from = data_ + base;
    const size_t count = size_ - base;
    size_ = base;
    if (count > kFew) {
      std::memcpy(static_cast<void *>(target), static_cast<const void *>(from),
                  count * sizeof(runtime::Value));
      return;
    }
    for (size_t i = 0; i < count; ++i)
      std::memcpy(static_cast<void *>(target + i), static_cast<const void *>(from + i),
                  sizeof(runtime::Value));
  }

  /// Drops the values from `base` on.
  void shrink(size_t base) {
    while (size_ != base)
      data_[--size_].~Value();
  }
  void clear() { shrink(0); }

private:
  void grow() {
    const size_t capacity = std::max<size_t>(1024, capacity_ * 2);
    void *grown = std::realloc(static_cast<void *>(data_), capacity * sizeof(runtime::Value));
    if (grown == nullptr)
      std::abort(); // as every other small allocation without memory
    data_ = static_cast<runtime::Value *>(grown);
    capacity_ = capacity;
  }

  runtime::Value *data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

} // namespace branchline::format
