// One record a line. Only the last line feed of a buffer is looked for; the workers find the others
// while they read.
#include "CutFramer.h"

#include <cstring>

namespace branchline::stream {
namespace {

class LinesFramer final : public CutFramer {
public:
  LinesFramer(Source &source, const FramerOptions &options, uint64_t offset)
      : CutFramer(source, options, offset) {}

protected:
  Found find(std::string_view text, size_t from, bool atEnd) override {
    if (atEnd) // the last line may lack its end
      return {text.size(), {}};
    const void *last = ::memrchr(text.data() + from, '\n', text.size() - from);
    if (last == nullptr)
      return {};
    return {static_cast<size_t>(static_cast<const char *>(last) - text.data()) + 1, {}};
  }

  void describe(Chunk &chunk) override { chunk.cut = Cut::Lines; }
};

} // namespace

std::unique_ptr<Framer> makeLinesFramer(Source &source, const FramerOptions &options,
                                        uint64_t offset) {
  return std::make_unique<LinesFramer>(source, options, offset);
}

} // namespace branchline::stream
