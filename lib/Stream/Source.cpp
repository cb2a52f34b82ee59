// Plain inputs, and the choice between plain and compressed ones.
#include "branchline/Stream/Source.h"

#include "DecompressingSource.h"
#include "Decompressor.h"
#include "RawInput.h"

#include "branchline/Lang/Errors.h"

#include <algorithm>

namespace branchline::stream {
namespace {

class PlainSource final : public Source {
public:
  explicit PlainSource(RawInput input) : Source(input.name()), input_(std::move(input)) {}

  Expected<size_t, Error> read(char *into, size_t size) override { return input_.read(into, size); }

  Expected<void, Error> skipTo(uint64_t offset) override {
    if (const auto total = input_.totalBytes(); total && *total < offset)
      return Unexpected(tooShort(*total, offset));
    BL_TRY(const bool moved, input_.seek(offset));
    return moved ? Expected<void, Error>() : skipByReading(offset);
  }

  std::optional<uint64_t> totalBytes() const override { return input_.totalBytes(); }
  uint64_t takenBytes() const override { return input_.takenBytes(); }

private:
  RawInput input_;
};

} // namespace

Error Source::tooShort(uint64_t size, uint64_t offset) const {
  Error error = error::make<error::Id::InputTooShort>(size, offset);
  error.file = name_;
  return error;
}

Expected<void, Error> Source::skipByReading(uint64_t offset) {
  constexpr size_t kBlock = size_t(64) << 10;
  const auto block = std::make_unique<char[]>(kBlock);
  for (uint64_t at = 0; at < offset;) {
    BL_TRY(const size_t got, read(block.get(), std::min<uint64_t>(kBlock, offset - at)));
    if (got == 0)
      return Unexpected(tooShort(at, offset));
    at += got;
  }
  return {};
}

Expected<std::unique_ptr<Source>, Error> openSource(const std::string &path,
                                                    const SourceOptions &options) {
  BL_TRY(RawInput input, RawInput::open(path, options));
  std::string_view beginning;
  for (size_t wanted = 1; wanted <= kSniffedBytes && mayBeCompressed(beginning); ++wanted) {
    BL_TRY(beginning, input.peek(wanted));
    if (beginning.size() < wanted)
      break;
  }
  if (const auto format = sniffCompression(beginning))
    return makeDecompressingSource(std::move(input), *format);
  return std::unique_ptr<Source>(std::make_unique<PlainSource>(std::move(input)));
}

} // namespace branchline::stream
