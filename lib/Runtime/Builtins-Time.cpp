// NOW: the clock as text. \rule R3.10.1
#include "BuiltinSupport.h"

#include <chrono>

namespace branchline::runtime::library {

std::string fractionOfSecond(uint32_t nanoseconds) {
  if (nanoseconds == 0)
    return {};
  if (nanoseconds % 1'000'000 == 0)
    return fmt::format(".{:03}", nanoseconds / 1'000'000);
  if (nanoseconds % 1'000 == 0)
    return fmt::format(".{:06}", nanoseconds / 1'000);
  return fmt::format(".{:09}", nanoseconds);
}

Result<Value> builtinNOW(Context &context, Args) {
  using namespace std::chrono;
  const auto now = time_point_cast<nanoseconds>(system_clock::now());
  const auto day = floor<days>(now);
  const year_month_day date(day);
  const hh_mm_ss time(now - day);
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  time.hours().count(), time.minutes().count(), time.seconds().count());
  text += fractionOfSecond(static_cast<uint32_t>(time.subseconds().count()));
  text += 'Z';
  return context.heap.string(text, Ascii::Yes);
}

} // namespace branchline::runtime::library
