// A source over compressed bytes.
#pragma once

#include "Compression.h"
#include "RawInput.h"

namespace branchline::stream {

/// \errors of its reads: CompressedCutShort, CompressedDamaged, those of the input. What was
///         decompressed before the damage is delivered first.
std::unique_ptr<Source> makeDecompressingSource(RawInput input, Compression format);

} // namespace branchline::stream
