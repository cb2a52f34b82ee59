// What `blc run` and `blc exec` can be told about streams of records.
#pragma once

#include "branchline/Driver/CommandLine.h"
#include "branchline/Stream/Framer.h"

#include <optional>
#include <string>
#include <vector>

namespace branchline::driver {

/// What a record that fails does to the stream.
enum class OnError : uint8_t {
  Stop, ///< ends it, after the records before
  Skip, ///< is counted
  Emit, ///< is counted and reported as a line of JSON
};

/// How the values of a stream are written.
enum class ValueFraming : uint8_t {
  Lines,    ///< one a line
  Sequence, ///< RFC 7464
  Array,    ///< one JSON array of all
};

struct StreamOptions {
  stream::Framing framing = stream::Framing::Lines;
  std::string splitPath; // with Framing::Split
  bool slurp = false;    // one run on the list of all records
  ValueFraming values = ValueFraming::Lines;
  std::vector<std::string> inputs; // as given; empty: standard input
  unsigned threads = 0;            // 0: one for each core
  bool ordered = true;
  OnError onError = OnError::Stop;
  std::optional<std::string> errorsFile; // nothing: standard error
  bool summary = false;
  std::optional<std::string> checkpoint;
  uint64_t checkpointMs = 1000; // between two of them
  bool resume = false;
};

/// The stream options of a command line whose command is Run or Exec; nothing when it asks for no
/// stream.
/// \errors OptionConflict, OptionNeeds
Expected<std::optional<StreamOptions>, Error> streamOptionsOf(const CommandLine &line);

} // namespace branchline::driver
