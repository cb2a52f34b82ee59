// RFC 7464: a record separator (0x1E), then a JSON text, then a line feed. No JSON text contains
// the separator, so a record ends where the next one begins, however broken it is.
#include "CutFramer.h"

#include "branchline/Format/JsonReader.h"
#include "branchline/Lang/Errors.h"

#include <algorithm>
#include <cstring>

namespace branchline::stream {
namespace {

constexpr char kSeparator = '\x1E';

constexpr std::string_view kJsonSpace = " \t\n\r";

class SequenceFramer final : public CutFramer {
public:
  SequenceFramer(Source &source, const FramerOptions &options, uint64_t offset)
      : CutFramer(source, options, offset), isBefore_(offset == 0) {}

protected:
  Found find(std::string_view text, size_t from, bool atEnd) override {
    if (atEnd)
      return {text.size(), {}};
    // What precedes the first separator belongs to no record; there may be no separator at all.
    if (isBefore_ && text.find(kSeparator) == std::string_view::npos)
      return {text.size(), {}};
    // A separator at the start begins the record whose end is looked for.
    from = std::max<size_t>(from, isBefore_ ? 0 : 1);
    if (from >= text.size())
      return {};
    const void *last = ::memrchr(text.data() + from, kSeparator, text.size() - from);
    if (last == nullptr)
      return {};
    return {static_cast<size_t>(static_cast<const char *>(last) - text.data()), {}};
  }

  void describe(Chunk &chunk) override {
    chunk.cut = Cut::Spans;
    const std::string_view text = chunk.text;
    uint32_t line = 0;
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find(kSeparator, at + 1), text.size());
      const std::string_view piece = text.substr(at, end - at);
      addRecord(chunk, piece,
                {static_cast<uint32_t>(at), static_cast<uint32_t>(piece.size()), line});
      line += static_cast<uint32_t>(std::count(piece.begin(), piece.end(), '\n'));
      at = end;
    }
  }

private:
  /// \param piece  from a separator to the next one. \param span  where that is
  void addRecord(Chunk &chunk, std::string_view piece, format::RecordSpan span) {
    const bool hasSeparator = piece.front() == kSeparator;
    if (hasSeparator) {
      isBefore_ = false;
      piece.remove_prefix(1);
    }
    const size_t first = piece.find_first_not_of(kJsonSpace);
    if (first == std::string_view::npos)
      return; // RFC 7464, 2.1: an empty record is no mistake
    if (!hasSeparator) {
      if (!std::exchange(reportedBefore_, true))
        addBroken(chunk, span, error::make<error::Id::SequenceStart>());
      return;
    }
    // Braces, brackets and quotes end their value; the end of `12` may be missing (2.4).
    const bool endsItself = std::string_view("{[\"").find(piece[first]) != std::string_view::npos;
    if (!endsItself && kJsonSpace.find(piece.back()) == std::string_view::npos)
      return addBroken(chunk, span, error::make<error::Id::SequenceTruncated>());
    const size_t last = piece.find_last_not_of(kJsonSpace);
    chunk.records.push_back({span.offset + 1, static_cast<uint32_t>(last + 1), span.line});
  }

  static void addBroken(Chunk &chunk, format::RecordSpan span, Error error) {
    error.at = {1, 1};
    chunk.broken.push_back({static_cast<uint32_t>(chunk.records.size()), std::move(error)});
    chunk.records.push_back(span);
  }

  bool isBefore_;               // no separator was seen
  bool reportedBefore_ = false; // text before it was
};

} // namespace

std::unique_ptr<Framer> makeSequenceFramer(Source &source, const FramerOptions &options,
                                           uint64_t offset) {
  return std::make_unique<SequenceFramer>(source, options, offset);
}

} // namespace branchline::stream
