// What the compiler says about a program text: code, message, range, notes and fix-its, the sink
// that collects them, and their renderings as text and as data for JSON.
// The table of codes is Lang/Diagnostics.def; Support knows only numbers.
#pragma once

#include "branchline/Support/SourceText.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace branchline {

enum class Severity : uint8_t { Error, Warning, Note };

/// Replace `range` by `replacement` (an empty range inserts).
struct FixIt {
  SourceRange range;
  std::string replacement;
};

/// A remark that belongs to a diagnostic; a range with `begin == end == 0` and `hasRange` false
/// has no place.
struct DiagnosticNote {
  std::string message;
  SourceRange range;
  bool hasRange = false;
};

/// One finding. `code` is the number after `BL`.
struct Diagnostic {
  uint16_t code = 0;
  Severity severity = Severity::Error;
  std::string message;
  SourceRange range;
  std::vector<DiagnosticNote> notes;
  std::vector<FixIt> fixIts;

  /// Adds a note without a place and returns this diagnostic, so that calls chain.
  Diagnostic &note(std::string text) {
    notes.push_back({std::move(text), {}, false});
    return *this;
  }
  /// Adds a note that points at `at`.
  Diagnostic &note(std::string text, SourceRange at) {
    notes.push_back({std::move(text), at, true});
    return *this;
  }
  Diagnostic &fixIt(SourceRange at, std::string replacement) {
    fixIts.push_back({at, std::move(replacement)});
    return *this;
  }
};

/// Collects diagnostics of one compilation. Not thread-safe.
class DiagnosticSink {
public:
  /// Adds a diagnostic; the reference is valid until the next call.
  Diagnostic &report(Diagnostic diagnostic);
  bool hasErrors() const { return errors_ > 0; }
  unsigned errorCount() const { return errors_; }
  const std::vector<Diagnostic> &all() const { return diagnostics_; }
  /// Orders by place (stable), so that stages that report out of order print in order.
  void sortByOffset();

private:
  std::vector<Diagnostic> diagnostics_;
  unsigned errors_ = 0;
};

/// `FILE:LINE:COL: error: MESSAGE [BLnnnn]`, the source line, a caret line, fix-its and notes.
/// Ends with a newline. \rule D42
std::string renderDiagnostic(const SourceText &source, const Diagnostic &diagnostic);

/// `line` under a gutter and a caret line below it that marks `range`; used by diagnostics and by
/// run-time errors. Both lines end with newlines; nothing is printed for an empty source.
std::string renderSnippet(const SourceText &source, SourceRange range);

/// `BL` and the four digits of a code.
std::string codeText(uint16_t code);

} // namespace branchline
