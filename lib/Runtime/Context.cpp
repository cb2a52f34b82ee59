// Run limits and outputs. \rule R2.1.2-4, E6, D23
#include "branchline/Runtime/Context.h"

#include <algorithm>
#include <thread>

#include "Limits.h"

namespace branchline::runtime {

Result<void> Context::wait(uint64_t milliseconds) {
  using namespace std::chrono;
  constexpr uint64_t kLongest = uint64_t(1000) * 60 * 60 * 24 * 365; // keeps the sum in range
  const auto end =
      steady_clock::now() + ::std::chrono::milliseconds(std::min(milliseconds, kLongest));
  for (;;) {
    BL_CHECK(safePoint());
    const auto left = duration_cast<nanoseconds>(end - steady_clock::now());
    if (left.count() <= 0)
      return {};
    std::this_thread::sleep_for(std::min<nanoseconds>(left, ::std::chrono::milliseconds(10)));
  }
}

Result<void> Context::safePoint() {
  // What a run holds outside its heap counts as well.
  const uint64_t outside = outputs.capacity() * sizeof(Value) + (shared ? shared->bytes() : 0);
  if (heap.overLimit() || !heap.mayAllocate(outside))
    return memoryTrap(heap);
  if (cancelled.load(std::memory_order_relaxed) ||
      (interrupt && interrupt->load(std::memory_order_relaxed)))
    return trap<TrapId::Interrupted>();
  if (limits.deadlineMs != 0) {
    const auto elapsed = std::chrono::steady_clock::now() - started;
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count();
    if (spent >= 0 && static_cast<uint64_t>(spent) >= limits.deadlineMs)
      return trap<TrapId::Deadline>(limits.deadlineMs);
  }
  return {};
}

void Context::emit(const Value &value) {
  if (value.isNull())
    return;
  if (!value.isList()) {
    outputs.push_back(value);
    return;
  }
  const std::span<const Value> items = std::as_const(*value.list()).items();
  outputs.insert(outputs.end(), items.begin(), items.end());
}

Result<Value> Context::collapse() {
  if (outputs.empty())
    return Value();
  if (outputs.size() == 1)
    return outputs.front();
  BL_CHECK(reserve(heap, outputs.size() * sizeof(Value)));
  return heap.list(outputs);
}

Result<void> reserve(Heap &heap, uint64_t bytes) {
  if (!heap.mayAllocate(bytes))
    return memoryTrap(heap);
  return {};
}

} // namespace branchline::runtime
