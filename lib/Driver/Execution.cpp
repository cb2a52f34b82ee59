// The steps of a run.
#include "Execution.h"

#include "branchline/Format/JsonReader.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Runtime/Ops.h"

#include <algorithm>

namespace branchline::driver {

Executable::~Executable() = default;

namespace {

Failure failure(Error error) { return {std::move(error), std::nullopt}; }
Failure failure(runtime::Trap trap) { return {std::nullopt, std::move(trap)}; }

format::JsonWriteOptions writeOptionsOf(const RunOptions &options) {
  format::JsonWriteOptions writing;
  writing.format = options.layout;
  writing.numbers = options.numbers;
  writing.maxBytes = options.limits.outputBytes;
  return writing;
}

} // namespace

format::JsonReadOptions readOptionsOf(const RunOptions &options) {
  format::JsonReadOptions reading;
  reading.numbers = options.numbers;
  reading.keys = options.keys;
  reading.maxDepth = options.maxInputDepth;
  reading.trustInput = options.trustInput;
  if (options.maxInputBytes != 0)
    reading.maxBytes = std::min(options.maxInputBytes, format::kMaxJsonBytes);
  return reading;
}

Execution::Execution(const RunOptions &options, System &system, std::string *printed)
    : options_(options), system_(system), printed_(printed), writer_(writeOptionsOf(options)) {
  heap_.setMemoryLimit(options.limits.memoryBytes);
  context_.limits = options.limits;
  context_.shared = &shared_;
  context_.interrupt = &system.interrupt;
  context_.print = [this](std::string_view text) { print(text); };
}

void Execution::setProgram(std::unique_ptr<Executable> executable,
                           const std::vector<bytecode::SharedResource> &shared) {
  executable_ = std::move(executable);
  for (const bytecode::SharedResource &resource : shared)
    shared_.declare(resource.name,
                    resource.single ? runtime::ResourceKind::Single : runtime::ResourceKind::Many);
}

Expected<void, Error> Execution::readInput(const std::string_view *document,
                                           const format::ReadPlan *plan) {
  if (!document) {
    context_.input = heap_.object();
    return {};
  }
  BL_TRY(context_.input, format::readJson(heap_, *document, readOptionsOf(options_), plan));
  return {};
}

void Execution::begin(runtime::Value input) {
  context_.outputs.clear();
  context_.input = std::move(input);
  context_.instructionsUsed = 0;
  printedBytes_ = 0;
  printedTooMuch_ = false;
}

void Execution::release() {
  context_.outputs.clear();
  context_.input = runtime::Value();
  if (!shared_.empty())
    shared_.clear();
  if (heap_.stats().bytesInUse > sweepAt_)
    sweep();
}

void Execution::expectManyRuns() {
  // Dead objects of some runs should stay in the processor's caches, and be nothing beside the
  // limit of memory.
  constexpr uint64_t kDeadBytes = uint64_t(1) << 17;
  const uint64_t limit = options_.limits.memoryBytes;
  if (limit != 0 && limit < 64 * kDeadBytes)
    return;
  sweepSlack_ = kDeadBytes;
  heap_.keepDead(2 * kDeadBytes);
}

/// Closures that hold each other outlive their run. What the engine keeps on purpose is made anew
/// in the next run, so the mark is set by what is there after it.
void Execution::sweep() {
  if (sweepAt_ == 0) {
    sweepAt_ = heap_.stats().bytesInUse + sweepSlack_;
    return;
  }
  executable_->releaseValues();
  heap_.reset();
  sweepAt_ = 0;
}

void Execution::print(std::string_view text) {
  if (printFailure_ || printedTooMuch_)
    return;
  // A callback cannot raise: the run ends at its next safe point, and then we say why.
  printedBytes_ += text.size();
  if (options_.limits.outputBytes != 0 && printedBytes_ > options_.limits.outputBytes)
    printedTooMuch_ = true;
  else if (printed_)
    *printed_ += text;
  else if (auto written = system_.writeStdout(text); !written)
    printFailure_ = written.error();
  if (printFailure_ || printedTooMuch_)
    context_.cancelled = true;
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
  if (options_.limits.deadlineMs != 0)
    context_.started = std::chrono::steady_clock::now();
  if (!system_.listening.load(std::memory_order_relaxed))
    system_.listening = true;
  runtime::Result<void> result = executable_->run(transform, context_);
  if (printedTooMuch_)
    context_.cancelled = false;
  if (auto stopped = stopReason())
    return stopped;
  return result ? std::nullopt : std::optional(failure(std::move(result).error()));
}

/// Appends the text of a value. What PRINT wrote and what stands behind `start` counts towards the
/// limit of output.
std::optional<Failure> Execution::append(const runtime::Value &value,
                                         const format::OutputPath &path, std::string &out,
                                         size_t start) {
  const size_t before = out.size();
  // Few values have keys that are no text, so that is found out by writing them.
  if (path.empty() && write(value, out) && !writer_.wroteOtherKeys())
    return checkOutput(out.size() - start);
  out.resize(before);
  runtime::Result<runtime::Value> keyed = runtime::stringifyKeys(heap_, value);
  if (!keyed)
    return failure(std::move(keyed).error());
  const runtime::Value selected = path.empty() ? std::move(*keyed) : path.select(heap_, *keyed);
  const auto written = write(selected, out);
  if (written)
    return checkOutput(out.size() - start);
  if (options_.limits.outputBytes != 0 &&
      written.error().code == error::info(error::Id::OutputSize).code)
    return outputLimit();
  return failure(written.error());
}

Expected<void, Error> Execution::write(const runtime::Value &value, std::string &out) {
  return options_.raw ? writer_.writeRaw(out, value) : writer_.write(out, value);
}

std::optional<Failure> Execution::checkOutput(size_t bytes) const {
  const uint64_t limit = options_.limits.outputBytes;
  return limit != 0 && bytes > limit - printedBytes_ ? outputLimit() : std::nullopt;
}

std::optional<Failure> Execution::format(const format::OutputPath &path) {
  runtime::Result<runtime::Value> result = context_.collapse();
  if (!result)
    return failure(std::move(result).error());
  if (auto failed = append(*result, path, text_, 0))
    return failed;
  text_ += '\n';
  return std::nullopt;
}

std::optional<Failure> Execution::formatEach(const format::OutputPath &path,
                                             std::string_view before, std::string_view behind,
                                             std::string &out) {
  const size_t start = out.size();
  for (const runtime::Value &value : context_.outputs) {
    out += before;
    if (auto failed = append(value, path, out, start)) {
      out.resize(start);
      return failed;
    }
    out += behind;
  }
  return std::nullopt;
}

std::string renderEngineStats(std::string_view engine, const EngineStats &stats) {
  std::string text = fmt::format("{:<24} {:>14}\n", "engine", engine);
  for (const auto &[name, count] : stats.counts)
    text += fmt::format("{:<24} {:>14}\n", name, count);
  for (const auto &[name, note] : stats.notes)
    text += fmt::format("{:<24} {}\n", name, note);
  return text;
}

std::string Execution::renderStats() const {
  const runtime::HeapStats &heap = heap_.stats();
  return fmt::format("{:<24} {:>14}\n{:<24} {:>14}\n{:<24} {:>14}\n{:<24} {:>14}\n", "instructions",
                     context_.instructionsUsed, "outputs", context_.outputs.size(),
                     "peak memory in bytes", heap.peakBytes, "memory taken in bytes",
                     heap.bytesReserved);
}

} // namespace branchline::driver
