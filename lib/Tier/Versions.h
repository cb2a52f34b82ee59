// A program's native code as it comes: what was asked for, what is there, and the thread that makes
// it. Private to Tier.
#pragma once

#include "branchline/BCGen/BCGen.h"
#include "branchline/JIT/JIT.h"
#include "branchline/Support/StackThread.h"
#include "branchline/Tier/Tier.h"
#include "branchline/VM/TierUp.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace branchline::tier {

/// Code that runs can go on in. Every version has all functions, and the loops of those before it.
struct Version {
  std::unique_ptr<jit::Program> code;
  std::vector<vm::LoopEntry> loops; // as in Entries::loops
};

/// A jump back to a word of a function's bytecode.
struct LoopPlace {
  uint32_t function;
  uint32_t word;
  bool operator==(const LoopPlace &) const = default;
};

/// How much an answer may cost.
enum class Effort : uint8_t { Find, Make };

struct Program::Impl {
  Impl(std::unique_ptr<const ir::Module> ofModule, std::unique_ptr<const bytecode::Program> code,
       Options with);

  /// The newest version, or null. \threads any \complexity O(1)
  const Version *newest() const { return newest_.load(std::memory_order_acquire); }

  /// Says that code would be used: of the program, or of a loop as well. Does nothing when it is
  /// there, being made, or known not to come.
  /// \param registers  of the activation that is in the loop: evidence for the code
  /// \threads any
  void want(std::optional<LoopPlace> loop, Effort effort,
            std::span<const runtime::Value> registers = {});

  const std::unique_ptr<const ir::Module> module;
  const std::unique_ptr<const bytecode::Program> bytecode;
  const Options options;
  std::atomic<uint64_t> heat{0}; // instructions of runs that have ended in the machine
  mutable std::mutex mutex;
  std::vector<Attempt> attempts;

private:
  struct Request {
    std::optional<LoopPlace> loop;
    Effort effort;
    std::vector<runtime::Tag> seen = {}; // by register
  };

  bool isAnswered(const Request &request) const;
  std::vector<ir::KindSet> seenAt(const bcgen::BlockStart &start, const Request &request) const;
  std::unique_ptr<Version> make(const Request &request, Attempt &attempt);
  void publish(Attempt attempt, std::unique_ptr<Version> version);
  uint64_t now() const;
  std::string textOf(const Request &request) const;

  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::atomic<const Version *> newest_{nullptr};
  // Under `mutex`:
  bool busy_ = false;
  bool hopeless_ = false; // no code will come
  std::vector<Request> answered_;
  // Of whoever answers a request:
  std::vector<std::unique_ptr<Version>> versions_;
  jit::Entries entries_;                // of the newest version
  std::unique_ptr<StackThread> thread_; // last: it goes first, and uses the others
};

} // namespace branchline::tier
