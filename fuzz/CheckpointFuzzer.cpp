// Checkpoint files of any bytes: what is accepted is exactly what is written for it.
#include "branchline/Stream/Checkpoint.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const std::string_view text(reinterpret_cast<const char *>(data), size);
  const auto checkpoint = branchline::stream::parseCheckpoint(text);
  if (checkpoint && branchline::stream::renderCheckpoint(*checkpoint) != text)
    std::abort();
  return 0;
}
