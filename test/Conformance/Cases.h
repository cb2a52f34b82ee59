// The conformance cases as data. The format of the files is described in README.md beside them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace branchline::conformance {

/// What an error case expects.
struct ExpectedError {
  std::string stage;                  // parse, sema, input, run or output
  std::optional<std::string> message; // nothing: any
};

/// One line of a case file.
struct Case {
  std::string name;
  std::string rule;
  std::string program;
  std::optional<std::string> input; // the text of the document; nothing: no --input
  std::vector<std::string> arguments;
  std::optional<std::string> output; // without the final line end; nothing: an error is expected
  ExpectedError error;
};

/// Reads a file of cases and appends them. \returns a message when the file cannot be read
std::optional<std::string> readCases(const std::string &path, std::vector<Case> &cases);

} // namespace branchline::conformance
