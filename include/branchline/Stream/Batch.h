// What a worker makes of a chunk on its way to the output. Leaves out: how failures are reported.
#pragma once

#include "branchline/Runtime/Trap.h"
#include "branchline/Stream/Chunk.h"
#include "branchline/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace branchline::stream {

/// What became of records.
struct Counts {
  uint64_t records = 0; ///< read, whatever became of them
  uint64_t values = 0;  ///< written
  uint64_t dropped = 0; ///< records that gave no value
  uint64_t failed = 0;  ///< records with an error

  Counts &operator+=(const Counts &other) {
    records += other.records;
    values += other.values;
    dropped += other.dropped;
    failed += other.failed;
    return *this;
  }
  bool operator==(const Counts &) const = default;
};

/// One record that failed: an error of the input or the output, or a run-time error.
struct RecordFailure {
  uint64_t record = 0; ///< in this pass of the chunk, from 0
  uint32_t line = 0;   ///< line feeds of the chunk before the record
  uint64_t column = 0; ///< UTF-16 units of its first line that come before the record
  std::optional<Error> error;
  std::optional<runtime::Trap> trap; ///< without values of the heap
  std::string text; ///< the record from the start of its line on, when it ends the stream
};

/// A chunk and what has been made of it. A chunk whose output grows too large is worked on in
/// several passes, and the batch is handed over after each.
struct Batch {
  Chunk chunk;
  std::string output;  ///< whole records for the output
  std::string printed; ///< whole lines of PRINT, where they do not stand in `output`
  Counts counts;       ///< of this pass
  std::vector<RecordFailure> failures;
  uint64_t lines = 0;        ///< line feeds of the chunk, in the last pass
  bool finished = false;     ///< this was the last pass
  bool endsStream = false;   ///< its chunk is the last one of which something is to be written
  uint64_t instructions = 0; ///< executed in this pass

  /// Forgets what was made, keeps the memory.
  void clear() {
    output.clear();
    printed.clear();
    counts = {};
    failures.clear();
    lines = 0;
    finished = endsStream = false;
    instructions = 0;
  }
};

} // namespace branchline::stream
