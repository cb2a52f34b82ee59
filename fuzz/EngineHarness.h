// Runs one program by every engine of the driver's table, as lowered and after passes, and compares
// everything a run shows: text of PRINT, outputs, and errors with kind, message, place and stack.
#pragma once

#include <string>
#include <string_view>

namespace branchline::fuzz {

struct Comparison {
  enum class Verdict : uint8_t {
    NotAProgram, ///< the text does not compile
    Unbounded,   ///< the judge met a limit that engines count in their own ways
    Same,
    Different,
  } verdict;
  bool failed = false; // whether the program ended with an error
  std::string program;
  std::string report; // of a difference
};

/// Makes a program, a document and lists of passes of the bytes, and compares all engines on it.
Comparison compareEngines(std::string_view bytes);

} // namespace branchline::fuzz
