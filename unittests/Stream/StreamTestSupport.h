// Inputs held in memory, files in a folder of their own, and the records of a framer as texts.
#pragma once

#include "branchline/Format/JsonReader.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Stream/Framer.h"
#include "branchline/Stream/Sink.h"
#include "branchline/Stream/Source.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <vector>

namespace branchline::stream {

/// The code of a row, to be compared with `Error::code`.
constexpr uint16_t codeOf(error::Id id) { return error::info(id).code; }

/// Hands out a text in pieces, and may fail at its end.
class TextSource final : public Source {
public:
  TextSource(std::string text, size_t piece, bool fails = false)
      : Source("in.json"), text_(std::move(text)), piece_(piece), fails_(fails) {}

  Expected<size_t, Error> read(char *into, size_t size) override {
    const size_t count = std::min({size, piece_, text_.size() - at_});
    if (count == 0 && fails_)
      return Unexpected(Error{4999, "broken source", "", name(), {0, 0}});
    std::memcpy(into, text_.data() + at_, count);
    at_ += count;
    return count;
  }
  Expected<void, Error> skipTo(uint64_t offset) override { return skipByReading(offset); }
  std::optional<uint64_t> totalBytes() const override { return text_.size(); }
  uint64_t takenBytes() const override { return at_; }

private:
  std::string text_;
  size_t piece_;
  bool fails_;
  size_t at_ = 0;
};

/// A folder that goes away with the test.
class TemporaryFolder {
public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "stream-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string &name) const { return path_ + "/" + name; }
  std::string write(const std::string &name, const std::string &text) const {
    std::ofstream(file(name), std::ios::binary) << text;
    return file(name);
  }
  std::string read(const std::string &name) const {
    std::ifstream in(file(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  size_t count() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(path_),
                                             std::filesystem::directory_iterator()));
  }

private:
  std::string path_;
};

/// What a framer made of an input.
struct Framed {
  std::vector<std::string> records;
  std::vector<uint64_t> lines;     // of the records in the input, from 1
  std::vector<std::string> broken; // messages of records that framing rejects
  std::string text;                // of all chunks
  std::string error;               // message of the failure that ended the input
  uint16_t code = 0;               // its code
  LineColumn at{0, 0};
  size_t chunks = 0;
};

/// The records of a chunk whose lines are records, as a reader cuts them.
inline std::vector<format::RecordSpan> linesOf(std::string_view text) {
  std::vector<format::RecordSpan> records;
  uint32_t line = 0;
  for (size_t at = 0; at < text.size(); ++line) {
    const size_t end = std::min(text.find('\n', at), text.size());
    size_t size = end - at;
    size -= size != 0 && text[at + size - 1] == '\r';
    if (!format::isBlankText(text.substr(at, size)))
      records.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(size), line});
    at = end + 1;
  }
  return records;
}

/// Runs a framer to its end. \param skip  records to drop first
inline Framed frame(Source &source, const FramerOptions &options, uint64_t skip = 0) {
  Framed framed;
  auto framer = makeFramer(source, options);
  if (!framer) {
    framed.error = framer.error().message;
    framed.code = framer.error().code;
    return framed;
  }
  uint64_t line = 1;
  if (skip != 0) {
    auto skipped = (*framer)->skip(skip);
    if (!skipped) {
      framed.error = skipped.error().message;
      framed.code = skipped.error().code;
      return framed;
    }
    line += *skipped;
  }
  std::optional<uint64_t> end;
  for (Chunk chunk;;) {
    auto more = (*framer)->next(chunk);
    if (!more) {
      framed.error = more.error().message;
      framed.code = more.error().code;
      framed.at = more.error().at;
      EXPECT_EQ(more.error().file, "in.json");
      EXPECT_FALSE((*framer)->next(chunk).has_value()) << "an error ends the input";
      return framed;
    }
    if (!*more)
      return framed;
    EXPECT_EQ(chunk.offset, end.value_or(chunk.offset)) << "chunks leave no gap";
    end = chunk.offset + chunk.text.size();
    EXPECT_FALSE(chunk.text.empty());
    ++framed.chunks;
    framed.text += chunk.text;
    const auto records = chunk.cut == Cut::Lines ? linesOf(chunk.text) : chunk.records;
    auto broken = chunk.broken.begin();
    for (size_t i = 0; i < records.size(); ++i)
      if (broken != chunk.broken.end() && broken->record == i) {
        framed.broken.push_back(broken++->error.message);
      } else {
        framed.records.emplace_back(chunk.text.substr(records[i].offset, records[i].size));
        framed.lines.push_back(line + records[i].line);
      }
    EXPECT_EQ(broken, chunk.broken.end());
    line += static_cast<uint64_t>(std::count(chunk.text.begin(), chunk.text.end(), '\n'));
  }
}

} // namespace branchline::stream
