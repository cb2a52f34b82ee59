// Failures of the world around a program: files, documents, options, limits. They are values.
// Not here: diagnostics of a program text (Diagnostic.h) and traps of a running one (Runtime).
#pragma once

#include "branchline/Support/Expected.h"
#include "branchline/Support/SourceText.h"

#include <cstdint>
#include <string>

namespace branchline {

/// One failure with a stable code (the number after `BL`, see Lang/Errors.def).
struct Error {
  uint16_t code = 0;
  std::string message;
  /// What to do about it; may be empty.
  std::string hint;
  /// The file or stream it concerns; may be empty.
  std::string file;
  /// Where in that file; line 0 means that there is no place.
  LineColumn at{0, 0};
};

} // namespace branchline
