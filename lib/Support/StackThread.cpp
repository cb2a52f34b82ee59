// Threads with large stacks, by pthread attributes.
#include "branchline/Support/StackThread.h"

#include <pthread.h>

namespace branchline {

static void *runWork(void *work) {
  (*static_cast<const std::function<void()> *>(work))();
  return nullptr;
}

bool runOnStack(size_t bytes, const std::function<void()> &work) {
  constexpr size_t kSmallest = size_t(64) << 20;
  for (; bytes >= kSmallest; bytes /= 2) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
      return false;
    pthread_t thread;
    bool started = pthread_attr_setstacksize(&attributes, bytes) == 0 &&
                   pthread_create(&thread, &attributes, runWork,
                                  const_cast<std::function<void()> *>(&work)) == 0;
    pthread_attr_destroy(&attributes);
    if (started)
      return pthread_join(thread, nullptr) == 0;
  }
  return false;
}

} // namespace branchline
