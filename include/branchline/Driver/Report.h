// Tells the user what went wrong, as text for people or as JSON for programs, and says which exit
// status follows. Leaves out: the wording, which the tables of Lang hold.
#pragma once

#include "branchline/Driver/CommandLine.h"
#include "branchline/Driver/System.h"
#include "branchline/Runtime/Trap.h"
#include "branchline/Support/Diagnostic.h"

#include <optional>
#include <string_view>

namespace branchline::driver {

/// How a command ends. \rule D41, R5.12.9
enum class ExitStatus : uint8_t {
  Ok = 0,
  Usage = 64,
  Data = 65,    ///< the program text or the input is bad
  Runtime = 70, ///< the program failed, or a limit ended it
  Io = 74,
  Interrupted = 130,
};

/// What `kind` says in JSON reports: `usage`, `input`, `runtime`, `io` or `interrupted`.
std::string_view kindOf(ExitStatus status);

/// The exit status of an error of Errors.def.
ExitStatus statusOf(const Error &error);

/// The exit status of an uncaught trap: Interrupted or Runtime.
ExitStatus statusOf(const runtime::Trap &trap);

/// Which warnings a command prints; errors are always printed.
enum class Warnings : uint8_t {
  All,
  /// Those that decisions ask for whenever a program is compiled (D29, E7). \rule R1.16.8
  Essential,
};

/// Which record of a stream a failure is about.
struct RecordPlace {
  uint64_t number = 0; ///< in the stream, from 1
  std::string place;   ///< `FILE:LINE`
};

/// Writes reports to the standard error of a System. Text reports are those of D42; JSON reports
/// are one line each, the object of R5.12.11 with the members D42 adds.
class Reporter {
public:
  Reporter(System &system, ErrorFormat format, std::string_view program)
      : system_(system), format_(format), program_(program) {}

  /// Names the command in JSON reports; before the call they say null (R5.12.11).
  void setCommand(Command command) { command_ = command; }
  ErrorFormat format() const { return format_; }
  System &system() { return system_; }

  /// \param document  the text `error.at` counts in, for an excerpt; may be empty
  /// \param record    null: no stream. \param firstLine  the number of the first line of `document`
  ExitStatus report(const Error &error, std::string_view document = {},
                    const RecordPlace *record = nullptr, uint32_t firstLine = 1);
  /// All findings about a text. JSON: one line for all errors together, one for each warning when
  /// there are none. \returns Data when there are errors, else Ok
  ExitStatus report(const SourceText &source, const DiagnosticSink &sink, Warnings warnings);
  /// An uncaught run-time error with place, source line and call stack.
  ExitStatus report(const SourceText &source, const runtime::Trap &trap,
                    const RecordPlace *record = nullptr);
  /// What such reports are in JSON, whatever the format of this reporter.
  std::string jsonLine(const Error &error, const RecordPlace *record = nullptr) const;
  std::string jsonLine(const SourceText &source, const runtime::Trap &trap,
                       const RecordPlace *record = nullptr) const;

private:
  System &system_;
  ErrorFormat format_;
  std::string_view program_;
  std::optional<Command> command_;
};

} // namespace branchline::driver
