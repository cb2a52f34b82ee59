// Renders reports. Texts follow D42, JSON lines R5.12.11 with the members of D42.
#include "branchline/Driver/Report.h"

#include "branchline/Lang/Diagnostics.h"
#include "branchline/Lang/Errors.h"

#include "Excerpt.h"
#include "JsonLine.h"

namespace branchline::driver {
namespace {

/// Deep recursion has long stacks of the same few lines: so many of each end are shown.
constexpr size_t kInnermostFrames = 16;
constexpr size_t kOutermostFrames = 4;

struct TrapHint {
  TrapId id;
  std::string_view text;
};

/// What a user can do about a limit.
constexpr TrapHint kTrapHints[] = {
    {TrapId::CallDepth, "--max-call-depth sets this limit"},
    {TrapId::InstructionLimit, "--max-instructions sets this limit"},
    {TrapId::MemoryLimit, "--max-memory sets this limit"},
    {TrapId::OutputLimit, "--max-output sets this limit"},
    {TrapId::Deadline, "--deadline sets this limit"},
};

std::string_view hintFor(TrapId id) {
  for (const TrapHint &hint : kTrapHints)
    if (hint.id == id)
      return hint.text;
  return {};
}

bool isShown(const Diagnostic &diagnostic, Warnings warnings) {
  return diagnostic.severity == Severity::Error || warnings == Warnings::All ||
         diagnostic.code == diag::info(diag::Id::HiddenByLibrary).code ||
         diagnostic.code == diag::info(diag::Id::StatementWithoutEffect).code;
}

std::string_view textOf(Severity severity) {
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

void appendPlace(JsonLine &json, std::string_view file, LineColumn at) {
  json.member("file", file).member("line", at.line).member("column", at.line ? at.column : 0);
}

void appendRange(JsonLine &json, const SourceText &source, SourceRange range) {
  const LineColumn begin = source.lineColumn(range.begin);
  const LineColumn end = source.lineColumn(range.end);
  json.member("line", begin.line).member("column", begin.column);
  json.member("endLine", end.line).member("endColumn", end.column);
}

/// The members of one finding, without the braces around them.
void appendDiagnostic(JsonLine &json, const SourceText &source, const Diagnostic &diagnostic) {
  json.member("message", diagnostic.message)
      .member("severity", textOf(diagnostic.severity))
      .member("code", codeText(diagnostic.code))
      .member("file", source.name());
  appendRange(json, source, diagnostic.range);
  json.key("notes").open('[');
  for (const DiagnosticNote &note : diagnostic.notes) {
    json.open('{').member("message", note.message);
    if (note.hasRange)
      appendRange(json, source, note.range);
    json.close('}');
  }
  json.close(']').key("fixes").open('[');
  for (const FixIt &fix : diagnostic.fixIts) {
    json.open('{');
    appendRange(json, source, fix.range);
    json.key("replacement").string(fix.replacement).close('}');
  }
  json.close(']');
}

/// The members every error object starts with. \rule R5.12.11, D42
void appendHead(JsonLine &json, std::string_view message, ExitStatus status,
                std::optional<Command> command, uint16_t code) {
  json.open('{').key("error").open('{');
  json.key("message").string(message);
  json.member("kind", kindOf(status));
  json.key("exitCode").number(static_cast<unsigned>(status));
  json.member("command", command ? info(*command).word : std::string_view());
  json.member("code", codeText(code));
}

std::string finish(JsonLine &json, const RecordPlace *record = nullptr) {
  json.close('}');
  if (record)
    json.member("record", record->number).member("input", record->place);
  return json.member("version", versionNumber()).close('}').finish();
}

/// Where in the stream, in text reports.
std::string renderRecord(const RecordPlace *record) {
  return record ? fmt::format("  in record {} at {}\n", record->number, record->place)
                : std::string();
}

/// Frames of equal function and place that follow each other.
struct FrameRun {
  const runtime::TrapFrame *frame;
  size_t count;
};

std::vector<FrameRun> groupFrames(const std::vector<runtime::TrapFrame> &stack) {
  std::vector<FrameRun> runs;
  for (const runtime::TrapFrame &frame : stack)
    if (!runs.empty() && runs.back().frame->function == frame.function &&
        runs.back().frame->at == frame.at)
      ++runs.back().count;
    else
      runs.push_back({&frame, 1});
  return runs;
}

std::string renderStack(const SourceText &source, const runtime::TrapInfo &trap) {
  std::string out;
  const std::vector<FrameRun> runs = groupFrames(trap.stack);
  for (size_t i = 0; i < runs.size(); ++i) {
    if (runs.size() > kInnermostFrames + kOutermostFrames && i == kInnermostFrames) {
      out += "  ...\n";
      i = runs.size() - kOutermostFrames;
    }
    const auto &[frame, count] = runs[i];
    out += fmt::format("  in {}", frame->function);
    if (frame->at.line != 0) // as in stripped bytecode
      out += fmt::format(" at {}:{}:{}", source.name(), frame->at.line, frame->at.column);
    out += count > 1 ? fmt::format(" ({} times)\n", count) : "\n";
  }
  // Engines keep so many innermost frames; a stack that does not reach a transform was cut.
  if (!runs.empty() && !runs.back().frame->function.starts_with("TRANSFORM"))
    out += "  ... and calls further out\n";
  return out;
}

std::string renderHint(std::string_view hint) {
  return hint.empty() ? std::string() : fmt::format("hint: {}\n", hint);
}

} // namespace

std::string_view kindOf(ExitStatus status) {
  switch (status) {
  case ExitStatus::Ok:
    return "none";
  case ExitStatus::Usage:
    return "usage";
  case ExitStatus::Data:
    return "input";
  case ExitStatus::Runtime:
    return "runtime";
  case ExitStatus::Io:
    return "io";
  case ExitStatus::Interrupted:
    return "interrupted";
  }
  BL_UNREACHABLE("exit status");
}

ExitStatus statusOf(const Error &error) {
  switch (error::kindOf(error.code)) {
  case error::Kind::Io:
    return ExitStatus::Io;
  case error::Kind::Input:
    return ExitStatus::Data;
  case error::Kind::Runtime:
    return ExitStatus::Runtime;
  case error::Kind::Usage:
    return ExitStatus::Usage;
  }
  BL_UNREACHABLE("error kind");
}

ExitStatus statusOf(const runtime::Trap &trap) {
  return trap.id() == TrapId::Interrupted ? ExitStatus::Interrupted : ExitStatus::Runtime;
}

std::string Reporter::jsonLine(const Error &error, const RecordPlace *record) const {
  JsonLine json;
  appendHead(json, error.message, statusOf(error), command_, error.code);
  appendPlace(json, error.file, error.at);
  json.key("stack").open('[').close(']').member("hint", error.hint);
  return finish(json, record);
}

ExitStatus Reporter::report(const Error &error, std::string_view document,
                            const RecordPlace *record, uint32_t firstLine) {
  const ExitStatus status = statusOf(error);
  if (error.message.empty())
    return status; // nothing to say, see NativeSystem::writeStdout
  if (format_ == ErrorFormat::Json) {
    system_.writeStderr(jsonLine(error, record));
    return status;
  }
  std::string place(program_);
  if (error.at.line != 0)
    place = fmt::format("{}:{}:{}", error.file, error.at.line, error.at.column);
  else if (status == ExitStatus::Data && !error.file.empty())
    place = error.file;
  std::string out = fmt::format("{}: error: {} [{}]\n", place, error.message, codeText(error.code));
  if (error.at.line != 0)
    out += renderExcerpt(document, error.at, firstLine);
  system_.writeStderr(out + renderRecord(record) + renderHint(error.hint));
  return status;
}

ExitStatus Reporter::report(const SourceText &source, const DiagnosticSink &sink,
                            Warnings warnings) {
  const ExitStatus status = sink.hasErrors() ? ExitStatus::Data : ExitStatus::Ok;
  std::string out;
  if (format_ == ErrorFormat::Text) {
    for (const Diagnostic &diagnostic : sink.all())
      if (isShown(diagnostic, warnings))
        out += renderDiagnostic(source, diagnostic);
  } else if (!sink.hasErrors()) {
    for (const Diagnostic &diagnostic : sink.all()) {
      if (!isShown(diagnostic, warnings))
        continue;
      JsonLine json;
      json.open('{').key("warning").open('{');
      appendDiagnostic(json, source, diagnostic);
      out += finish(json);
    }
  } else {
    const Diagnostic *first = &sink.all().front();
    while (first->severity != Severity::Error)
      ++first;
    JsonLine json;
    appendHead(json, first->message, status, command_, first->code);
    appendPlace(json, source.name(), source.lineColumn(first->range.begin));
    json.key("stack").open('[').close(']').key("diagnostics").open('[');
    for (const Diagnostic &diagnostic : sink.all())
      if (isShown(diagnostic, warnings)) {
        json.open('{');
        appendDiagnostic(json, source, diagnostic);
        json.close('}');
      }
    json.close(']');
    out = finish(json);
  }
  if (!out.empty())
    system_.writeStderr(out);
  return status;
}

std::string Reporter::jsonLine(const SourceText &source, const runtime::Trap &trap,
                               const RecordPlace *record) const {
  const runtime::TrapInfo &details = trap.info();
  JsonLine json;
  appendHead(json, details.message, statusOf(trap), command_, info(trap.id()).code);
  appendPlace(json, source.name(), details.at);
  json.key("stack").open('[');
  for (const runtime::TrapFrame &frame : details.stack) {
    json.open('{').member("function", frame.function);
    appendPlace(json, source.name(), frame.at);
    json.close('}');
  }
  json.close(']');
  json.member("type", details.type).member("hint", hintFor(trap.id()));
  return finish(json, record);
}

ExitStatus Reporter::report(const SourceText &source, const runtime::Trap &trap,
                            const RecordPlace *record) {
  const ExitStatus status = statusOf(trap);
  if (format_ == ErrorFormat::Json) {
    system_.writeStderr(jsonLine(source, trap, record));
    return status;
  }
  const runtime::TrapInfo &details = trap.info();
  const uint16_t code = info(trap.id()).code;
  std::string out;
  if (details.at.line == 0)
    out = fmt::format("{}: error: {} [{}]\n", source.name(), details.message, codeText(code));
  else
    out = fmt::format("{}:{}:{}: error: {} [{}]\n{}", source.name(), details.at.line,
                      details.at.column, details.message, codeText(code),
                      renderSnippet(source, rangeAt(source, details.at)));
  system_.writeStderr(out + renderStack(source, details) + renderRecord(record) +
                      renderHint(hintFor(trap.id())));
  return status;
}

} // namespace branchline::driver
