// Fuzz target: IR text. Whatever parses must print, read back and print the same; the verifier must
// survive it, and dominators and pruning too when the verifier finds nothing.

#include "branchline/IR/Builder.h"
#include "branchline/IR/Text.h"
#include "branchline/IR/Verifier.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

void require(bool condition, const char *what) {
  if (condition)
    return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

/// Repeated names are the verifier's business and change which of the two a reference means.
void checkRoundTrip(const branchline::ir::Module &module) {
  branchline::ir::PrintOptions options{true, true};
  std::string text = branchline::ir::print(module, options);
  branchline::SourceText source("printed", text);
  branchline::DiagnosticSink sink;
  auto again = branchline::ir::parse(source, sink);
  require(again != nullptr, "printed text does not parse");
  require(branchline::ir::print(*again, options) == text, "print, parse, print changes the text");
  require(branchline::ir::verify(*again).empty(), "printed text does not verify");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  branchline::SourceText source("fuzz", std::string(reinterpret_cast<const char *>(data), size));
  branchline::DiagnosticSink sink;
  auto module = branchline::ir::parse(source, sink);
  require((module == nullptr) == sink.hasErrors(), "no module, or errors, but not both");
  if (!module)
    return 0;
  // What does not verify must still print and be described.
  std::string text = branchline::ir::print(*module);
  std::string errors = branchline::ir::renderVerifierErrors(branchline::ir::verify(*module));
  if (!errors.empty())
    return 0;
  checkRoundTrip(*module);
  for (branchline::ir::Function &fn : module->functions)
    branchline::ir::dropUnreachable(fn);
  require(branchline::ir::verify(*module).empty(), "pruning breaks a valid module");
  return 0;
}
