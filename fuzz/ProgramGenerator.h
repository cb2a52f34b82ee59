// Small programs that compile, and mostly run a while, out of the bytes of a fuzzer: loops,
// closures, path writes, TRY, functions, library calls, with values of fitting kinds where kinds
// can be told. Leaves out what depends on the clock, chance or a host, and signatures.
#pragma once

#include "ByteSource.h"

#include <string>

namespace branchline::fuzz {

/// The text of a program. The same bytes give the same program.
std::string generateProgram(ByteSource &bytes);

/// A document such as the programs look for, and others.
std::string_view chooseInput(ByteSource &bytes);

} // namespace branchline::fuzz
