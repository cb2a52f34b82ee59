// A run of whole records on its way from an input to a worker: the unit of work, of order and of
// back-pressure. Leaves out: what a record means.
#pragma once

#include "branchline/Format/RecordReader.h"
#include "branchline/Support/Error.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace branchline::stream {

/// How the records of a chunk are told apart.
enum class Cut : uint8_t {
  Lines, ///< every line that is not blank is one
  Spans, ///< `Chunk::records` says where they are
};

/// A record that is wrong for a reason the framing knows and a reader of its text does not.
struct BrokenRecord {
  uint32_t record = 0; // index in `Chunk::records`
  Error error;         // its place counts from the start of the record
};

/// Whole records of one input, in order. Chunks of an input follow each other without a gap.
struct Chunk {
  std::string_view text;
  std::shared_ptr<const void> storage; // keeps `text` alive
  Cut cut = Cut::Lines;
  std::vector<format::RecordSpan> records; // with Cut::Spans
  std::vector<BrokenRecord> broken;        // of `records`, in order; not to be read
  uint64_t number = 0;                     // in the stream, from 0
  uint32_t input = 0;                      // index of the input it comes from
  uint64_t column = 0;                     // UTF-16 units of the first line that come before `text`
  uint64_t offset = 0;                     // of `text` in the bytes of the input, decompressed
};

} // namespace branchline::stream
