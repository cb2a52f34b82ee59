// Compression step by step, one face for both formats.
#pragma once

#include "Compression.h"

#include <memory>
#include <string>

namespace branchline::stream {

/// Compresses members (gzip) or frames (zstd) that follow each other.
class Compressor {
public:
  enum class Upto : uint8_t {
    Whenever, ///< bytes may be held back
    Now,      ///< a reader can decompress everything so far
    End,      ///< the member is complete; what comes later begins another one
  };

  virtual ~Compressor() = default;
  /// Appends compressed bytes to `out`. \returns false when there is no memory
  virtual bool compress(std::string_view text, Upto upto, std::string &out) = 0;
};

std::unique_ptr<Compressor> makeCompressor(Compression format);

} // namespace branchline::stream
