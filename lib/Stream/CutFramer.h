// What framers have in common: a buffer that is filled from the source, cut where the last whole
// record in it ends, and handed over; the rest moves to the next buffer.
#pragma once

#include "BufferPool.h"

#include "branchline/Stream/Framer.h"

#include <optional>

namespace branchline::stream {

/// Subclasses say where records end. The uncut bytes always begin at a record's start, or at
/// whatever the subclass wants to see again.
class CutFramer : public Framer {
public:
  Expected<bool, Error> next(Chunk &chunk) final;
  Expected<uint64_t, Error> skip(uint64_t records) final;

protected:
  CutFramer(Source &source, const FramerOptions &options, uint64_t offset);

  /// What a subclass found in the uncut bytes.
  struct Found {
    size_t cut = 0;             // whole records end here; 0: there is none yet
    std::optional<Error> error; // ends the input behind the cut
  };

  /// Looks for the end of the last whole record.
  /// \param text  all uncut bytes. \param from  those before it were looked at in an earlier call
  ///              that found nothing. \param atEnd  whether the input ends with `text`
  virtual Found find(std::string_view text, size_t from, bool atEnd) = 0;
  /// Sets the `cut`, `records` and `broken` of a chunk whose text is set.
  virtual void describe(Chunk &chunk) = 0;

  /// Where the uncut bytes begin, when a framing keeps count; line 0 when not.
  virtual LineColumn place() const { return {0, 0}; }

  const Source &source() const { return source_; }
  const FramerOptions &options() const { return options_; }
  /// Where the uncut bytes stand in the input.
  uint64_t offset() const { return offset_; }

private:
  enum class Filled : uint8_t { Full, Some, End };

  Expected<void, Error> renew();
  Filled fill();
  void emit(Chunk &chunk, size_t size);
  Expected<bool, Error> finish(Chunk &chunk, Found found);
  bool growTarget();
  Error outOfMemory() const;
  uint64_t dropRecords(Chunk &chunk, uint64_t records, uint64_t &lines) const;

  Source &source_;
  FramerOptions options_;
  BufferPool pool_;
  std::shared_ptr<Buffer> buffer_;
  size_t begin_ = 0;   // of the uncut bytes in the buffer
  size_t end_ = 0;     // of the bytes in the buffer
  uint64_t offset_;    // of `begin_` in the input
  size_t target_;      // bytes that are read before cutting
  bool isFirst_;       // nothing was read of the input so far
  bool atEnd_ = false; // of the source, or it failed
  std::optional<Error> failure_;
  std::optional<Chunk> stashed_; // what `skip` left of a chunk
};

/// Makers of the framings; see makeFramer.
std::unique_ptr<Framer> makeLinesFramer(Source &source, const FramerOptions &options,
                                        uint64_t offset);

std::unique_ptr<Framer> makeSequenceFramer(Source &source, const FramerOptions &options,
                                           uint64_t offset);

Expected<std::unique_ptr<Framer>, Error> makeSplitFramer(Source &source,
                                                         const FramerOptions &options);

} // namespace branchline::stream
