// Opens inputs as they are needed: a thousand files are never open at once.
#include "StreamFeed.h"

#include "branchline/Lang/Errors.h"

namespace branchline::driver {

Expected<std::vector<std::string>, Error> expandInputs(const std::vector<std::string> &arguments,
                                                       System &system) {
  if (arguments.empty())
    return std::vector<std::string>{"-"};
  std::vector<std::string> inputs;
  for (const std::string &argument : arguments) {
    const auto readable = argument == "-" ? Expected<void, Error>() : system.checkFile(argument);
    if (readable) {
      inputs.push_back(argument);
      continue;
    }
    const std::vector<std::string> matches = argument.find_first_of("*?[") != std::string::npos
                                                 ? system.matchFiles(argument)
                                                 : std::vector<std::string>();
    if (matches.empty())
      return Unexpected(readable.error());
    for (const std::string &match : matches) {
      BL_CHECK(system.checkFile(match));
      inputs.push_back(match);
    }
  }
  return inputs;
}

StreamFeed::StreamFeed(System &system, std::vector<std::string> inputs,
                       stream::FramerOptions options)
    : system_(system), inputs_(std::move(inputs)), options_(std::move(options)), total_(0) {
  for (const std::string &input : inputs_) {
    const std::optional<FileState> state = input == "-" ? std::nullopt : system_.stateOf(input);
    total_ = total_ && state ? std::optional(*total_ + state->bytes) : std::nullopt;
  }
}

Expected<void, Error> StreamFeed::open(uint64_t offset) {
  BL_TRY(source_, system_.openSource(inputs_[input_]));
  if (offset != 0)
    BL_CHECK(source_->skipTo(offset));
  BL_TRY(framer_, stream::makeFramer(*source_, options_, offset));
  return {};
}

Expected<uint64_t, Error> StreamFeed::skipTo(uint32_t input, uint64_t offset, uint64_t lines,
                                             uint64_t records) {
  for (; input_ != input; ++input_)
    if (const auto state = system_.stateOf(inputs_[input_]))
      takenBefore_ += state->bytes;
  if (options_.framing != stream::Framing::Split) {
    BL_CHECK(open(offset));
    return lines;
  }
  BL_CHECK(open(0));
  return framer_->skip(records);
}

Expected<bool, Error> StreamFeed::next(stream::Chunk &chunk) {
  while (input_ < inputs_.size()) {
    if (!framer_)
      BL_CHECK(open(0));
    auto more = framer_->next(chunk);
    taken_.store(takenBefore_ + source_->takenBytes(), std::memory_order_relaxed);
    if (!more || *more) {
      chunk.input = input_;
      return more;
    }
    takenBefore_ += source_->takenBytes();
    framer_.reset();
    source_.reset();
    ++input_;
  }
  return false;
}

} // namespace branchline::driver
