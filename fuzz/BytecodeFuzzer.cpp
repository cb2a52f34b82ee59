// Fuzz target: bytecode files. The checksum is put right first, or nothing would get past it.

#include "BytecodeHarness.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string bytes(reinterpret_cast<const char *>(data), size);
  (void)branchline::bytecode::read(bytes);
  branchline::bytecode::repairChecksum(bytes);
  branchline::fuzz::checkBytes(bytes);
  return 0;
}
