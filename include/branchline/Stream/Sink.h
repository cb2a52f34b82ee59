// Where the bytes of a stream go: standard output or a file, plain or compressed.
#pragma once

#include "branchline/Support/Error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace branchline::stream {

/// One output. Used by one thread. Destroyed without `close`, a file that was to be replaced stays
/// as it was, and one that is appended to keeps what `flush` and `sync` have handed over.
class Sink {
public:
  virtual ~Sink() = default;

  /// Takes whole records; they may stay in a buffer until `flush`.
  /// \errors CannotWriteStdout, CannotWriteFile (a full disk, a closed pipe). Of the text of a call
  ///         that failed nothing stays in a file: what is there ends with a whole record. The
  ///         message is empty when the reader of a pipe went away, as `head` does on purpose.
  virtual Expected<void, Error> write(std::string_view text) = 0;
  /// Hands everything taken so far to the system. \errors those of write
  virtual Expected<void, Error> flush() = 0;
  /// `flush`, and makes it survive a crash of the machine where the output can do that.
  /// \returns bytes of the file that are durable now; compressed: up to a frame that is complete
  virtual Expected<uint64_t, Error> sync() = 0;
  /// Ends the output: trailers of compressed data, and the file takes its final name.
  virtual Expected<void, Error> close() = 0;
};

/// How an output is opened.
struct SinkOptions {
  enum class Mode : uint8_t {
    Replace, ///< the file appears, or is replaced, when it is complete: at `close`
    Append,  ///< the file grows in place, so that a killed run can be resumed
  };
  Mode mode = Mode::Replace;
  uint64_t keep = 0; ///< Append: bytes of the file that stay; what is behind them is dropped
};

/// Opens an output. `-` is standard output. The ending `.gz` or `.zst` of a path chooses
/// compression. Missing folders are made. A pipe or device is written to as it is.
/// \errors CannotWriteFile; OutputTooShort: the file has fewer bytes than are to be kept
Expected<std::unique_ptr<Sink>, Error> openSink(const std::string &path,
                                                const SinkOptions &options = {});

} // namespace branchline::stream
