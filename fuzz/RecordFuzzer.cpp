// Runs of JSON lines of any bytes, read by several plans: each record is accepted or refused, with
// the same message, as when it is read alone and whole; what a plan keeps is the same; text that is
// passed on is what a writer would have written. Trusted input is read as well.
#include "PlanOracle.h"
#include "branchline/Format/RecordReader.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace branchline;
using format::ReadPlan;
using Need = ReadPlan::Need;

void require(bool condition, const char *what, std::string_view record) {
  if (condition)
    return;
  std::fprintf(stderr, "RecordFuzzer: %s: %.*s\n", what, static_cast<int>(record.size()),
               record.data());
  std::abort();
}

ReadPlan planOf(Need need) { return {need, false, false, {}, nullptr}; }

/// Keys that the corpus uses.
ReadPlan mixedPlan(bool counted) {
  ReadPlan plan{Need::Parts, true, counted, {}, nullptr};
  plan.members.emplace("a", planOf(Need::Text));
  plan.members.emplace("b", planOf(Need::Value));
  ReadPlan inner{Need::Parts, false, counted, {}, std::make_unique<ReadPlan>(planOf(Need::Text))};
  inner.members.emplace("a", planOf(Need::Nothing));
  inner.members.emplace("b", planOf(Need::Text));
  plan.members.emplace("c", std::move(inner));
  plan.items = std::make_unique<ReadPlan>(planOf(counted ? Need::Text : Need::Nothing));
  return plan;
}

using Read = Expected<runtime::Value, Error>;

/// Reads each record alone and whole, and by the plan in its run.
/// \param compare  is given both and the record
template <class Compare>
void readTwice(std::string_view text, const ReadPlan &plan, format::JsonReadOptions options,
               Compare compare) {
  runtime::Heap wholeHeap, heap;
  format::RecordReader reader(heap, options, &plan);
  options.trustInput = false;
  format::JsonReader whole(wholeHeap, options);
  // Twice: the second time every key is expected.
  for (int round = 0; round < 2; ++round) {
    reader.startLines(text);
    while (reader.next()) {
      const std::string_view record = text.substr(reader.record().offset, reader.record().size);
      const Read expected = whole.read(record);
      compare(expected, reader.value(), record);
    }
  }
}

bool isSame(const Read &expected, const Read &found, const ReadPlan &plan) {
  return format::prunedText(*expected, plan) == format::prunedText(*found, plan);
}

void check(std::string_view text, const ReadPlan &plan, const format::JsonReadOptions &options) {
  readTwice(
      text, plan, options, [&](const Read &expected, const Read &found, std::string_view record) {
        require(expected.has_value() == found.has_value(), "one of two readers refuses", record);
        if (expected)
          require(isSame(expected, found, plan), "a plan changes what it keeps", record);
        else
          require(expected.error().message == found.error().message, "two messages", record);
      });
}

/// What is not needed is not looked at: a damaged record may pass, a good one is read as ever.
void checkTrusted(std::string_view text, const ReadPlan &plan, format::JsonReadOptions options) {
  options.trustInput = true;
  readTwice(text, plan, options,
            [&](const Read &expected, const Read &found, std::string_view record) {
              require(!expected || (found && isSame(expected, found, plan)),
                      "trust changes a good record", record);
            });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  // An allocation of its own, so that a read past the end is seen.
  const auto exact = std::make_unique<char[]>(size);
  for (size_t i = 0; i < size; ++i)
    exact[i] = static_cast<char>(data[i]);
  const std::string_view text(exact.get(), size);
  const std::array<ReadPlan, 5> plans = {planOf(Need::Text), planOf(Need::Nothing),
                                         planOf(Need::Value), mixedPlan(false), mixedPlan(true)};
  format::JsonReadOptions options;
  options.maxDepth = 64;
  for (const ReadPlan &plan : plans) {
    check(text, plan, options);
    checkTrusted(text, plan, options);
  }
  options.numbers = format::JsonNumbers::Strict;
  for (const ReadPlan &plan : plans)
    check(text, plan, options);
  return 0;
}
