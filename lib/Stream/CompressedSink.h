// A sink that compresses.
#pragma once

#include "Compression.h"
#include "FileOutput.h"

namespace branchline::stream {

/// `sync` ends a member or frame, so that what is durable can be decompressed; what is written
/// later begins another one.
std::unique_ptr<Sink> makeCompressedSink(FileOutput file, Compression format);

} // namespace branchline::stream
