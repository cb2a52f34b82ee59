// Outputs behind a buffer.
#include "branchline/Stream/Sink.h"

#include "CompressedSink.h"
#include "FileOutput.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace branchline::stream {
namespace {

class PlainSink final : public Sink {
public:
  explicit PlainSink(FileOutput file) : file_(std::move(file)) {}

  Expected<void, Error> write(std::string_view text) override {
    if (buffer_.size() + text.size() > kBufferBytes)
      BL_CHECK(flush());
    if (text.size() >= kBufferBytes) {
      const uint64_t before = file_.position();
      auto written = file_.write(text);
      if (!written)
        file_.dropBehind(before);
      return written;
    }
    buffer_ += text;
    ends_.push_back(static_cast<uint32_t>(buffer_.size()));
    return {};
  }

  Expected<void, Error> flush() override {
    if (buffer_.empty())
      return {};
    const uint64_t before = file_.position();
    auto written = file_.write(buffer_);
    if (!written) {
      const auto after = std::upper_bound(ends_.begin(), ends_.end(), file_.position() - before);
      file_.dropBehind(before + (after == ends_.begin() ? 0 : *(after - 1)));
    }
    buffer_.clear();
    ends_.clear();
    return written;
  }

  Expected<uint64_t, Error> sync() override {
    BL_CHECK(flush());
    BL_CHECK(file_.sync());
    return file_.position();
  }

  Expected<void, Error> close() override {
    BL_CHECK(flush());
    return file_.close();
  }

private:
  static constexpr size_t kBufferBytes = size_t(256) << 10;

  FileOutput file_;
  std::string buffer_;
  std::vector<uint32_t> ends_; // of the texts in the buffer
};

} // namespace

Expected<std::unique_ptr<Sink>, Error> openSink(const std::string &path,
                                                const SinkOptions &options) {
  BL_TRY(FileOutput file, FileOutput::open(path, options));
  if (const auto format = compressionOfName(path))
    return makeCompressedSink(std::move(file), *format);
  return std::unique_ptr<Sink>(std::make_unique<PlainSink>(std::move(file)));
}

} // namespace branchline::stream
