// Reads program texts; `-` is standard input.
#pragma once

#include "branchline/Driver/System.h"

#include <string>
#include <string_view>

namespace branchline::driver {

/// Longest program text: offsets are 32 bits and columns are computed in them.
inline constexpr size_t kMaxScriptBytes = size_t(1) << 30;

/// What messages call a program: its path as given, or `<stdin>`.
std::string scriptName(std::string_view path);

/// The text of a program. \errors CannotReadFile, CannotReadStdin
Expected<std::string, Error> readScript(const std::string &path, System &system);

} // namespace branchline::driver
