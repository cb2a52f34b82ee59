// The steps of one run.
#include "Execution.h"

#include "branchline/Format/JsonReader.h"
#include "branchline/Format/JsonWriter.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Runtime/Ops.h"

#include <algorithm>

namespace branchline::driver {
namespace {

Failure failure(Error error) { return {std::move(error), std::nullopt}; }
Failure failure(runtime::Trap trap) { return {std::nullopt, std::move(trap)}; }

} // namespace

void Execution::setProgram(std::unique_ptr<Executable> executable,
                           const std::vector<bytecode::SharedResource> &shared) {
  executable_ = std::move(executable);
  for (const bytecode::SharedResource &resource : shared)
    shared_.declare(resource.name,
                    resource.single ? runtime::ResourceKind::Single : runtime::ResourceKind::Many);
}

Expected<void, Error> Execution::readInput(const std::string_view *document) {
  heap_.setMemoryLimit(options_.limits.memoryBytes);
  if (!document) {
    context_.input = heap_.object();
    return {};
  }
  format::JsonReadOptions reading;
  reading.numbers = options_.numbers;
  reading.keys = options_.keys;
  reading.maxDepth = options_.maxInputDepth;
  if (options_.maxInputBytes != 0)
    reading.maxBytes = std::min(options_.maxInputBytes, format::kMaxJsonBytes);
  BL_TRY(context_.input, format::readJson(heap_, *document, reading));
  return {};
}

void Execution::print(std::string_view text) {
  if (printFailure_ || printedTooMuch_)
    return;
  // A callback cannot raise: the run ends at its next safe point, and then we say why.
  printedBytes_ += text.size();
  if (options_.limits.outputBytes != 0 && printedBytes_ > options_.limits.outputBytes)
    printedTooMuch_ = true;
  else if (printing_ == Printing::Kept)
    printed_ += text;
  else if (auto written = system_.writeStdout(text); !written)
    printFailure_ = written.error();
  if (printFailure_ || printedTooMuch_)
    system_.interrupt = true;
}

std::optional<Failure> Execution::outputLimit() const {
  return failure(runtime::makeTrap<TrapId::OutputLimit>(options_.limits.outputBytes));
}

std::optional<Failure> Execution::stopReason() const {
  if (printFailure_)
    return failure(*printFailure_);
  if (printedTooMuch_)
    return outputLimit();
  if (!system_.interrupt)
    return std::nullopt;
  return failure(runtime::makeTrap<TrapId::Interrupted>());
}

std::optional<Failure> Execution::run(size_t transform) {
  context_.limits = options_.limits;
  context_.shared = &shared_;
  context_.interrupt = &system_.interrupt;
  context_.print = [this](std::string_view text) { print(text); };
  context_.started = std::chrono::steady_clock::now();
  system_.listening = true;
  runtime::Result<void> result = executable_->run(transform, context_);
  if (auto stopped = stopReason()) {
    if (printedTooMuch_)
      system_.interrupt = false; // it was this run that asked for its end
    return stopped;
  }
  return result ? std::nullopt : std::optional(failure(std::move(result).error()));
}

std::optional<Failure> Execution::format(const format::OutputPath &path) {
  runtime::Result<runtime::Value> result = context_.collapse();
  if (!result)
    return failure(std::move(result).error());
  runtime::Result<runtime::Value> keyed = runtime::stringifyKeys(heap_, *result);
  if (!keyed)
    return failure(std::move(keyed).error());
  const runtime::Value selected = path.select(heap_, *keyed);
  format::JsonWriteOptions writing;
  writing.format = options_.layout;
  writing.numbers = options_.numbers;
  // What PRINT wrote counts; a limit that is used up to the last byte is not 0, which means none.
  const uint64_t limit = options_.limits.outputBytes;
  writing.maxBytes = limit == 0 ? 0 : std::max<uint64_t>(limit - printedBytes_, 1);
  const auto written = options_.raw ? format::writeRaw(text_, selected, writing)
                                    : format::writeJson(text_, selected, writing);
  if (!written && written.error().code == error::info(error::Id::OutputSize).code)
    return outputLimit();
  if (!written)
    return failure(written.error());
  text_ += '\n';
  return std::nullopt;
}

std::string Execution::renderStats() const {
  const runtime::HeapStats &heap = heap_.stats();
  return fmt::format("{:<24} {:>14}\n{:<24} {:>14}\n{:<24} {:>14}\n{:<24} {:>14}\n", "instructions",
                     context_.instructionsUsed, "outputs", context_.outputs.size(),
                     "peak memory in bytes", heap.peakBytes, "memory taken in bytes",
                     heap.bytesReserved);
}

} // namespace branchline::driver
