// The choices a JSON reader and writer share. What the command line calls them is the driver's
// business.
#pragma once

#include "branchline/Runtime/Heap.h"

#include <cstdint>

namespace branchline::format {

/// How numbers beyond what every JSON reader keeps exactly are treated. \rule R5.4.10
enum class JsonNumbers : uint8_t {
  Strict,   ///< they are errors
  Safe,     ///< read exactly, written as strings
  Extended, ///< read exactly, written as numbers
};

/// Whether keys that look like integers become integers. \rule R5.2.11
enum class JsonKeys : uint8_t { String, Numeric };

/// Layout and order of written JSON. \rule R5.4.7, R5.5
enum class JsonFormat : uint8_t {
  Pretty,    ///< four spaces a level, LF line ends
  Compact,   ///< no whitespace
  Canonical, ///< no whitespace, sorted keys, normalised numbers
};

/// Deepest nesting of documents read and values written. \rule 5-Q9
inline constexpr uint32_t kMaxJsonDepth = runtime::kMaxValueDepth;

/// Longest document the reader takes: offsets are 32 bits.
inline constexpr uint64_t kMaxJsonBytes = uint64_t(0xFFFF'FF00);

/// The largest integer that every JSON reader keeps exactly: 2^53 - 1.
inline constexpr int64_t kMaxSafeInteger = 9'007'199'254'740'991;

} // namespace branchline::format
