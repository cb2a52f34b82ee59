// Opens inputs as they are needed: a thousand files are never open at once.
#include "StreamFeed.h"

namespace branchline::driver {

Expected<void, Error> StreamFeed::open() {
  BL_TRY(source_, system_.openSource(inputs_[input_]));
  BL_TRY(framer_, stream::makeFramer(*source_, options_));
  return {};
}

Expected<bool, Error> StreamFeed::next(stream::Chunk &chunk) {
  while (input_ < inputs_.size()) {
    if (!framer_)
      BL_CHECK(open());
    BL_TRY(const bool more, framer_->next(chunk));
    if (more) {
      chunk.input = input_;
      return true;
    }
    framer_.reset();
    source_.reset();
    ++input_;
  }
  return false;
}

} // namespace branchline::driver
