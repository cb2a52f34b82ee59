// A list of object files in memory and a function that is called when it changes, where debuggers
// have a breakpoint. Names and layout are fixed by the interface, and so is that they are global.
#include "DebuggerInterface.h"

#include <cstdint>
#include <mutex>

extern "C" {

struct jit_code_entry {
  jit_code_entry *next_entry;
  jit_code_entry *prev_entry;
  const char *symfile_addr;
  uint64_t symfile_size;
};

struct jit_descriptor {
  uint32_t version;
  uint32_t action_flag; // what happened: 1 an entry came, 2 it goes
  jit_code_entry *relevant_entry;
  jit_code_entry *first_entry;
};

[[gnu::used]] jit_descriptor __jit_debug_descriptor = {1, 0, nullptr, nullptr};

[[gnu::used, gnu::noinline]] void __jit_debug_register_code() { __asm__ volatile("" ::: "memory"); }
}

namespace branchline::jit {

struct DebuggerEntry::Impl {
  std::string object;
  jit_code_entry entry{};
};

namespace {

/// The list is shared by all threads. Never destroyed: programs may end while it is in use.
std::mutex &listMutex() {
  static auto *const kMutex = new std::mutex;
  return *kMutex;
}

void announce(uint32_t action, jit_code_entry *entry) {
  __jit_debug_descriptor.action_flag = action;
  __jit_debug_descriptor.relevant_entry = entry;
  __jit_debug_register_code();
}

} // namespace

DebuggerEntry::DebuggerEntry(std::string object) : impl_(std::make_unique<Impl>()) {
  impl_->object = std::move(object);
  jit_code_entry &entry = impl_->entry;
  entry.symfile_addr = impl_->object.data();
  entry.symfile_size = impl_->object.size();
  const std::lock_guard lock(listMutex());
  entry.next_entry = __jit_debug_descriptor.first_entry;
  if (entry.next_entry)
    entry.next_entry->prev_entry = &entry;
  __jit_debug_descriptor.first_entry = &entry;
  announce(1, &entry);
}

DebuggerEntry::~DebuggerEntry() {
  jit_code_entry &entry = impl_->entry;
  const std::lock_guard lock(listMutex());
  (entry.prev_entry ? entry.prev_entry->next_entry : __jit_debug_descriptor.first_entry) =
      entry.next_entry;
  if (entry.next_entry)
    entry.next_entry->prev_entry = entry.prev_entry;
  announce(2, &entry);
}

} // namespace branchline::jit
