// Decimal units, as disks and networks count.
#include "Progress.h"

#include "JsonLine.h"
#include "branchline/Driver/Options.h"

#include <fmt/format.h>

namespace branchline::driver {
namespace {

std::string sizeText(double bytes) {
  if (bytes < 1000)
    return fmt::format("{:.0f} B", bytes);
  for (const char *unit : {"kB", "MB", "GB"})
    if ((bytes /= 1000) < 1000)
      return fmt::format("{:.1f} {}", bytes, unit);
  return fmt::format("{:.1f} TB", bytes / 1000);
}

double secondsOf(const StreamAmounts &amounts) {
  return static_cast<double>(amounts.elapsed.count()) / 1000;
}

} // namespace

std::string progressText(const StreamAmounts &amounts) {
  const auto bytes = static_cast<double>(amounts.bytes);
  const double seconds = secondsOf(amounts);
  const double rate = seconds > 0 ? bytes / seconds : 0;
  std::string text = sizeText(bytes);
  if (amounts.allBytes)
    text += " of " + sizeText(static_cast<double>(*amounts.allBytes));
  text += fmt::format(", {} records, {}/s", amounts.counts.records, sizeText(rate));
  if (amounts.allBytes && *amounts.allBytes >= amounts.bytes && rate > 0)
    text += fmt::format(", {:.0f} s left", (static_cast<double>(*amounts.allBytes) - bytes) / rate);
  return text;
}

std::string summaryText(const StreamAmounts &amounts) {
  const stream::Counts &counts = amounts.counts;
  return fmt::format(
      "{} records in, {} values out, {} records dropped, {} failed; {} in {:.2f} s\n",
      counts.records, counts.values, counts.dropped, counts.failed,
      sizeText(static_cast<double>(amounts.bytes)), secondsOf(amounts));
}

std::string summaryJson(const StreamAmounts &amounts) {
  JsonLine json;
  json.open('{').key("summary").open('{');
  json.key("records").number(amounts.counts.records);
  json.key("values").number(amounts.counts.values);
  json.key("dropped").number(amounts.counts.dropped);
  json.key("failed").number(amounts.counts.failed);
  json.key("bytes").number(amounts.bytes);
  json.key("milliseconds").number(static_cast<uint64_t>(amounts.elapsed.count()));
  return json.close('}').member("version", versionNumber()).close('}').finish();
}

void ProgressLine::show(const StreamAmounts &amounts) {
  // The rest of a longer line before it goes, too.
  system_.writeStderr("\r" + progressText(amounts) + "\x1b[K");
  shown_ = true;
  next_ = Clock::now() + kInterval;
}

void ProgressLine::clear() {
  if (shown_)
    system_.writeStderr("\r\x1b[K");
  shown_ = false;
}

} // namespace branchline::driver
