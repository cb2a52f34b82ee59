// Bytes of one input, read from front to end in pieces: a file, standard input, a pipe; plain or
// compressed. Leaves out: what the bytes mean (Framer.h).
#pragma once

#include "branchline/Support/Error.h"

#include <atomic>
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

  /// Reads up to `size` bytes to `into`; less is no sign of the end. Waits for the first byte only.
  /// \returns the number of bytes; 0 at the end.
  /// \errors  CannotReadFile, CannotReadStdin, and those of damaged or cut off compressed data
  virtual Expected<size_t, Error> read(char *into, size_t size) = 0;

  /// Goes on at a place of the decompressed bytes, for resuming. A source that cannot seek reads
  /// and drops what comes before.
  /// \errors  those of read; InputTooShort. Only before the first read.
  virtual Expected<void, Error> skipTo(uint64_t offset) = 0;

  /// Bytes of the file behind it, compressed ones when it is compressed; nothing when nobody knows.
  virtual std::optional<uint64_t> totalBytes() const = 0;
  /// How many of those have been taken so far.
  virtual uint64_t takenBytes() const = 0;
  /// What messages call it: the path, or `<stdin>`.
  const std::string &name() const { return name_; }

protected:
  explicit Source(std::string name) : name_(std::move(name)) {}
  /// `skipTo` for a source that has no other way.
  Expected<void, Error> skipByReading(uint64_t offset);
  Error tooShort(uint64_t size, uint64_t offset) const;

private:
  std::string name_;
};

/// How an input is opened.
struct SourceOptions {
  /// Set by anyone, from a signal handler too, to end a wait for bytes that do not come (a pipe, a
  /// terminal); `read` then fails with the reason of an interrupted call. Borrowed; may be null.
  const std::atomic<bool> *stop = nullptr;
};

/// Opens an input. `-` is standard input. Content that begins like a gzip or zstd file is
/// decompressed, whatever the name says; several members or frames in a row are one input.
/// \errors CannotReadFile, CannotReadStdin
Expected<std::unique_ptr<Source>, Error> openSource(const std::string &path,
                                                    const SourceOptions &options = {});

} // namespace branchline::stream
