// Requests for native code, one at a time, on a thread of their own.
#include "Versions.h"

#include "branchline/BCGen/BCGen.h"

#include <algorithm>
#include <fmt/format.h>

namespace branchline::tier {

using runtime::Tag;

/// Each loop that gets hot after the others costs a compilation of the program.
static constexpr size_t kMostVersions = 4;

Program::Impl::Impl(std::unique_ptr<const ir::Module> ofModule,
                    std::unique_ptr<const bytecode::Program> code, Options with)
    : module(std::move(ofModule)), bytecode(std::move(code)), options(std::move(with)),
      hopeless_(!jit::isAvailable()) {
  entries_.everyFunction = true;
}

uint64_t Program::Impl::now() const {
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                   std::chrono::steady_clock::now() - begin_)
                                   .count());
}

std::string Program::Impl::textOf(const Request &request) const {
  if (!request.loop)
    return "the program";
  const auto &lines = bytecode->functions[request.loop->function].lines;
  const auto next =
      std::upper_bound(lines.begin(), lines.end(), request.loop->word,
                       [](uint32_t pc, const bytecode::LineEntry &entry) { return pc < entry.pc; });
  if (next == lines.begin())
    return "a loop";
  return fmt::format("the loop at {}:{}", std::prev(next)->at.line, std::prev(next)->at.column);
}

/// Under `mutex`.
bool Program::Impl::isAnswered(const Request &request) const {
  const Version *version = newest();
  if (!request.loop && version)
    return true;
  // What was made need not be looked for, and what is not there will not come by itself.
  return std::any_of(answered_.begin(), answered_.end(), [&](const Request &other) {
    return other.loop == request.loop &&
           (other.effort == Effort::Make || request.effort == Effort::Find);
  });
}

void Program::Impl::want(std::optional<LoopPlace> loop, Effort effort,
                         std::span<const runtime::Value> registers) {
  Request request{loop, effort};
  const std::lock_guard lock(mutex);
  if (busy_ || hopeless_ || isAnswered(request))
    return;
  if (effort == Effort::Find && options.native.cacheFolder.empty())
    return;
  if (attempts.size() - static_cast<size_t>(std::count_if(attempts.begin(), attempts.end(),
                                                          [](const Attempt &each) {
                                                            return each.result ==
                                                                   Attempt::Result::Missing;
                                                          })) >=
      kMostVersions)
    return;
  answered_.push_back(request);
  for (const runtime::Value &value : registers)
    request.seen.push_back(value.tag());
  attempts.push_back({Attempt::Result::Running, textOf(request), now(), 0, 0, {}});
  if (options.wait) {
    Attempt attempt = attempts.back();
    std::unique_ptr<Version> version = make(request, attempt);
    publish(std::move(attempt), std::move(version));
    return;
  }
  busy_ = true;
  thread_.reset(); // it has answered the request before
  thread_ = StackThread::start(
      kLargeStack, [this, request = std::move(request), attempt = attempts.back()]() mutable {
        std::unique_ptr<Version> version = make(request, attempt);
        const std::lock_guard held(mutex);
        publish(std::move(attempt), std::move(version));
      });
  if (!thread_) {
    Attempt attempt = attempts.back();
    attempt.problem = "the system gave no thread";
    publish(std::move(attempt), nullptr);
  }
}

/// Of the values that are alive at a block: machine numbers by kind, the rest as anything.
std::vector<ir::KindSet> Program::Impl::seenAt(const bcgen::BlockStart &start,
                                               const Request &request) const {
  std::vector<ir::KindSet> seen;
  const size_t variables = module->functions[request.loop->function].slots.size();
  for (const bcgen::ValuePlace &place : std::span(start.values).subspan(variables)) {
    const Tag tag = place.reg ? request.seen[*place.reg] : Tag::Null;
    seen.push_back(tag == Tag::Int     ? ir::kinds::Int
                   : tag == Tag::Float ? ir::kinds::Float
                                       : ir::kinds::Any);
  }
  return seen;
}

/// \returns null with the reason in `attempt`
std::unique_ptr<Version> Program::Impl::make(const Request &request, Attempt &attempt) {
  auto version = std::make_unique<Version>();
  jit::Options compiling = options.native;
  compiling.entries = entries_;
  if (!versions_.empty())
    version->loops = versions_.back()->loops;
  if (request.loop) {
    const auto start = bcgen::blockAt(*module, request.loop->function, request.loop->word);
    if (!start) {
      attempt.problem = "no block starts there";
      attempt.result = Attempt::Result::Failed;
      return nullptr;
    }
    vm::LoopEntry &entry = version->loops.emplace_back();
    entry.function = request.loop->function;
    entry.word = request.loop->word;
    for (const bcgen::ValuePlace &place : start->values)
      entry.values.push_back({place.reg.value_or(vm::LoopEntry::kNowhere), place.inCell});
    compiling.entries.loops.push_back(
        {request.loop->function, start->block, seenAt(*start, request)});
  }
  if (request.effort == Effort::Find) {
    version->code = jit::Program::find(*module, compiling);
    attempt.result = version->code ? Attempt::Result::Cached : Attempt::Result::Missing;
  } else if (auto made = jit::Program::compile(*module, compiling)) {
    version->code = std::move(*made);
    attempt.result =
        version->code->fromCache() ? Attempt::Result::Cached : Attempt::Result::Compiled;
  } else {
    attempt.problem = made.error().message;
  }
  if (!version->code)
    return nullptr;
  attempt.codeBytes = version->code->codeBytes();
  entries_ = std::move(compiling.entries);
  return version;
}

/// Under `mutex`: makes what `make` gave known to everybody.
void Program::Impl::publish(Attempt attempt, std::unique_ptr<Version> version) {
  attempt.finishedAt = now();
  if (version) {
    newest_.store(version.get(), std::memory_order_release);
    versions_.push_back(std::move(version));
  } else if (attempt.result == Attempt::Result::Running) {
    attempt.result = Attempt::Result::Failed;
    hopeless_ = true; // what the compiler or the system refuses once it will refuse again
  }
  attempts.back() = std::move(attempt);
  busy_ = false;
}

} // namespace branchline::tier
