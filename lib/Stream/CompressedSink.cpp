// Compresses as it is given text; complete members only stay when writing fails.
#include "CompressedSink.h"

#include "Encoder.h"

#include <cerrno>

namespace branchline::stream {
namespace {

class CompressedSink final : public Sink {
public:
  CompressedSink(FileOutput file, Compression format)
      : file_(std::move(file)), format_(format), encoder_(makeEncoder(format)),
        durable_(file_.position()) {}

  Expected<void, Error> write(std::string_view text) override {
    if (text.empty())
      return {};
    isOpen_ = true;
    BL_CHECK(encode(text, Encoder::Upto::Whenever));
    return buffer_.size() < kBufferBytes ? Expected<void, Error>() : send();
  }

  Expected<void, Error> flush() override {
    if (isOpen_)
      BL_CHECK(encode({}, Encoder::Upto::Now));
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

  Expected<void, Error> encode(std::string_view text, Encoder::Upto upto) {
    if (encoder_->encode(text, upto, buffer_))
      return {};
    return Unexpected(file_.failure(ENOMEM));
  }

  Expected<void, Error> endMember() {
    if (isOpen_)
      BL_CHECK(encode({}, Encoder::Upto::End));
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
      encoder_ = makeEncoder(format_);
      isOpen_ = false;
    }
    return written;
  }

  FileOutput file_;
  Compression format_;
  std::unique_ptr<Encoder> encoder_;
  std::string buffer_;
  uint64_t durable_;    // end of the last complete member
  bool isOpen_ = false; // a member has begun
};

} // namespace

std::unique_ptr<Sink> makeCompressedSink(FileOutput file, Compression format) {
  return std::make_unique<CompressedSink>(std::move(file), format);
}

} // namespace branchline::stream
