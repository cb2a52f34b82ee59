// Reaching the part of JIT that is linked with LLVM. Private to JIT.
#pragma once

#include "Backend.h"

#include "branchline/Support/Error.h"
#include "branchline/Support/Expected.h"

#include <string>

namespace branchline::jit {

/// Compiles with the shared object, which is opened the first time.
/// \errors JitMissing, JitLibrary, JitCode
Expected<std::string, Error> compileWithBackend(const BackendRequest &request);

/// Tells one compiler from another without opening it: size and time of the shared object; empty
/// when there is none.
std::string backendStamp();

} // namespace branchline::jit
