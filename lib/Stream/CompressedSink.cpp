// Compresses as it is given text; complete members only stay when writing fails.
#include "CompressedSink.h"

#include "Compressor.h"

#include <cerrno>

namespace branchline::stream {
namespace {

class CompressedSink final : public Sink {
public:
  CompressedSink(FileOutput file, Compression format)
      : file_(std::move(file)), format_(format), compressor_(makeCompressor(format)),
        durable_(file_.position()) {}

  Expected<void, Error> write(std::string_view text) override {
    if (text.empty())
      return {};
    isOpen_ = true;
    BL_CHECK(compress(text, Compressor::Upto::Whenever));
    return buffer_.size() < kBufferBytes ? Expected<void, Error>() : send();
  }

  Expected<void, Error> flush() override {
    if (isOpen_)
      BL_CHECK(compress({}, Compressor::Upto::Now));
    return send();
  }

  Expected<uint64_t, Error> sync() override {
    BL_CHECK(endMember());
    BL_CHECK(file_.sync());
    return file_.position();
  }

  Expected<void, Error> close() override {
    isOpen_ = isOpen_ || file_.position() == 0; // an empty file is no compressed one
    BL_CHECK(endMember());
    return file_.close();
  }

private:
  static constexpr size_t kBufferBytes = size_t(256) << 10;

  Expected<void, Error> compress(std::string_view text, Compressor::Upto upto) {
    if (compressor_->compress(text, upto, buffer_))
      return {};
    return Unexpected(file_.failure(ENOMEM));
  }

  Expected<void, Error> endMember() {
    if (isOpen_)
      BL_CHECK(compress({}, Compressor::Upto::End));
    BL_CHECK(send());
    isOpen_ = false;
    durable_ = file_.position();
    return {};
  }

  Expected<void, Error> send() {
    auto written = file_.write(buffer_);
    buffer_.clear();
    if (!written) {
      // The rest of this member would be of no use.
      file_.dropBehind(durable_);
      compressor_ = makeCompressor(format_);
      isOpen_ = false;
    }
    return written;
  }

  FileOutput file_;
  Compression format_;
  std::unique_ptr<Compressor> compressor_;
  std::string buffer_;
  uint64_t durable_;    // end of the last complete member
  bool isOpen_ = false; // a member has begun
};

} // namespace

std::unique_ptr<Sink> makeCompressedSink(FileOutput file, Compression format) {
  return std::make_unique<CompressedSink>(std::move(file), format);
}

} // namespace branchline::stream
