// Feeds a decompressor from an input.
#include "DecompressingSource.h"

#include "Decompressor.h"

#include "branchline/Lang/Errors.h"

namespace branchline::stream {
namespace {

class DecompressingSource final : public Source {
public:
  DecompressingSource(RawInput input, Compression format)
      : Source(input.name()), input_(std::move(input)), format_(format),
        decompressor_(makeDecompressor(format)), block_(std::make_unique<char[]>(kBlockBytes)) {}

  Expected<size_t, Error> read(char *into, size_t size) override {
    size_t filled = 0;
    while (filled < size && !atEnd_) {
      if (rest_.empty() && !inputEnded_) {
        if (filled != 0 && !input_.isReady())
          break;
        refill();
      }
      if (!atEnd_)
        filled += decompress(into + filled, size - filled);
    }
    if (filled == 0 && failure_)
      return Unexpected(*failure_);
    return filled;
  }

  Expected<void, Error> skipTo(uint64_t offset) override { return skipByReading(offset); }
  std::optional<uint64_t> totalBytes() const override { return input_.totalBytes(); }
  uint64_t takenBytes() const override { return input_.takenBytes() - rest_.size(); }

private:
  static constexpr size_t kBlockBytes = size_t(128) << 10;

  void fail(Error error) {
    error.file = name();
    failure_ = std::move(error);
    atEnd_ = true;
  }

  void refill() {
    const auto got = input_.read(block_.get(), kBlockBytes);
    if (!got)
      return fail(got.error());
    rest_ = std::string_view(block_.get(), *got);
    inputEnded_ = *got == 0;
  }

  size_t decompress(char *into, size_t size) {
    const Decompressor::Step step = decompressor_->decompress(rest_, into, size);
    rest_.remove_prefix(step.consumed);
    if (step.state == Decompressor::State::Damaged)
      fail(error::make<error::Id::CompressedDamaged>(nameOf(format_), takenBytes(), step.reason));
    else if (step.consumed == 0 && step.produced == 0 && rest_.empty() && inputEnded_)
      end(step.state);
    return step.produced;
  }

  void end(Decompressor::State state) {
    if (state == Decompressor::State::Between)
      atEnd_ = true;
    else
      fail(error::make<error::Id::CompressedCutShort>(nameOf(format_), takenBytes()));
  }

  RawInput input_;
  Compression format_;
  std::unique_ptr<Decompressor> decompressor_;
  std::unique_ptr<char[]> block_;
  std::string_view rest_; // of the block
  bool inputEnded_ = false;
  bool atEnd_ = false; // nothing more comes out
  std::optional<Error> failure_;
};

} // namespace

std::unique_ptr<Source> makeDecompressingSource(RawInput input, Compression format) {
  return std::make_unique<DecompressingSource>(std::move(input), format);
}

} // namespace branchline::stream
