// Collects and renders diagnostics. Rendering is plain text; colours are left to terminals.
#include "branchline/Support/Diagnostic.h"

#include "branchline/Support/Assert.h"
#include "branchline/Support/Utf8.h"

#include <algorithm>
#include <fmt/format.h>

namespace branchline {

Diagnostic &DiagnosticSink::report(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::Error)
    ++errors_;
  diagnostics_.push_back(std::move(diagnostic));
  return diagnostics_.back();
}

void DiagnosticSink::sortByOffset() {
  std::stable_sort(
      diagnostics_.begin(), diagnostics_.end(),
      [](const Diagnostic &a, const Diagnostic &b) { return a.range.begin < b.range.begin; });
}

std::string codeText(uint16_t code) { return fmt::format("BL{:04}", code); }

static std::string_view severityName(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "error";
  case Severity::Warning:
    return "warning";
  case Severity::Note:
    return "note";
  }
  BL_UNREACHABLE("severity");
}

static std::string place(const SourceText &source, SourceRange range) {
  LineColumn at = source.lineColumn(range.begin);
  return fmt::format("{}:{}:{}", source.name(), at.line, at.column);
}

/// Blanks that line up under `text` whatever the terminal does with tabs.
static std::string padding(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    char c = text[i];
    utf8::decode(text, i);
    out.push_back(c == '\t' ? '\t' : ' ');
  }
  return out;
}

/// Moves an offset to the start of the character it is in.
static size_t characterStart(std::string_view text, size_t offset) {
  while (offset > 0 && offset < text.size() &&
         (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80)
    --offset;
  return offset;
}

std::string renderSnippet(const SourceText &source, SourceRange range) {
  constexpr size_t kBefore = 80, kShown = 160; // bytes of a long line around the place
  LineColumn at = source.lineColumn(range.begin);
  std::string_view line = source.line(at.line);
  size_t lineStart = static_cast<size_t>(line.data() - source.text().data());
  if (line.empty())
    return {};
  size_t column = std::min<size_t>(range.begin - lineStart, line.size());
  size_t end = std::min<size_t>(std::max(range.end, range.begin) - lineStart, line.size());
  std::string front, back;
  if (line.size() > kShown) { // a program on one line would fill the screen
    size_t from = column > kBefore ? characterStart(line, column - kBefore) : 0;
    size_t to = characterStart(line, std::min(line.size(), from + kShown));
    front = from > 0 ? "... " : "";
    back = to < line.size() ? " ..." : "";
    line = line.substr(from, to - from);
    column -= from;
    end = std::min(std::max(end, from) - from, line.size());
  }
  std::string number = fmt::format("{:5}", at.line);
  std::string gutter(number.size(), ' ');
  std::string marks = "^";
  for (size_t i = column, first = 1; i < end; first = 0) {
    utf8::decode(line, i);
    if (!first)
      marks.push_back('~');
  }
  return fmt::format("{} | {}{}{}\n{} | {}{}{}\n", number, front, line, back, gutter,
                     padding(front), padding(line.substr(0, column)), marks);
}

std::string renderDiagnostic(const SourceText &source, const Diagnostic &diagnostic) {
  std::string out =
      fmt::format("{}: {}: {} [{}]\n", place(source, diagnostic.range),
                  severityName(diagnostic.severity), diagnostic.message, codeText(diagnostic.code));
  out += renderSnippet(source, diagnostic.range);
  for (const FixIt &fix : diagnostic.fixIts)
    out += fix.range.begin == fix.range.end
               ? fmt::format("{}: fix: insert `{}`\n", place(source, fix.range), fix.replacement)
           : fix.replacement.empty()
               ? fmt::format("{}: fix: remove `{}`\n", place(source, fix.range),
                             source.text().substr(fix.range.begin, fix.range.end - fix.range.begin))
               : fmt::format("{}: fix: write `{}`\n", place(source, fix.range), fix.replacement);
  for (const DiagnosticNote &note : diagnostic.notes) {
    if (!note.hasRange) {
      out += fmt::format("note: {}\n", note.message);
      continue;
    }
    out += fmt::format("{}: note: {}\n", place(source, note.range), note.message);
    out += renderSnippet(source, note.range);
  }
  return out;
}

} // namespace branchline
