// The chunks of all inputs of a stream, one input after another. Private to Driver.
#pragma once

#include "branchline/Driver/StreamOptions.h"
#include "branchline/Driver/System.h"
#include "branchline/Stream/Pipeline.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace branchline::driver {

class StreamFeed final : public stream::Feed {
public:
  /// \param inputs  paths, `-` for standard input; at least one
  StreamFeed(System &system, std::vector<std::string> inputs, stream::FramerOptions options)
      : system_(system), inputs_(std::move(inputs)), options_(std::move(options)) {}

  Expected<bool, Error> next(stream::Chunk &chunk) override;

  const std::vector<std::string> &inputs() const { return inputs_; }
  /// What messages call an input.
  std::string nameOf(uint32_t input) const {
    return inputs_[input] == "-" ? "<stdin>" : inputs_[input];
  }

private:
  Expected<void, Error> open();

  System &system_;
  const std::vector<std::string> inputs_;
  const stream::FramerOptions options_;
  uint32_t input_ = 0; // the one that is open, or to be opened next
  std::unique_ptr<stream::Source> source_;
  std::unique_ptr<stream::Framer> framer_;
};

} // namespace branchline::driver
