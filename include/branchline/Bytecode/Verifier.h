// Checks that a program, whoever made it, cannot make the VM read or write outside its frames, jump
// into an instruction, or run off the end of a function. \rule R20.1-R20.17
#pragma once

#include "branchline/Bytecode/Program.h"
#include "branchline/Support/Error.h"

#include <optional>
#include <string>

namespace branchline::bytecode {

/// The first broken rule.
struct VerifyError {
  uint16_t code; // BL51xx
  std::string message;
  std::string function; // `#3 fib`; empty: the program's tables
  uint32_t functionIndex = 0;
  uint32_t pc = 0; // word index in the function
};

/// The message with its place: `MESSAGE, in function #3 fib at word 12`.
std::string describe(const VerifyError &error);

/// The same for those who read files or text: `invalid bytecode: MESSAGE, in …`.
Error errorOf(const VerifyError &error);

/// \complexity linear in the size of the program; no recursion
std::optional<VerifyError> verify(const Program &program);

} // namespace branchline::bytecode
