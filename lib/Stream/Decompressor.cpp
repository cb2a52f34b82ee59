// gzip by zlib, zstd by libzstd.
#include "Decompressor.h"

#include <algorithm>
#include <limits>
#include <zlib.h>
#include <zstd.h>

namespace branchline::stream {
namespace {

unsigned atMostUnsigned(size_t size) {
  return static_cast<unsigned>(std::min<size_t>(size, std::numeric_limits<unsigned>::max()));
}

class GzipDecompressor final : public Decompressor {
public:
  GzipDecompressor() { ready_ = ::inflateInit2(&stream_, kGzipOnly) == Z_OK; }
  ~GzipDecompressor() override { (void)::inflateEnd(&stream_); }

  Step decompress(std::string_view input, char *output, size_t size) override {
    if (!ready_)
      return {State::Damaged, 0, 0, "no memory"};
    if (state_ == State::Between && started_) {
      // Tools that write whole blocks fill up with zeros behind the last member.
      const size_t padding = std::min(input.find_first_not_of('\0'), input.size());
      if (padding != 0 || input.empty())
        return {State::Between, padding, 0};
      (void)::inflateReset(&stream_);
    }
    started_ = true;
    stream_.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(input.data()));
    stream_.avail_in = atMostUnsigned(input.size());
    stream_.next_out = reinterpret_cast<Bytef *>(output);
    stream_.avail_out = atMostUnsigned(size);
    const unsigned had = stream_.avail_in;
    const unsigned room = stream_.avail_out;
    const int code = ::inflate(&stream_, Z_NO_FLUSH);
    Step step{State::Inside, had - stream_.avail_in, room - stream_.avail_out};
    if (code == Z_STREAM_END) {
      step.state = State::Between;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      step.state = State::Damaged;
      step.reason = stream_.msg != nullptr ? stream_.msg : ::zError(code);
    }
    state_ = step.state;
    return step;
  }

private:
  static constexpr int kGzipOnly = MAX_WBITS + 16;

  z_stream stream_{};
  bool ready_ = false;
  bool started_ = false;
  State state_ = State::Between;
};

class ZstdDecompressor final : public Decompressor {
public:
  ZstdDecompressor() : stream_(::ZSTD_createDStream()) {}
  ~ZstdDecompressor() override { (void)::ZSTD_freeDStream(stream_); }

  Step decompress(std::string_view input, char *output, size_t size) override {
    if (stream_ == nullptr)
      return {State::Damaged, 0, 0, "no memory"};
    if (state_ == State::Between && input.empty())
      return {State::Between, 0, 0};
    // A call that fails does not say what it has put out. So it gets no more input than its next
    // block, and none while output may be held back.
    const size_t taken = isFull_ ? 0 : std::min(input.size(), wanted_);
    ZSTD_inBuffer in{input.data(), taken, 0};
    ZSTD_outBuffer out{output, size, 0};
    const size_t left = ::ZSTD_decompressStream(stream_, &out, &in);
    if (::ZSTD_isError(left) != 0) {
      state_ = State::Damaged;
      return {state_, in.pos, out.pos, ::ZSTD_getErrorName(left)};
    }
    state_ = left == 0 ? State::Between : State::Inside;
    // What is asked for includes the head of the block after the next one, which may be the
    // damaged one.
    wanted_ = left > kHeadBytes ? left - kHeadBytes : 1;
    isFull_ = out.pos == size;
    return {state_, in.pos, out.pos};
  }

private:
  static constexpr size_t kHeadBytes = 3; // of a block

  ZSTD_DStream *stream_;
  size_t wanted_ = 1;   // input that can be given without touching the block after the next one
  bool isFull_ = false;         // the last output was
  State state_ = State::Between;
};

} // namespace

std::unique_ptr<Decompressor> makeDecompressor(Compression format) {
  if (format == Compression::Gzip)
    return std::make_unique<GzipDecompressor>();
  return std::make_unique<ZstdDecompressor>();
}

} // namespace branchline::stream
