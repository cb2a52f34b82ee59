// The table of --time.
#include "branchline/Driver/StageTimes.h"

#include <fmt/format.h>
#include <string_view>

namespace branchline::driver {

void StageTimes::add(Stage stage, Clock::duration duration) {
  std::optional<Clock::duration> &entry = durations_[static_cast<size_t>(stage)];
  entry = entry.value_or(Clock::duration::zero()) + duration;
}

std::string StageTimes::render() const {
  static constexpr std::string_view kNames[] = {
#define BL_STAGE(Name, Text, Doc) Text,
#include "branchline/Driver/Stages.def"
  };
  auto milliseconds = [](Clock::duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
  };
  std::string out;
  Clock::duration total = Clock::duration::zero();
  for (size_t i = 0; i < kCount; ++i)
    if (durations_[i]) {
      total += *durations_[i];
      out += fmt::format("{:<12} {:>10.3f} ms\n", kNames[i], milliseconds(*durations_[i]));
    }
  out += fmt::format("{:<12} {:>10.3f} ms\n", "total", milliseconds(total));
  return out;
}

} // namespace branchline::driver
