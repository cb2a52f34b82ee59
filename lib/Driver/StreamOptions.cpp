// Which options make a stream, and which go together.
#include "branchline/Driver/StreamOptions.h"

#include "branchline/Lang/Errors.h"

#include <algorithm>
#include <span>

namespace branchline::driver {
namespace {

constexpr Option kModes[] = {Option::Ndjson, Option::JsonSeq, Option::Split, Option::Slurp,
                             Option::Gather};

/// Options that say something about streams only.
constexpr Option kStreamOnly[] = {Option::Threads,
                                  Option::Unordered,
                                  Option::OnError,
                                  Option::Errors,
                                  Option::Summary,
                                  Option::Checkpoint,
                                  Option::CheckpointInterval,
                                  Option::Resume};

struct Pair {
  Option first;
  Option second;
};

constexpr Pair kConflicts[] = {
    {Option::Ndjson, Option::JsonSeq},       {Option::Ndjson, Option::Split},
    {Option::JsonSeq, Option::Split},        {Option::Gather, Option::OutputRaw},
    {Option::Unordered, Option::Checkpoint}, {Option::Slurp, Option::Checkpoint},
};

constexpr Pair kNeeds[] = {
    {Option::Resume, Option::Checkpoint},
    {Option::CheckpointInterval, Option::Checkpoint},
    {Option::Checkpoint, Option::OutputFile},
};

std::string_view nameOf(Option option) { return info(option).name; }

Expected<void, Error> checkCombinations(const CommandLine &line) {
  for (const Pair &pair : kConflicts)
    if (line.has(pair.first) && line.has(pair.second))
      return Unexpected(
          error::make<error::Id::OptionConflict>(nameOf(pair.first), nameOf(pair.second)));
  for (const Pair &pair : kNeeds)
    if (line.has(pair.first) && !line.has(pair.second))
      return Unexpected(
          error::make<error::Id::OptionNeeds>(nameOf(pair.first), nameOf(pair.second)));
  auto conflict = [](std::string_view first, std::string_view second) {
    return Unexpected(error::make<error::Id::OptionConflict>(first, second));
  };
  if (line.text(Option::Engine) == kAllEngines)
    return conflict("--engine=all", nameOf(*std::find_if(std::begin(kModes), std::end(kModes),
                                                         [&](Option m) { return line.has(m); })));
  // Outputs are open one at a time, and a list of all records belongs to no single input.
  const bool isPattern = line.text(Option::OutputFile).find("{}") != std::string_view::npos;
  for (Option option : {Option::Unordered, Option::Slurp})
    if (isPattern && line.has(option))
      return conflict(nameOf(option), "`{}` in --output-file");
  if (line.has(Option::Errors) && line.has(Option::OnError) && line.text(Option::OnError) != "emit")
    return Unexpected(error::make<error::Id::OptionNeeds>("--errors", "--on-error=emit"));
  return {};
}

OnError onErrorOf(const CommandLine &line) {
  const std::string_view word = line.text(Option::OnError);
  if (line.has(Option::Errors) || word == "emit")
    return OnError::Emit;
  return word == "skip" ? OnError::Skip : OnError::Stop;
}

} // namespace

Expected<std::optional<StreamOptions>, Error> streamOptionsOf(const CommandLine &line) {
  const bool isStream = std::any_of(std::begin(kModes), std::end(kModes),
                                    [&](Option mode) { return line.has(mode); });
  if (!isStream) {
    for (Option option : kStreamOnly)
      if (line.has(option))
        return Unexpected(error::make<error::Id::OptionNeeds>(
            nameOf(option), "--ndjson, --json-seq, --split, --slurp or --gather"));
    return std::optional<StreamOptions>();
  }
  BL_CHECK(checkCombinations(line));
  StreamOptions options;
  auto optional = [&](Option option) {
    return line.has(option) ? std::optional<std::string>(line.text(option)) : std::nullopt;
  };
  options.framing = line.has(Option::JsonSeq) ? stream::Framing::Sequence
                    : line.has(Option::Split) ? stream::Framing::Split
                                              : stream::Framing::Lines;
  options.splitPath = line.text(Option::Split);
  options.slurp = line.has(Option::Slurp);
  options.values = line.has(Option::Gather)    ? ValueFraming::Array
                   : line.has(Option::JsonSeq) ? ValueFraming::Sequence
                                               : ValueFraming::Lines;
  options.inputs = line.all(Option::Input);
  options.threads = static_cast<unsigned>(std::min<uint64_t>(line.number(Option::Threads), 256));
  options.ordered = !line.has(Option::Unordered);
  options.onError = onErrorOf(line);
  options.errorsFile = optional(Option::Errors);
  options.summary = line.has(Option::Summary);
  options.checkpoint = optional(Option::Checkpoint);
  options.checkpointMs = line.number(Option::CheckpointInterval);
  options.resume = line.has(Option::Resume);
  return std::optional(std::move(options));
}

} // namespace branchline::driver
