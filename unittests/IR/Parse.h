// Modules from IR text, for tests.
#pragma once

#include "branchline/IR/Text.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>

namespace branchline::ir::test {

/// The module of a text that must parse; an empty one after a failed test when it does not.
inline std::unique_ptr<Module> parseText(std::string text) {
  SourceText source("test", std::move(text));
  DiagnosticSink sink;
  std::unique_ptr<Module> module = parse(source, sink);
  for (const Diagnostic &diagnostic : sink.all())
    ADD_FAILURE() << renderDiagnostic(source, diagnostic);
  return module ? std::move(module) : std::make_unique<Module>();
}

} // namespace branchline::ir::test
