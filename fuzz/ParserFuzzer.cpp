// Feeds arbitrary bytes to the lexer, the parser, the printers and the rendering of diagnostics.
// Nothing is compared; crashes, hangs and sanitizer reports are the findings.
#include "branchline/Support/Diagnostic.h"
#include "branchline/Syntax/Parser.h"
#include "branchline/Syntax/Printer.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace branchline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  SourceText source("fuzz.bl", std::string(reinterpret_cast<const char *>(data), size));
  DiagnosticSink tokenErrors;
  if (syntax::printTokens(source, tokenErrors).empty())
    std::abort(); // even an empty text has its end
  DiagnosticSink sink;
  std::unique_ptr<syntax::Program> program = syntax::parse(source, sink);
  if (tokenErrors.hasErrors() && !sink.hasErrors())
    std::abort(); // a lexical error must not get lost
  for (const Diagnostic &diagnostic : sink.all())
    if (renderDiagnostic(source, diagnostic).empty())
      std::abort();
  // The tree of a program with errors is partial, but it must be well-formed all the same.
  if (syntax::printAst(*program, source).empty())
    std::abort();
  return 0;
}
