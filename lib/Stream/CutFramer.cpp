// Filling, cutting and carrying over.
#include "CutFramer.h"
#include "DocumentPlace.h"

#include "branchline/Format/JsonReader.h"
#include "branchline/Lang/Errors.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace branchline::stream {
namespace {

/// Bytes behind the text of a chunk that belong to its buffer: scanners that work by blocks may
/// read them.
constexpr size_t kSlackBytes = 64;

/// Places in a chunk are 32 bits; so are sizes of documents.
constexpr uint64_t kMaxRecordBytes = format::kMaxJsonBytes - 1;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

FramerOptions checked(FramerOptions options) {
  options.maxRecordBytes = std::clamp<uint64_t>(options.maxRecordBytes, 1, kMaxRecordBytes);
  // One byte more than a record may have, so that a longer one is seen.
  options.chunkBytes = static_cast<size_t>(std::clamp<uint64_t>(
      options.chunkBytes, kByteOrderMark.size() + 1,
      std::max<uint64_t>(options.maxRecordBytes + 1, kByteOrderMark.size() + 1)));
  return options;
}

} // namespace

CutFramer::CutFramer(Source &source, const FramerOptions &options, uint64_t offset)
    : source_(source), options_(checked(options)), pool_(options_.chunkBytes + kSlackBytes),
      offset_(offset), target_(options_.chunkBytes), isFirst_(offset == 0) {}

Error CutFramer::outOfMemory() const {
  Error error = error::make<error::Id::CannotReadFile>(source_.name(), std::strerror(ENOMEM));
  error.file = source_.name();
  return error;
}

/// Moves the uncut bytes to the start of a buffer of their own: the chunks before own the old one.
Expected<void, Error> CutFramer::renew() {
  if (buffer_ != nullptr && begin_ == 0)
    return {};
  std::shared_ptr<Buffer> fresh = pool_.take();
  const size_t left = end_ - begin_;
  if (fresh == nullptr || !fresh->grow(std::max(left, target_) + kSlackBytes))
    return Unexpected(outOfMemory());
  if (left != 0)
    std::memcpy(fresh->data, buffer_->data + begin_, left);
  buffer_ = std::move(fresh);
  begin_ = 0;
  end_ = left;
  return {};
}

/// Reads until the target is reached or the source has no more at the moment.
CutFramer::Filled CutFramer::fill() {
  while (end_ < target_) {
    const size_t wanted = target_ - end_;
    const auto got = source_.read(buffer_->data + end_, wanted);
    if (!got)
      failure_ = got.error();
    if (!got || *got == 0) {
      atEnd_ = true;
      return Filled::End;
    }
    end_ += *got;
    if (isFirst_ && end_ >= kByteOrderMark.size()) {
      isFirst_ = false;
      if (std::string_view(buffer_->data, end_).starts_with(kByteOrderMark)) {
        std::memmove(buffer_->data, buffer_->data + kByteOrderMark.size(),
                     end_ -= kByteOrderMark.size());
        offset_ += kByteOrderMark.size();
        continue;
      }
    }
    const bool undecided = isFirst_ && kByteOrderMark.starts_with({buffer_->data, end_});
    if (*got < wanted && !undecided)
      return Filled::Some;
  }
  return Filled::Full;
}

bool CutFramer::growTarget() {
  const auto limit = static_cast<size_t>(options_.maxRecordBytes + 1);
  if (end_ >= limit)
    return false;
  target_ = std::min(limit, std::max(target_, end_) * 2);
  return true;
}

void CutFramer::emit(Chunk &chunk, size_t size) {
  chunk.text = std::string_view(buffer_->data + begin_, size);
  chunk.storage = buffer_;
  chunk.records.clear();
  chunk.broken.clear();
  chunk.column = 0;
  chunk.offset = offset_;
  describe(chunk);
  begin_ += size;
  offset_ += size;
  target_ = options_.chunkBytes;
  isFirst_ = false;
}

