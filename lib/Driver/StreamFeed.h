// The chunks of all inputs of a stream, one input after another. Private to Driver.
#pragma once

#include "branchline/Driver/StreamOptions.h"
#include "branchline/Driver/System.h"
#include "branchline/Stream/Pipeline.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace branchline::driver {

/// The inputs that arguments stand for: a pattern such as `logs/*.ndjson` that names no file itself
/// stands for the files it matches, in order of their names. Nothing stands for standard input.
/// \errors CannotReadFile: a file that cannot be read, a pattern without a match
Expected<std::vector<std::string>, Error> expandInputs(const std::vector<std::string> &arguments,
                                                       System &system);

class StreamFeed final : public stream::Feed {
public:
  /// \param inputs  paths, `-` for standard input; at least one
  StreamFeed(System &system, std::vector<std::string> inputs, stream::FramerOptions options);

  /// Starts inside an input. \param offset  in its bytes. \param records  of it before that
  /// \returns line feeds of it before that. \errors those of opening and skipping
  Expected<uint64_t, Error> skipTo(uint32_t input, uint64_t offset, uint64_t lines,
                                   uint64_t records);

  Expected<bool, Error> next(stream::Chunk &chunk) override;

  const std::vector<std::string> &inputs() const { return inputs_; }
  /// What messages call an input.
  std::string nameOf(uint32_t input) const {
    return inputs_[input] == "-" ? "<stdin>" : inputs_[input];
  }
  /// Bytes of all inputs, compressed ones where they are; nothing when nobody knows.
  std::optional<uint64_t> totalBytes() const { return total_; }
  /// How many of those have been taken. \threads any
  uint64_t takenBytes() const { return taken_.load(std::memory_order_relaxed); }

private:
  Expected<void, Error> open(uint64_t offset);

  System &system_;
  const std::vector<std::string> inputs_;
  const stream::FramerOptions options_;
  std::optional<uint64_t> total_;
  std::atomic<uint64_t> taken_{0};
  uint64_t takenBefore_ = 0; // of the inputs before
  uint32_t input_ = 0;       // the one that is open, or to be opened next
  std::unique_ptr<stream::Source> source_;
  std::unique_ptr<stream::Framer> framer_;
};

} // namespace branchline::driver
