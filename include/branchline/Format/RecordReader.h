// The records of a stream, one value after another: a run of whole records is handed over as one
// text and read record by record. A malformed record is an error of its own and leaves its
// neighbours alone. Leaves out: where the bytes come from and how they are cut into runs (Stream).
#pragma once

#include "branchline/Format/JsonReader.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace branchline::format {

struct ReadPlan;

/// Where a record stands in a run of records.
struct RecordSpan {
  uint32_t offset = 0; // bytes from the start of the run
  uint32_t size = 0;   // bytes
  uint32_t line = 0;   // line feeds of the run before it
};

/// Reads runs of records. Not thread-safe: one for each worker.
class RecordReader {
public:
  /// \param heap  borrowed; see JsonReader. \param plan  what the program needs of a record,
  ///              borrowed for the life of the reader; null: everything
  RecordReader(runtime::Heap &heap, const JsonReadOptions &options, const ReadPlan *plan = nullptr);
  ~RecordReader();
  RecordReader(const RecordReader &) = delete;
  RecordReader &operator=(const RecordReader &) = delete;

  /// Starts on a run in which each line is a record: LF or CRLF ends a line, blank lines are none,
  /// the last line may lack its end.
  /// \param text  borrowed until every value made from it is gone
  void startLines(std::string_view text);

  /// Starts on a run whose records stand where `records` says.
  /// \param text,records  borrowed as above
  void startSpans(std::string_view text, std::span<const RecordSpan> records);

  /// Moves on to the next record. \returns false when there is none
  bool next();

  /// Where the current record stands; without the end of its line.
  const RecordSpan &record() const;

  /// The value of the current record; at most once a record.
  /// \errors  those of JsonReader::read; places count from the start of the record
  [[nodiscard]] Expected<runtime::Value, Error> value();

  /// Line feeds in the run, once `next` has returned false.
  uint64_t lines() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace branchline::format
