// Inputs of any bytes, cut in pieces of any size: the records are those a plain cutter finds, and
// neither they nor the mistakes depend on the sizes. The first three bytes choose framing, size of
// pieces and size of chunks.
#include "branchline/Format/JsonReader.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Stream/Framer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace branchline;
using namespace branchline::stream;

void require(bool condition, const char *what) {
  if (condition)
    return;
  std::fprintf(stderr, "FramerFuzzer: %s\n", what);
  std::abort();
}

class TextSource final : public Source {
public:
  TextSource(std::string_view text, size_t piece) : Source("fuzz"), text_(text), piece_(piece) {}

  Expected<size_t, Error> read(char *into, size_t size) override {
    const size_t count = std::min({size, piece_, text_.size()});
    std::memcpy(into, text_.data(), count);
    text_.remove_prefix(count);
    return count;
  }
  Expected<void, Error> skipTo(uint64_t offset) override { return skipByReading(offset); }
  std::optional<uint64_t> totalBytes() const override { return std::nullopt; }
  uint64_t takenBytes() const override { return 0; }

private:
  std::string_view text_;
  size_t piece_;
};

std::string_view withoutMark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

void addLines(std::string_view text, std::vector<std::string> &records) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (!format::isBlankText(line))
      records.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

struct Outcome {
  std::vector<std::string> records; // broken ones with their message
  std::string skeleton;             // the text with `0` in the place of each record of a split
  size_t end = 0;                   // bytes that were handed over
  uint16_t code = 0;                // of the error that ended the input
  std::string message;
  LineColumn at{0, 0};

  bool operator==(const Outcome &other) const {
    return records == other.records && code == other.code && message == other.message &&
           at == other.at && (code != 0 || end == other.end);
  }
};

void take(const Chunk &chunk, Outcome &outcome) {
  outcome.end = chunk.offset + chunk.text.size();
  if (chunk.cut == Cut::Lines)
    return addLines(chunk.text, outcome.records);
  auto broken = chunk.broken.begin();
  size_t at = 0;
  for (size_t i = 0; i < chunk.records.size(); ++i) {
    const format::RecordSpan &span = chunk.records[i];
    require(span.offset >= at && span.offset + uint64_t(span.size) <= chunk.text.size(),
            "a record out of place");
    const auto before = chunk.text.substr(0, span.offset);
    require(std::count(before.begin(), before.end(), '\n') == span.line, "a wrong line");
    outcome.records.emplace_back(chunk.text.substr(span.offset, span.size));
    if (broken != chunk.broken.end() && broken->record == i)
      outcome.records.back() = broken++->error.message;
    outcome.skeleton += before.substr(at);
    outcome.skeleton += '0';
    at = span.offset + span.size;
  }
  outcome.skeleton += chunk.text.substr(at);
  require(broken == chunk.broken.end(), "a broken record that is none");
}

Outcome run(std::string_view text, const FramerOptions &options, size_t piece) {
  Outcome outcome;
  TextSource source(text, piece);
  auto framer = makeFramer(source, options);
  require(framer.has_value(), "no framer");
  uint64_t end = withoutMark(text).size() == text.size() ? 0 : 3;
  for (Chunk chunk;;) {
    auto more = (*framer)->next(chunk);
    if (!more) {
      outcome.code = more.error().code;
      outcome.message = more.error().message;
      outcome.at = more.error().at;
      return outcome;
    }
    if (!*more)
      return outcome;
    require(chunk.offset == end, "a gap between chunks");
    end += chunk.text.size();
    take(chunk, outcome);
  }
}

std::vector<std::string> cutSequence(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\r";
  std::vector<std::string> records;
  bool before = true;
  while (!text.empty()) {
    const bool hasSeparator = text.front() == '\x1E';
    const size_t end = std::min(text.find('\x1E', 1), text.size());
    std::string_view record = text.substr(hasSeparator, end - hasSeparator);
    text.remove_prefix(end);
    const size_t first = record.find_first_not_of(kSpace);
    const bool isBefore = before && !hasSeparator;
    before = false;
    if (first == std::string_view::npos)
      continue;
    const char c = record[first];
    if (isBefore)
      records.emplace_back(error::info(error::Id::SequenceStart).format);
    else if (c != '{' && c != '[' && c != '"' &&
             kSpace.find(record.back()) == std::string_view::npos)
      records.emplace_back(error::info(error::Id::SequenceTruncated).format);
    else
      records.emplace_back(record.substr(0, record.find_last_not_of(kSpace) + 1));
  }
  return records;
}

/// What is said of a document's items and of the document with plain items must fit.
void checkSplit(std::string_view text, const Outcome &outcome, const FramerOptions &options) {
  format::JsonReadOptions reading;
  reading.maxDepth = options.maxDepth;
  reading.numbers = format::JsonNumbers::Extended;
  const auto codeOf = [](error::Id id) { return error::info(id).code; };
  const bool isLost = outcome.code == codeOf(error::Id::SplitNothing) ||
                      outcome.code == codeOf(error::Id::SplitNoArray);
  if (!format::isBlankText(text) && !format::diagnoseJson(text, reading))
    require(outcome.code == 0 || isLost, "a mistake in a document without one");
  if (outcome.code == 0) {
    const auto mistake = format::diagnoseJson(outcome.skeleton, reading);
    require(!mistake || mistake->code == codeOf(error::Id::JsonNumberLimit),
            "a mistake around the items is not seen");
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  if (size < 3)
    return 0;
  const size_t piece = size_t(data[1]) + 1;
  FramerOptions options;
  options.framing = static_cast<Framing>(data[0] % 3);
  options.splitPath = data[0] % 2 == 0 ? "r" : "";
  options.chunkBytes = size_t(data[2]) + 1;
  options.maxDepth = 64;
  const std::string whole(reinterpret_cast<const char *>(data) + 3, size - 3);
  const std::string_view text = withoutMark(whole);
  const Outcome outcome = run(whole, options, piece);
  FramerOptions large = options;
  large.chunkBytes = size_t(1) << 20;
  require(run(whole, large, whole.size() + 1) == outcome, "sizes make a difference");
  std::vector<std::string> expected;
  switch (options.framing) {
  case Framing::Lines:
    addLines(text, expected);
    require(outcome.code == 0 && outcome.records == expected, "other lines than a plain cutter's");
    break;
  case Framing::Sequence:
    require(outcome.code == 0 && outcome.records == cutSequence(text),
            "other records than a plain cutter's");
    break;
  case Framing::Split:
    checkSplit(text, outcome, options);
    break;
  }
  return 0;
}
