// How long each stage of a command took.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace branchline::driver {

/// Rows of Stages.def.
enum class Stage : uint8_t {
#define BL_STAGE(Name, Text, Doc) Name,
#include "branchline/Driver/Stages.def"
};

/// Adds up wall time by stage.
class StageTimes {
public:
  using Clock = std::chrono::steady_clock;

  /// Measures from its making to its end.
  class Scope {
  public:
    Scope(StageTimes &times, Stage stage) : times_(times), stage_(stage), begin_(Clock::now()) {}
    Scope(const Scope &) = delete;
    Scope &operator=(const Scope &) = delete;
    ~Scope() { times_.add(stage_, Clock::now() - begin_); }

  private:
    StageTimes &times_;
    Stage stage_;
    Clock::time_point begin_;
  };

  Scope measure(Stage stage) { return Scope(*this, stage); }
  void add(Stage stage, Clock::duration duration);
  /// One line per stage that ran and a total; milliseconds.
  std::string render() const;

private:
  static constexpr size_t kCount = 0
#define BL_STAGE(Name, Text, Doc) +1
#include "branchline/Driver/Stages.def"
      ;
  std::array<std::optional<Clock::duration>, kCount> durations_;
};

} // namespace branchline::driver
