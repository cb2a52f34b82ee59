// NOW: the clock as text. \rule R3.10.1
#include "BuiltinSupport.h"

#include <chrono>

namespace branchline::runtime {

namespace {

// As few groups of three digits as give the fraction exactly.
std::string fractionOfSecond(int64_t nanoseconds) {
  if (nanoseconds == 0)
    return {};
  if (nanoseconds % 1'000'000 == 0)
    return fmt::format(".{:03}", nanoseconds / 1'000'000);
  if (nanoseconds % 1'000 == 0)
    return fmt::format(".{:06}", nanoseconds / 1'000);
  return fmt::format(".{:09}", nanoseconds);
}

} // namespace

std::string timeText(std::chrono::sys_time<std::chrono::nanoseconds> time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     fractionOfSecond(clock.subseconds().count()));
}

Result<Value> library::builtinNOW(Context &context, Args) {
  using namespace std::chrono;
  return context.heap.string(timeText(time_point_cast<nanoseconds>(system_clock::now())),
                             Ascii::Yes);
}

} // namespace branchline::runtime
