// The choice of a framing.
#include "branchline/Stream/Framer.h"

#include "CutFramer.h"

#include "branchline/Support/Assert.h"

namespace branchline::stream {

Expected<std::unique_ptr<Framer>, Error> makeFramer(Source &source, const FramerOptions &options,
                                                    uint64_t offset) {
  switch (options.framing) {
  case Framing::Lines:
    return makeLinesFramer(source, options, offset);
  case Framing::Sequence:
    return makeSequenceFramer(source, options, offset);
  case Framing::Split:
    return makeSplitFramer(source, options);
  }
  BL_UNREACHABLE("a framing is one of its kinds");
}

} // namespace branchline::stream
