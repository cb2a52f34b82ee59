// Bounds of a program as a file may declare it: the reader checks them before it allocates, the
// verifier for programs made in memory. What a run may use is for Runtime/Context.h.
#pragma once

#include "branchline/Bytecode/Opcode.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace branchline::bytecode {

/// How many rows a table may have, and what messages call them.
struct TableLimit {
  std::string_view what;
  uint32_t count;
};

/// Longest file, in bytes; sizes in files are 32 bits.
inline constexpr size_t kMaxFileBytes = 0x7FFF'FFFF;
/// Longest program text kept in a file, in bytes.
inline constexpr size_t kMaxSourceBytes = size_t(1) << 30;
/// Most digits a big integer or decimal constant may have.
inline constexpr size_t kMaxNumberDigits = 5'050'444;

/// Deepest nesting of inlined calls, the calls around and in them included: only calls that are
/// known to nest no deeper may be inlined.
inline constexpr uint32_t kMaxInlineDepth = 64;

inline constexpr TableLimit kConstantLimit{"constants", 1u << 22};
inline constexpr TableLimit kLayoutLimit{"layouts", kNoIndex};
inline constexpr TableLimit kLayoutKeyLimit{"keys of a layout", kMaxRegisters};
inline constexpr TableLimit kPathLimit{"paths", kNoIndex};
inline constexpr TableLimit kSegmentLimit{"segments of a path", kMaxRegisters};
inline constexpr TableLimit kImportLimit{"imports", kNoIndex};
inline constexpr TableLimit kSharedLimit{"shared resources", kNoIndex};
inline constexpr TableLimit kFunctionLimit{"functions", kNoIndex};
inline constexpr TableLimit kTransformLimit{"transforms", kNoIndex};
inline constexpr TableLimit kParamLimit{"parameters", kMaxRegisters};
inline constexpr TableLimit kRegisterLimit{"registers", kMaxRegisters};
inline constexpr TableLimit kWordLimit{"words of code", 1u << 24};
inline constexpr TableLimit kHandlerLimit{"handler regions", kNoIndex};
inline constexpr TableLimit kResumeLimit{"resume points", kNoIndex};
inline constexpr TableLimit kInlineSiteLimit{"inlined calls", 1u << 24};
inline constexpr TableLimit kSiteEntryLimit{"entries of inlined calls", 1u << 24};
inline constexpr TableLimit kLineLimit{"line entries", 1u << 24};

} // namespace branchline::bytecode
