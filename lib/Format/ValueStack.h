// The values of containers that are still open, innermost on top. A heap gathers the last ones into
// the finished container without counting or visiting them.
#pragma once

#include "branchline/Runtime/Value.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
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

  /// The values from `base` on have become one, in the place of the first.
  void gathered(size_t base) { size_ = base + 1; }

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
