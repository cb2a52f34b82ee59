// gzip by zlib, zstd by libzstd.
#include "Compressor.h"

#include <algorithm>
#include <limits>
#include <zlib.h>
#include <zstd.h>

namespace branchline::stream {
namespace {

/// Room that is made for output at a time.
constexpr size_t kStepBytes = size_t(64) << 10;

class GzipCompressor final : public Compressor {
public:
  GzipCompressor() {
    ready_ =
        ::deflateInit2(&stream_, kLevel, Z_DEFLATED, kGzip, kMemory, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~GzipCompressor() override { (void)::deflateEnd(&stream_); }

  bool compress(std::string_view text, Upto upto, std::string &out) override {
    if (!ready_)
      return false;
    const int flush = upto == Upto::End ? Z_FINISH : upto == Upto::Now ? Z_SYNC_FLUSH : Z_NO_FLUSH;
    do {
      const size_t piece = std::min<size_t>(text.size(), std::numeric_limits<unsigned>::max());
      stream_.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
      stream_.avail_in = static_cast<unsigned>(piece);
      text.remove_prefix(piece);
      do {
        const size_t before = out.size();
        out.resize(before + kStepBytes);
        stream_.next_out = reinterpret_cast<Bytef *>(out.data() + before);
        stream_.avail_out = kStepBytes;
        (void)::deflate(&stream_, text.empty() ? flush : Z_NO_FLUSH);
        out.resize(out.size() - stream_.avail_out);
      } while (stream_.avail_out == 0);
    } while (!text.empty());
    if (upto == Upto::End)
      (void)::deflateReset(&stream_);
    return true;
  }

private:
  static constexpr int kLevel = 4; // half the time of gzip's 6, for a file a sixth longer
  static constexpr int kGzip = MAX_WBITS + 16;
  static constexpr int kMemory = 8;

  z_stream stream_{};
  bool ready_ = false;
};

class ZstdCompressor final : public Compressor {
public:
  ZstdCompressor() : context_(::ZSTD_createCCtx()) {
    if (context_ != nullptr)
      (void)::ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
  }
  ~ZstdCompressor() override { (void)::ZSTD_freeCCtx(context_); }

  bool compress(std::string_view text, Upto upto, std::string &out) override {
    if (context_ == nullptr)
      return false;
    const ZSTD_EndDirective directive = upto == Upto::End   ? ZSTD_e_end
                                        : upto == Upto::Now ? ZSTD_e_flush
                                                            : ZSTD_e_continue;
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    for (;;) {
      const size_t before = out.size();
      out.resize(before + kStepBytes);
      ZSTD_outBuffer made{out.data() + before, kStepBytes, 0};
      const size_t left = ::ZSTD_compressStream2(context_, &made, &in, directive);
      out.resize(before + made.pos);
      if (::ZSTD_isError(left) != 0)
        return false; // with valid parameters there is no other reason than memory
      if (directive == ZSTD_e_continue ? in.pos == in.size : left == 0)
        return true;
    }
  }

private:
  ZSTD_CCtx *context_;
};

} // namespace

std::unique_ptr<Compressor> makeCompressor(Compression format) {
  if (format == Compression::Gzip)
    return std::make_unique<GzipCompressor>();
  return std::make_unique<ZstdCompressor>();
}

} // namespace branchline::stream
