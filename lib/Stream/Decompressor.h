// Decompression step by step, one face for both formats.
#pragma once

#include "Compression.h"

#include <memory>

namespace branchline::stream {

/// Decompresses members (gzip) or frames (zstd) that follow each other.
class Decompressor {
public:
  enum class State : uint8_t {
    Inside,  ///< in the middle of a member: the input may not end here
    Between, ///< a member is complete
    Damaged, ///< see `reason`
  };
  struct Step {
    State state;
    size_t consumed; // bytes of the input
    size_t produced; // bytes of the output
    const char *reason = nullptr;
  };

  virtual ~Decompressor() = default;
  /// Goes on with some input, which may be empty to fetch output that is still held back.
  virtual Step decompress(std::string_view input, char *output, size_t size) = 0;
};

std::unique_ptr<Decompressor> makeDecompressor(Compression format);

} // namespace branchline::stream
