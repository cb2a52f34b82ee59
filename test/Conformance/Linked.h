// Cases as programs of their own: what `blc compile --emit=exe` links is run as a process.
#pragma once

#include "Cases.h"

#include <string>

namespace branchline::conformance {

/// What a process did.
struct ProcessOutcome {
  int status = 0; // its exit status, or 128 and the number of the signal that ended it
  std::string output;
  std::string messages;
};

/// A folder for the files of cases, removed with everything in it.
class CaseFolder {
public:
  CaseFolder();
  ~CaseFolder();
  CaseFolder(const CaseFolder &) = delete;
  CaseFolder &operator=(const CaseFolder &) = delete;

  std::string program() const { return path_ + "/case.exe"; }
  /// Runs the program that was linked there on the document of a case, or on the empty object.
  ProcessOutcome run(const Case &theCase) const;

private:
  std::string path_;
};

} // namespace branchline::conformance