/// The end of the input, or of what can be used of it.
Expected<bool, Error> CutFramer::finish(Chunk &chunk, Found found) {
  if (found.error && !failure_)
    failure_ = std::move(found.error);
  if (found.cut != 0) {
    emit(chunk, found.cut);
    if (failure_)
      begin_ = end_; // what the failure broke off
    return true;
  }
  begin_ = end_;
  if (failure_)
    return Unexpected(*failure_);
  return false;
}

Expected<bool, Error> CutFramer::next(Chunk &chunk) {
  if (stashed_) {
    chunk.text = stashed_->text;
    chunk.storage = std::move(stashed_->storage);
    chunk.cut = stashed_->cut;
    chunk.records = std::move(stashed_->records);
    chunk.broken = std::move(stashed_->broken);
    chunk.column = stashed_->column;
    chunk.offset = stashed_->offset;
    stashed_.reset();
    return true;
  }
  if (atEnd_ && begin_ == end_) {
    if (failure_)
      return Unexpected(*failure_);
    return false;
  }
  BL_CHECK(renew());
  for (size_t searched = 0;;) {
    const Filled filled = atEnd_ ? Filled::End : fill();
    const bool whole = filled == Filled::End && !failure_;
    Found found = find(std::string_view(buffer_->data, end_), searched, whole);
    if (found.error || filled == Filled::End) {
      atEnd_ = true;
      return finish(chunk, std::move(found));
    }
    if (found.cut != 0) {
      emit(chunk, found.cut);
      return true;
    }
    searched = end_;
    if (filled == Filled::Full && !growTarget()) {
      failure_ = error::make<error::Id::RecordTooLong>(options_.maxRecordBytes, offset_);
      failure_->file = source_.name();
      failure_->at = place();
      atEnd_ = true;
      return finish(chunk, {});
    }
    if (!buffer_->grow(target_ + kSlackBytes))
      return Unexpected(outOfMemory());
  }
}

/// Takes up to `records` records from the front of a chunk. \returns how many
uint64_t CutFramer::dropRecords(Chunk &chunk, uint64_t records, uint64_t &lines) const {
  size_t dropped = 0; // bytes
  uint64_t count = 0;
  if (chunk.cut == Cut::Spans) {
    count = std::min<uint64_t>(records, chunk.records.size());
    const auto last = chunk.records.begin() + static_cast<ptrdiff_t>(count);
    dropped = last == chunk.records.end() ? chunk.text.size() : last->offset;
    chunk.records.erase(chunk.records.begin(), last);
    std::erase_if(chunk.broken, [&](const BrokenRecord &broken) { return broken.record < count; });
    for (BrokenRecord &broken : chunk.broken)
      broken.record -= static_cast<uint32_t>(count);
  } else {
    while (count < records && dropped < chunk.text.size()) {
      const size_t end = std::min(chunk.text.find('\n', dropped), chunk.text.size() - 1) + 1;
      count += !format::isBlankText(chunk.text.substr(dropped, end - dropped));
      dropped = end;
    }
  }
  DocumentPlace place;
  place.advance(chunk.text.substr(0, dropped));
  const uint32_t feeds = place.lineColumn().line - 1;
  chunk.column = (feeds == 0 ? chunk.column : 0) + place.lineColumn().column - 1;
  for (format::RecordSpan &record : chunk.records) {
    record.offset -= static_cast<uint32_t>(dropped);
    record.line -= feeds;
  }
  chunk.text.remove_prefix(dropped);
  chunk.offset += dropped;
  lines += feeds;
  return count;
}

Expected<uint64_t, Error> CutFramer::skip(uint64_t records) {
  uint64_t lines = 0;
  for (uint64_t left = records; left != 0;) {
    Chunk chunk;
    BL_TRY(const bool more, next(chunk));
    if (!more) {
      Error error = error::make<error::Id::TooFewRecords>(records - left, records);
      error.file = source_.name();
      return Unexpected(std::move(error));
    }
    left -= dropRecords(chunk, left, lines);
    if (!chunk.text.empty())
      stashed_ = std::move(chunk);
  }
  return lines;
}

} // namespace branchline::stream
