// Cuts the bytes of an input into chunks of whole records.
#pragma once

#include "branchline/Format/JsonOptions.h"
#include "branchline/Stream/Chunk.h"
#include "branchline/Stream/Source.h"

#include <memory>
#include <string>

namespace branchline::stream {

/// How records lie in an input.
enum class Framing : uint8_t {
  Lines,    ///< one a line
  Sequence, ///< RFC 7464: each begins with the record separator 0x1E
  Split,    ///< the items of an array inside one document
};

struct FramerOptions {
  Framing framing = Framing::Lines;
  std::string splitPath; ///< Split: the path of the array, as in `a.b[0]`
  /// A chunk is at most as long, unless one record is longer. Small enough to stay in the
  /// processor's second cache from the read until the parser comes by.
  size_t chunkBytes = size_t(256) << 10;
  uint64_t maxRecordBytes = uint64_t(1) << 30; ///< a longer record is an error
  uint32_t maxDepth = format::kMaxJsonDepth;   ///< Split: nesting of the document
};

/// Cuts one input. Used by one thread.
class Framer {
public:
  virtual ~Framer() = default;
  /// Makes the next chunk (text, storage, cut, records, offset).
  /// \returns false at the end of the input. A chunk may be without records.
  /// \errors  those of the source; RecordTooLong; Split: the document around the records is
  ///          malformed, or has no array at the path. An error ends the input; the whole records
  ///          before it have been delivered then, and the same error comes again.
  virtual Expected<bool, Error> next(Chunk &chunk) = 0;

  /// Drops records, for resuming where no offset is known or of use (Split).
  /// \returns line feeds of the input before what `next` gives now
  /// \errors  those of next; TooFewRecords
  virtual Expected<uint64_t, Error> skip(uint64_t records) = 0;
};

/// \param source  borrowed. \param offset  where the source stands, when it was skipped to the end
///                of a chunk; Split: 0, since only `skip` can go on inside a document
/// \errors SplitPathOpen, SplitPathEmptyIndex
Expected<std::unique_ptr<Framer>, Error> makeFramer(Source &source, const FramerOptions &options,
                                                    uint64_t offset = 0);

} // namespace branchline::stream
