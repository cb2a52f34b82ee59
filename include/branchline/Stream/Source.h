// Bytes of one input, read from front to end in pieces: a file, standard input, a pipe; plain or
// compressed. Leaves out: what the bytes mean (Framer.h).
#pragma once

#include "branchline/Support/Error.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace branchline::stream {

/// One input. Used by one thread.
class Source {
public:
  virtual ~Source() = default;

  /// Reads up to `size` bytes to `into`; less is no sign of the end.
  /// \returns the number of bytes; 0 at the end.
  /// \errors  CannotReadFile, CannotReadStdin, and those of damaged or cut off compressed data
  virtual Expected<size_t, Error> read(char *into, size_t size) = 0;

  /// Goes on at a place of the decompressed bytes, for resuming. A source that cannot seek reads
  /// and drops what comes before.
  /// \errors  those of read; one when the input is shorter than `offset`
  virtual Expected<void, Error> skipTo(uint64_t offset) = 0;

  /// Bytes of the file behind it, compressed ones when it is compressed; nothing when nobody knows.
  virtual std::optional<uint64_t> totalBytes() const = 0;
  /// How many of those have been taken so far.
  virtual uint64_t takenBytes() const = 0;
  /// What messages call it: the path, or `<stdin>`.
  const std::string &name() const { return name_; }

protected:
  explicit Source(std::string name) : name_(std::move(name)) {}

private:
  std::string name_;
};

/// Opens an input. `-` is standard input. Content that begins like a gzip or zstd file is
/// decompressed, whatever the name says; several members or frames in a row are one input.
/// \errors CannotReadFile, CannotReadStdin
Expected<std::unique_ptr<Source>, Error> openSource(const std::string &path);

} // namespace branchline::stream
