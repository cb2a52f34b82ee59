// Threads with large stacks, by pthread attributes.
#include "branchline/Support/StackThread.h"

#include <pthread.h>

namespace branchline {

struct StackThread::Impl {
  pthread_t thread{};
  std::function<void()> work;
};

static void *runWork(void *work) {
  (*static_cast<const std::function<void()> *>(work))();
  return nullptr;
}

StackThread::StackThread(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

StackThread::~StackThread() { ::pthread_join(impl_->thread, nullptr); }

std::unique_ptr<StackThread> StackThread::start(size_t bytes, std::function<void()> work) {
  constexpr size_t kSmallest = size_t(64) << 20;
  auto impl = std::make_unique<Impl>();
  impl->work = std::move(work);
  for (; bytes >= kSmallest; bytes /= 2) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
      return nullptr;
    const bool started = pthread_attr_setstacksize(&attributes, bytes) == 0 &&
                         pthread_create(&impl->thread, &attributes, runWork, &impl->work) == 0;
    pthread_attr_destroy(&attributes);
    if (started)
      return std::unique_ptr<StackThread>(new StackThread(std::move(impl)));
  }
  return nullptr;
}

bool runOnStack(size_t bytes, const std::function<void()> &work) {
  return StackThread::start(bytes, work) != nullptr;
}

} // namespace branchline
