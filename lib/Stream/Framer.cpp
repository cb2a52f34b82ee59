// The choice of a framing.
#include "branchline/Stream/Framer.h"

#include "CutFramer.h"

namespace branchline::stream {

Expected<std::unique_ptr<Framer>, Error> makeFramer(Source &source, const FramerOptions &options,
                                                    uint64_t offset) {
  return makeLinesFramer(source, options, offset);
}

} // namespace branchline::stream
