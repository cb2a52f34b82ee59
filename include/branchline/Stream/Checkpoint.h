// How far the output of a stream is durable: what a killed run needs to go on without losing or
// repeating a record. Leaves out: when checkpoints are made (Driver).
#pragma once

#include "branchline/Stream/Batch.h"
#include "branchline/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace branchline::stream {

/// A place between two records, and what there is of the outputs up to it.
struct Checkpoint {
  uint64_t program = 0; ///< fingerprints of what the run depends on
  uint64_t options = 0;
  uint64_t inputs = 0;
  uint64_t complete = 0; ///< 1: there is nothing left to do

  uint64_t input = 0;        ///< index of the input
  uint64_t offset = 0;       ///< in its decompressed bytes
  uint64_t lines = 0;        ///< line feeds of it before that
  uint64_t inputRecords = 0; ///< records of it before that

  uint64_t records = 0; ///< of the whole stream, as in Counts
  uint64_t values = 0;
  uint64_t dropped = 0;
  uint64_t failed = 0;
  uint64_t firstFailure = 0; ///< exit status of the first record that failed

  uint64_t outputBytes = 0; ///< durable bytes of the output that belongs to the input
  uint64_t outputBegun = 0; ///< 1: a value has been written to it
  uint64_t errorBytes = 0;  ///< durable bytes of the file of --errors

  bool operator==(const Checkpoint &) const = default;
};

/// The text form: a line for each member and a checksum.
std::string renderCheckpoint(const Checkpoint &checkpoint);

/// \returns nothing when the text is not exactly what renderCheckpoint makes
std::optional<Checkpoint> parseCheckpoint(std::string_view text);

/// Replaces the file, durably: after a crash there is the old one or the new one.
/// \errors CannotWriteFile
Expected<void, Error> saveCheckpoint(const std::string &path, const Checkpoint &checkpoint);

/// \returns nothing when there is no such file. \errors CannotReadFile, CheckpointDamaged
Expected<std::optional<Checkpoint>, Error> loadCheckpoint(const std::string &path);

/// A hash of texts, one after another: FNV-1a, 64 bits. Not against intent.
class Fingerprint {
public:
  /// Lengths count, so that `ab`, `c` and `a`, `bc` differ.
  Fingerprint &add(std::string_view text);
  Fingerprint &add(uint64_t number);
  uint64_t value() const { return hash_; }

private:
  void mix(std::string_view bytes);
  uint64_t hash_ = 0xcbf2'9ce4'8422'2325;
};

} // namespace branchline::stream
