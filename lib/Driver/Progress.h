// How far a stream is: a line on a terminal that is written again and again, and a summary at the
// end. Private to Driver.
#pragma once

#include "branchline/Driver/System.h"
#include "branchline/Stream/Batch.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace branchline::driver {

/// Amounts of a stream and the time they took.
struct StreamAmounts {
  stream::Counts counts;
  uint64_t bytes = 0;               // taken from the inputs
  std::optional<uint64_t> allBytes; // of the inputs
  std::chrono::milliseconds elapsed{0};
};

/// `100.0 MB of 1.2 GB, 17266 records, 154.2 MB/s, 7 s left`
std::string progressText(const StreamAmounts &amounts);

/// `100000 records in, 98990 values out, 10 records dropped, 1000 failed; 12.3 MB in 0.52 s`
std::string summaryText(const StreamAmounts &amounts);

/// The same as one line of JSON.
std::string summaryJson(const StreamAmounts &amounts);

/// The line on the terminal. Used by one thread at a time.
class ProgressLine {
public:
  using Clock = std::chrono::steady_clock;

  /// \param visible  whether there is a terminal to write to
  ProgressLine(System &system, bool visible) : system_(system), visible_(visible) {}

  /// Whether a new line is due, a few times a second.
  bool isDue() { return visible_ && Clock::now() >= next_; }
  void show(const StreamAmounts &amounts);
  /// Takes the line away, before something else is written.
  void clear();

private:
  static constexpr std::chrono::milliseconds kInterval{200};

  System &system_;
  const bool visible_;
  bool shown_ = false;
  Clock::time_point next_ = Clock::now() + kInterval;
};

} // namespace branchline::driver
