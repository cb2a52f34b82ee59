// Where the bytes of a stream go: standard output or a file, plain or compressed.
#pragma once

#include "branchline/Support/Error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace branchline::stream {

/// One output. Used by one thread.
class Sink {
public:
  virtual ~Sink() = default;

  /// Takes bytes; they may stay in a buffer until `flush`.
  /// \errors CannotWriteStdout, CannotWriteFile (a full disk, a closed pipe)
  virtual Expected<void, Error> write(std::string_view text) = 0;
  /// Hands everything taken so far to the system. \errors those of write
  virtual Expected<void, Error> flush() = 0;
  /// `flush`, and makes it survive a crash of the machine where the output can do that.
  /// \returns bytes of the file that are durable now; compressed: up to a frame that is complete
  virtual Expected<uint64_t, Error> sync() = 0;
  /// Ends the output: trailers of compressed data, and the file takes its final name.
  virtual Expected<void, Error> close() = 0;
};

} // namespace branchline::stream
