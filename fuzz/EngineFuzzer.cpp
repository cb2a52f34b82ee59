// Fuzz target: the bytes are a program, and all engines must agree about it.

#include "EngineHarness.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  using namespace branchline::fuzz;
  const Comparison comparison = compareEngines({reinterpret_cast<const char *>(data), size});
  if (comparison.verdict != Comparison::Verdict::Different)
    return 0;
  std::fprintf(stderr, "%s", comparison.report.c_str());
  std::abort();
}
