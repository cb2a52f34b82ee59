// Compares all engines on random programs, without libFuzzer:
//
//   EngineComparer [--runs N] [--seed S] [--first N] [--trace] [--print]
//
// Run number N of a seed is always the same program. --trace prints the numbers, --print the
// programs. A difference is made smaller by leaving out bytes as long as it stays, printed, and
// ends the runs. The last line counts what became of the programs.

#include "EngineHarness.h"

#include "branchline/Support/StackThread.h"

#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <utility>

using namespace branchline;
using fuzz::Comparison;

namespace {

/// SplitMix64: the same numbers everywhere.
uint64_t next(uint64_t &state) {
  uint64_t z = state += 0x9E3779B97F4A7C15;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
  z = (z ^ z >> 27) * 0x94D049BB133111EB;
  return z ^ z >> 31;
}

std::string randomBytes(uint64_t seed, uint64_t run) {
  uint64_t state = seed << 32 ^ run;
  std::string bytes(100 + next(state) % 1'200, '\0');
  for (char &byte : bytes)
    byte = static_cast<char>(next(state));
  return bytes;
}

bool differs(const std::string &bytes) {
  return fuzz::compareEngines(bytes).verdict == Comparison::Verdict::Different;
}

/// Leaves out pieces, large ones first, and clears what is left, as long as the difference stays.
std::string reduce(std::string bytes) {
  for (size_t length = bytes.size() / 2; length > 0; length /= 2)
    for (size_t at = 0; at + length <= bytes.size();) {
      std::string shorter = bytes.substr(0, at) + bytes.substr(at + length);
      if (differs(shorter))
        bytes = std::move(shorter);
      else
        at += length;
    }
  for (char &byte : bytes) {
    const char before = std::exchange(byte, '\0');
    if (!differs(bytes))
      byte = before;
  }
  return bytes;
}

struct Settings {
  uint64_t runs = 1000;
  uint64_t seed = 1;
  uint64_t first = 0;
  bool trace = false;
  bool print = false;
};

int runAll(const Settings &settings) {
  uint64_t same = 0, failing = 0, unbounded = 0, others = 0;
  for (uint64_t run = settings.first; run < settings.first + settings.runs; ++run) {
    if (settings.trace) {
      fmt::print("run {}\n", run);
      std::fflush(stdout);
    }
    const std::string bytes = randomBytes(settings.seed, run);
    const Comparison comparison = fuzz::compareEngines(bytes);
    if (settings.print)
      fmt::print("{}\n", comparison.program);
    switch (comparison.verdict) {
    case Comparison::Verdict::Same:
      ++same;
      failing += comparison.failed;
      break;
    case Comparison::Verdict::Unbounded:
      ++unbounded;
      break;
    case Comparison::Verdict::NotAProgram:
      ++others;
      break;
    case Comparison::Verdict::Different:
      fmt::print("run {} of seed {} differs\n{}", run, settings.seed,
                 fuzz::compareEngines(reduce(bytes)).report);
      return 1;
    }
  }
  fmt::print("{} programs are the same on all engines, {} of them fail; {} met a limit, {} do not "
             "compile\n",
             same, failing, unbounded, others);
  return same > 0 ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    auto number = [&] { return ++i < argc ? std::strtoull(argv[i], nullptr, 10) : 0; };
    if (argument == "--runs")
      settings.runs = number();
    else if (argument == "--seed")
      settings.seed = number();
    else if (argument == "--first")
      settings.first = number();
    else if (argument == "--trace")
      settings.trace = true;
    else if (argument == "--print")
      settings.print = true;
    else
      return 64;
  }
  int status = 70;
  if (!runOnStack(kLargeStack, [&] { status = runAll(settings); }))
    return 70;
  return status;
}
