// Fuzz target: object files, as the cache of native code may hold them. Loading must end with code
// or a message; nothing is run.

#include "branchline/JIT/ObjectLoader.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const auto code =
      branchline::jit::MachineCode::load({reinterpret_cast<const char *>(data), size}, true);
  if (code)
    (void)code->find("entry.0");
  return 0;
}
