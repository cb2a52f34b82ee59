// The pages, one function each. They hold what the tables hold; explanations with examples are
// written by hand elsewhere in docs/.
#include "branchline/Driver/ReferencePages.h"

#include "branchline/Bytecode/Reference.h"
#include "branchline/Driver/Help.h"
#include "branchline/IR/Reference.h"
#include "branchline/Lang/Builtins.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Lang/Tokens.h"
#include "branchline/Lang/Traps.h"

#include <fmt/format.h>

namespace branchline::driver {
namespace {

/// Text for a table cell: a bar would end it.
std::string cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|')
      out += '\\';
    out += c;
  }
  return out;
}

/// A message with its holes: `{}` stays, doubled braces become one.
std::string message(std::string_view format) {
  std::string out;
  for (size_t i = 0; i < format.size(); ++i) {
    out += format[i];
    if ((format[i] == '{' || format[i] == '}') && i + 1 < format.size() &&
        format[i + 1] == format[i])
      ++i;
  }
  return cell(out);
}

std::string_view textOf(BuiltinEffect effect) {
  switch (effect) {
  case BuiltinEffect::Pure:
    return "depends on its arguments alone";
  case BuiltinEffect::Calls:
    return "calls a function it is given";
  case BuiltinEffect::World:
    return "looks at or changes the world";
  }
  return "";
}

std::string libraryPage() {
  std::string out = "# Library functions\n\nPrinted by `blc reference library` from "
                    "`include/branchline/Lang/Builtins.def`.\n";
  std::string_view module;
  for (const BuiltinInfo &function : kBuiltins) {
    if (function.module != module) {
      module = function.module;
      out += fmt::format("\n## {}\n", module);
    }
    out +=
        fmt::format("\n### {}\n\n`{}` → {}\n\n{}\n\n*{}; rule {}*\n", function.name, function.usage,
                    function.result, function.doc, textOf(function.effect), function.rule);
  }
  return out;
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
  return "";
}

std::string diagnosticsPage() {
  std::string out = "# Diagnostics\n\nWhat the compiler says about a program text. Printed by `blc "
                    "reference diagnostics` from `include/branchline/Lang/Diagnostics.def`; `{}` "
                    "stands for a part of the program.\n\n| code | severity | message | meaning | "
                    "rule |\n| --- | --- | --- | --- | --- |\n";
  for (const diag::Info &row : diag::kTable)
    out += fmt::format("| {} | {} | {} | {} | {} |\n", codeText(row.code), textOf(row.severity),
                       message(row.format), cell(row.doc), row.rule);
  return out;
}

std::string trapsPage() {
  std::string out =
      "# Run-time errors\n\nWhat can go wrong while a program runs. Printed by `blc reference "
      "traps` "
      "from `include/branchline/Lang/Traps.def`. `type` is what `CATCH(e)` sees as `e.type`; "
      "limits "
      "of a run cannot be caught.\n\n| code | message | type | can be caught | rule |\n"
      "| --- | --- | --- | --- | --- |\n";
  for (const TrapRow &row : kTraps)
    out += fmt::format("| {} | {} | `{}` | {} | {} |\n", codeText(row.code),
                       row.format == "{}" ? std::string("(of the function)") : message(row.format),
                       row.type, row.catchable ? "yes" : "no", row.rule);
  return out;
}

std::string_view statusOf(error::Kind kind) {
  switch (kind) {
  case error::Kind::Io:
    return "74";
  case error::Kind::Input:
    return "65";
  case error::Kind::Runtime:
    return "70";
  case error::Kind::Usage:
    return "64";
  }
  return "";
}

std::string errorsPage() {
  std::string out =
      "# Errors\n\nFailures of the world around a program: files, documents, options. "
      "Printed by `blc reference errors` from `include/branchline/Lang/Errors.def`."
      "\n\n| code | exit status | message | hint | rule |\n"
      "| --- | --- | --- | --- | --- |\n";
  for (const error::Info &row : error::kTable)
    out += fmt::format("| {} | {} | {} | {} | {} |\n", codeText(row.code),
                       statusOf(error::kindOf(row.code)),
                       row.format == "{}" ? std::string("(of the command)") : message(row.format),
                       cell(row.hint), row.rule);
  return out;
}

std::string_view textOf(TokenClass tokenClass) {
  switch (tokenClass) {
  case TokenClass::Punctuation:
    return "punctuation";
  case TokenClass::Class:
    return "class";
  case TokenClass::Hard:
    return "keyword";
  case TokenClass::Soft:
    return "keyword, also a name";
  }
  return "";
}

std::string tokensPage() {
  std::string out =
      "# Tokens\n\nPrinted by `blc reference tokens` from "
      "`include/branchline/Lang/Tokens.def`. Keywords may be written in any case; one "
      "that is also a name is a name wherever a name is expected.\n\n"
      "| kind | text | class |\n| --- | --- | --- |\n";
  for (const TokenInfo &token : kTokenTable)
    out += fmt::format("| {} | {} | {} |\n", token.kind,
                       token.text.empty() ? "" : fmt::format("`{}`", cell(token.text)),
                       textOf(token.tokenClass));
  return out;
}

constexpr ReferencePage kPages[] = {
    {"bytecode", "reference/bytecode.md", &bytecode::printOpcodeReference},
    {"cli", "reference/cli.md", &commandLinePage},
    {"diagnostics", "reference/diagnostics.md", &diagnosticsPage},
    {"errors", "reference/errors.md", &errorsPage},
    {"ir", "reference/ir.md", &ir::printInstructionReference},
    {"library", "reference/library.md", &libraryPage},
    {"man", "man/blc.1", &manualPage},
    {"tokens", "reference/tokens.md", &tokensPage},
    {"traps", "reference/traps.md", &trapsPage},
};

} // namespace

std::span<const ReferencePage> referencePages() { return kPages; }

const ReferencePage *findReferencePage(std::string_view name) {
  for (const ReferencePage &page : kPages)
    if (page.name == name)
      return &page;
  return nullptr;
}

} // namespace branchline::driver
