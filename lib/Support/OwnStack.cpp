// By the context functions of the C library. Pages are reserved and only used when touched; the
// lowest one is a guard.
#include "branchline/Support/OwnStack.h"

#include <cstdint>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define BL_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#define BL_ADDRESS_SANITIZER __has_feature(address_sanitizer)
#else
#define BL_ADDRESS_SANITIZER 0
#endif

#if BL_ADDRESS_SANITIZER
// The sanitizer must know which stack is in use.
extern "C" void __sanitizer_start_switch_fiber(void **save, const void *bottom, size_t size);
extern "C" void __sanitizer_finish_switch_fiber(void *save, const void **bottom, size_t *size);
#endif

namespace branchline {

struct OwnStack::Impl {
  char *memory = nullptr;
  size_t bytes = 0;
  ucontext_t caller{};
  ucontext_t callee{};
  const std::function<void()> *work = nullptr;
  const void *callerStack = nullptr;
  size_t callerBytes = 0;

  /// The first function on the stack. \param high,low  the address of the Impl
  static void start(unsigned high, unsigned low) {
    auto *impl = reinterpret_cast<Impl *>(uintptr_t(high) << 32 | uintptr_t(low));
#if BL_ADDRESS_SANITIZER
    __sanitizer_finish_switch_fiber(nullptr, &impl->callerStack, &impl->callerBytes);
#endif
    (*impl->work)();
#if BL_ADDRESS_SANITIZER
    __sanitizer_start_switch_fiber(nullptr, impl->callerStack, impl->callerBytes);
#endif
  }
};

OwnStack::OwnStack(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

OwnStack::~OwnStack() { ::munmap(impl_->memory, impl_->bytes); }

std::unique_ptr<OwnStack> OwnStack::make(size_t bytes) {
  constexpr size_t kSmallest = size_t(64) << 20;
  for (; bytes >= kSmallest; bytes /= 2) {
    void *memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED)
      continue;
    ::mprotect(memory, static_cast<size_t>(::sysconf(_SC_PAGESIZE)), PROT_NONE);
    auto impl = std::make_unique<Impl>();
    impl->memory = static_cast<char *>(memory);
    impl->bytes = bytes;
    return std::unique_ptr<OwnStack>(new OwnStack(std::move(impl)));
  }
  return nullptr;
}

void OwnStack::run(const std::function<void()> &work) {
  Impl &impl = *impl_;
  impl.work = &work;
  ::getcontext(&impl.callee);
  impl.callee.uc_stack.ss_sp = impl.memory;
  impl.callee.uc_stack.ss_size = impl.bytes;
  impl.callee.uc_link = &impl.caller;
  const auto address = reinterpret_cast<uintptr_t>(&impl);
  ::makecontext(&impl.callee, reinterpret_cast<void (*)()>(&Impl::start), 2,
                static_cast<unsigned>(address >> 32), static_cast<unsigned>(address));
#if BL_ADDRESS_SANITIZER
  void *save = nullptr;
  __sanitizer_start_switch_fiber(&save, impl.memory, impl.bytes);
#endif
  ::swapcontext(&impl.caller, &impl.callee);
#if BL_ADDRESS_SANITIZER
  __sanitizer_finish_switch_fiber(save, nullptr, nullptr);
#endif
}

} // namespace branchline
