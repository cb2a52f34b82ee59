// From a command line to what a run may do with documents, records and limits. Leaves out which
// program runs and what makes it ready, so that programs that are linked need no compiler.
#include "branchline/Driver/RunCommand.h"

#include <algorithm>

namespace branchline::driver {

Expected<RunOptions, Error> executionOptionsOf(const CommandLine &line) {
  RunOptions options;
  auto optional = [&](Option option) {
    return line.has(option) ? std::optional<std::string>(line.text(option)) : std::nullopt;
  };
  BL_TRY(options.stream, streamOptionsOf(line));
  options.input = optional(Option::Input);
  options.transform = line.text(Option::Transform);
  const std::string_view numbers = line.text(Option::JsonNumbers);
  options.numbers = numbers == "strict"     ? format::JsonNumbers::Strict
                    : numbers == "extended" ? format::JsonNumbers::Extended
                                            : format::JsonNumbers::Safe;
  options.keys = line.text(Option::JsonKeyMode) == "numeric" ? format::JsonKeys::Numeric
                                                             : format::JsonKeys::String;
  const std::string_view layout = line.text(Option::OutputFormat);
  options.layout = layout == "json-compact"     ? format::JsonFormat::Compact
                   : layout == "json-canonical" ? format::JsonFormat::Canonical
                                                : format::JsonFormat::Pretty;
  // A value of a stream is a line unless the user wants it otherwise.
  if (options.stream && !line.has(Option::OutputFormat))
    options.layout = format::JsonFormat::Compact;
  options.outputPath = line.text(Option::OutputPath);
  options.raw = line.has(Option::OutputRaw);
  options.outputFile = optional(Option::OutputFile);
  options.limits.callDepth = static_cast<uint32_t>(
      std::min<uint64_t>(line.number(Option::MaxCallDepth), runtime::kMaxCallDepth));
  options.limits.instructions = line.number(Option::MaxInstructions);
  options.limits.memoryBytes = line.number(Option::MaxMemory);
  options.limits.outputBytes = line.number(Option::MaxOutput);
  options.limits.deadlineMs = line.number(Option::Deadline);
  options.maxInputDepth = static_cast<uint32_t>(
      std::min<uint64_t>(line.number(Option::MaxInputDepth), format::kMaxJsonDepth));
  options.maxInputBytes = line.number(Option::MaxInputSize);
  options.trustInput = line.has(Option::TrustInput);
  options.time = line.has(Option::Time);
  options.stats = line.has(Option::Stats);
  return options;
}

} // namespace branchline::driver
