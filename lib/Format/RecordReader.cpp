// Records by lines or by given places. The tokens of a run of lines are found all at once; only
// when something in the run is damaged is each record looked at by itself.
#include "branchline/Format/RecordReader.h"

#include "JsonRejection.h"
#include "JsonWalker.h"
#include "TokenIndex.h"

#include "branchline/Lang/Errors.h"

#include <algorithm>
#include <cstring>

namespace branchline::format {

using runtime::Value;

struct RecordReader::Impl {
  runtime::Heap &heap;
  JsonReadOptions options;
  JsonWalker walker;
  TokenIndex tokens;
  std::string_view text;
  std::span<const RecordSpan> given; // startSpans: those not taken yet
  bool byLines = false;
  bool scanned = false;   // `tokens` are those of the whole run
  uint32_t nextToken = 0; // of the run
  size_t nextLine = 0;    // where it starts
  uint64_t lines = 0;
  RecordSpan current;

  Impl(runtime::Heap &heapUsed, const JsonReadOptions &chosen, const ReadPlan *plan)
      : heap(heapUsed), options(chosen), walker(heapUsed, chosen, plan) {}

  bool moveToLine();
  Expected<Value, Error> read();
  WalkFailure walkTokens(Value &value);
};

/// Most lines begin with something that is plainly not blank.
static bool isBlankLine(std::string_view line) {
  const auto first = static_cast<unsigned char>(line.empty() ? ' ' : line.front());
  return (first <= ' ' || first >= 0x80) && isBlankText(line);
}

bool RecordReader::Impl::moveToLine() {
  while (nextLine < text.size()) {
    const char *start = text.data() + nextLine;
    const size_t left = text.size() - nextLine;
    const auto *end = static_cast<const char *>(std::memchr(start, '\n', left));
    const size_t size = end != nullptr ? static_cast<size_t>(end - start) : left;
    current = {static_cast<uint32_t>(nextLine), static_cast<uint32_t>(size),
               static_cast<uint32_t>(lines)};
    nextLine += size;
    if (end != nullptr) {
      ++nextLine;
      ++lines;
    }
    if (size != 0 && start[size - 1] == '\r')
      --current.size;
    if (!isBlankLine(text.substr(current.offset, current.size)))
      return true;
  }
  return false;
}

/// The current record as a part of the run's tokens.
WalkFailure RecordReader::Impl::walkTokens(Value &value) {
  const uint32_t *positions = tokens.positions();
  const uint32_t end = current.offset + current.size;
  while (nextToken < tokens.count() && positions[nextToken] < current.offset)
    ++nextToken; // of records that nobody wanted
  // A record has no more tokens than bytes.
  const uint32_t most = std::min<uint64_t>(tokens.count(), uint64_t(nextToken) + current.size);
  if (const auto behind = walker.tryWalk(nextToken, most, end, value)) {
    nextToken = *behind;
    return WalkFailure::None;
  }
  const uint32_t *last = std::lower_bound(positions + nextToken, positions + most, end);
  const uint32_t first = nextToken;
  nextToken = static_cast<uint32_t>(last - positions);
  return walker.walk(first, nextToken, value);
}

Expected<Value, Error> RecordReader::Impl::read() {
  const std::string_view record = text.substr(current.offset, current.size);
  if (record.size() > options.maxBytes)
    return Unexpected(error::make<error::Id::JsonSize>(record.size(), options.maxBytes));
  Value value;
  WalkFailure failure = WalkFailure::Malformed;
  if (scanned) {
    failure = walkTokens(value);
  } else if (!tokens.reserve(record.size())) {
    failure = WalkFailure::Memory;
  } else if (!record.empty() && tokens.scan(record)) {
    walker.begin(record, tokens.positions());
    failure = walker.walk(0, tokens.count(), value);
  }
  if (failure == WalkFailure::None)
    return value;
  return Unexpected(explainRejection(failure, record, options, heap, walker.limitMessage()));
}

RecordReader::RecordReader(runtime::Heap &heap, const JsonReadOptions &options,
                           const ReadPlan *plan)
    : impl_(std::make_unique<Impl>(heap, options, plan)) {}

RecordReader::~RecordReader() = default;

void RecordReader::startLines(std::string_view text) {
  impl_->text = text;
  impl_->byLines = true;
  impl_->nextLine = 0;
  impl_->nextToken = 0;
  impl_->lines = 0;
  // A line feed inside of a string is an error of the scan, so that strings never cross records.
  impl_->scanned = !text.empty() && text.size() <= kMaxJsonBytes &&
                   impl_->tokens.reserve(text.size()) && impl_->tokens.scan(text);
  if (impl_->scanned)
    impl_->walker.begin(text, impl_->tokens.positions());
}

void RecordReader::startSpans(std::string_view text, std::span<const RecordSpan> records) {
  impl_->text = text;
  impl_->given = records;
  impl_->byLines = false;
  impl_->scanned = false;
  impl_->lines = static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

bool RecordReader::next() {
  if (impl_->byLines)
    return impl_->moveToLine();
  if (impl_->given.empty())
    return false;
  impl_->current = impl_->given.front();
  impl_->given = impl_->given.subspan(1);
  return true;
}

const RecordSpan &RecordReader::record() const { return impl_->current; }

Expected<Value, Error> RecordReader::value() { return impl_->read(); }

uint64_t RecordReader::lines() const { return impl_->lines; }

} // namespace branchline::format
