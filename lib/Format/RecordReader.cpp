// Records by lines or by given places.
#include "branchline/Format/RecordReader.h"

#include <algorithm>
#include <cstring>

namespace branchline::format {

struct RecordReader::Impl {
  JsonReader reader;
  std::string_view text;
  std::span<const RecordSpan> given; // startSpans: those not taken yet
  bool byLines = false;
  size_t at = 0; // startLines: start of the next line
  uint64_t lines = 0;
  RecordSpan current;

  Impl(runtime::Heap &heap, const JsonReadOptions &options) : reader(heap, options) {}

  bool nextLine() {
    while (at < text.size()) {
      const char *start = text.data() + at;
      const auto *end = static_cast<const char *>(std::memchr(start, '\n', text.size() - at));
      const uint64_t line = lines;
      size_t size = text.size() - at;
      if (end != nullptr) {
        size = static_cast<size_t>(end - start);
        ++lines;
      }
      current = {static_cast<uint32_t>(at), static_cast<uint32_t>(size),
                 static_cast<uint32_t>(line)};
      at += size + (end != nullptr);
      if (size != 0 && start[size - 1] == '\r')
        --current.size;
      if (!isBlankText(text.substr(current.offset, current.size)))
        return true;
    }
    return false;
  }
};

RecordReader::RecordReader(runtime::Heap &heap, const JsonReadOptions &options, const ReadPlan *)
    : impl_(std::make_unique<Impl>(heap, options)) {}

RecordReader::~RecordReader() = default;

void RecordReader::startLines(std::string_view text) {
  impl_->text = text;
  impl_->byLines = true;
  impl_->at = 0;
  impl_->lines = 0;
}

void RecordReader::startSpans(std::string_view text, std::span<const RecordSpan> records) {
  impl_->text = text;
  impl_->given = records;
  impl_->byLines = false;
  impl_->lines = static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

bool RecordReader::next() {
  if (impl_->byLines)
    return impl_->nextLine();
  if (impl_->given.empty())
    return false;
  impl_->current = impl_->given.front();
  impl_->given = impl_->given.subspan(1);
  return true;
}

const RecordSpan &RecordReader::record() const { return impl_->current; }

Expected<runtime::Value, Error> RecordReader::value() {
  return impl_->reader.read(impl_->text.substr(impl_->current.offset, impl_->current.size));
}

uint64_t RecordReader::lines() const { return impl_->lines; }

} // namespace branchline::format
