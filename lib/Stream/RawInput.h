// The bytes of a file or of standard input as the system has them, before anything is decompressed.
#pragma once

#include "Descriptor.h"

#include "branchline/Stream/Source.h"

#include <array>
#include <string_view>

namespace branchline::stream {

/// An open input. Reading waits for the first byte only: what a slow pipe has is handed over.
class RawInput {
public:
  /// Most bytes that can be looked at before they are read.
  static constexpr size_t kMaxPeek = 8;

  /// \errors CannotReadFile, CannotReadStdin
  static Expected<RawInput, Error> open(const std::string &path, const SourceOptions &options);

  /// \returns 0 at the end. \errors as open; also when `SourceOptions::stop` was set while waiting
  Expected<size_t, Error> read(char *into, size_t size);
  /// The first bytes of the input, fewer when it is shorter. Only before the first `read`.
  Expected<std::string_view, Error> peek(size_t size);
  /// Goes to a place of the input. \returns false, unmoved, when this input cannot
  Expected<bool, Error> seek(uint64_t offset);

  /// Whether `read` would not wait.
  bool isReady() const { return isFile_ || hasMore(); }

  std::optional<uint64_t> totalBytes() const { return total_; }
  uint64_t takenBytes() const { return taken_; }
  const std::string &name() const { return name_; }

  Error failure(int code) const;

private:
  RawInput(Descriptor file, std::string name, const SourceOptions &options)
      : file_(std::move(file)), name_(std::move(name)), stop_(options.stop) {}

  Expected<size_t, Error> readSome(char *into, size_t size);
  /// Waits until there is something to read. \returns an errno; 0 when there is
  int await() const;
  bool hasMore() const;

  Descriptor file_;
  std::string name_;
  const std::atomic<bool> *stop_;
  bool isFile_ = false; // regular: never waits, and can seek
  uint64_t start_ = 0;  // of the input in the file
  std::optional<uint64_t> total_;
  uint64_t taken_ = 0;
  std::array<char, kMaxPeek> ahead_{};
  uint8_t aheadSize_ = 0;
  uint8_t aheadTaken_ = 0;
};

} // namespace branchline::stream
