// The items of one array, cut out of a document that is never held as a whole.
#include "CutFramer.h"
#include "SplitScanner.h"

#include "branchline/Lang/Errors.h"

namespace branchline::stream {
namespace {

class SplitFramer final : public CutFramer {
public:
  SplitFramer(Source &source, const FramerOptions &options, format::OutputPath path)
      : CutFramer(source, options, 0),
        scanner_(std::move(path), options.splitPath, options.maxDepth) {}

protected:
  Found find(std::string_view text, size_t, bool atEnd) override {
    auto [done, mistake] = scanner_.scan({text, atEnd});
    if (!mistake)
      return {done, {}};
    Error error = scanner_.errorOf(*mistake, text, offset());
    error.file = source().name();
    return {done, std::move(error)};
  }

  void describe(Chunk &chunk) override {
    chunk.cut = Cut::Spans;
    chunk.column = scanner_.place().column - 1;
    scanner_.takeItems(chunk.text, chunk.records);
    scanner_.forget(chunk.text);
  }

  LineColumn place() const override { return scanner_.place(); }

private:
  SplitScanner scanner_;
};

} // namespace

Expected<std::unique_ptr<Framer>, Error> makeSplitFramer(Source &source,
                                                         const FramerOptions &options) {
  auto path = format::OutputPath::parse(options.splitPath);
  if (path)
    return std::unique_ptr<Framer>(
        std::make_unique<SplitFramer>(source, options, std::move(*path)));
  // The rules are those of output paths; the words are not.
  using error::Id;
  if (path.error().code == error::info(Id::OutputPathOpen).code)
    return Unexpected(error::make<Id::SplitPathOpen>(options.splitPath));
  return Unexpected(error::make<Id::SplitPathEmptyIndex>(options.splitPath));
}

} // namespace branchline::stream
