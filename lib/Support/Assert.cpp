// Reports failed invariants. This is the only place in lib/ that ends the process.
#include "branchline/Support/Assert.h"

#include <cstdio>
#include <cstdlib>

namespace branchline {

void reportBug(const char *file, int line, const char *condition, const char *message) {
  std::fprintf(stderr, "%s:%d: internal error: %s (%s)\n", file, line, message, condition);
  std::abort();
}

} // namespace branchline
