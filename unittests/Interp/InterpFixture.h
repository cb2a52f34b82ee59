// From a program text to a run in one step, with everything a run can see at hand.
#pragma once

#include "branchline/IRGen/IRGen.h"
#include "branchline/Interp/Interpreter.h"
#include "branchline/Runtime/Objects.h"
#include "branchline/Runtime/Ops.h"
#include "branchline/Sema/Sema.h"
#include "branchline/Syntax/Parser.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::interp {

/// A compiled text; the parts refer to each other.
struct Compiled {
  std::unique_ptr<ir::Module> module;
  std::unique_ptr<Program> program;
};

/// \param hostFunctions  names the program may call besides the library
inline Compiled compile(const std::string &text,
                        const std::vector<std::string> &hostFunctions = {}) {
  const SourceText source("test.bl", text);
  DiagnosticSink sink;
  const std::unique_ptr<syntax::Program> tree = syntax::parse(source, sink);
  if (!sink.hasErrors())
    sema::check(*tree, sink, sema::Options{hostFunctions});
  for (const Diagnostic &diagnostic : sink.all())
    if (diagnostic.severity == Severity::Error)
      ADD_FAILURE() << renderDiagnostic(source, diagnostic);
  irgen::Options options;
  options.hostFunctions = hostFunctions;
  Compiled made;
  made.module =
      sink.hasErrors() ? std::make_unique<ir::Module>() : irgen::generate(*tree, source, options);
  made.program = std::make_unique<Program>(*made.module);
  return made;
}

/// Runs the first transform, or the one of that name. \returns what `textOf` makes of the result,
/// or `TYPE: MESSAGE`
inline std::string run(const Compiled &compiled, runtime::Context &context,
                       std::string_view name = {}) {
  const ir::TransformEntry *transform = compiled.module->findTransform(name);
  if (!transform) {
    ADD_FAILURE() << "no transform " << name;
    return {};
  }
  const runtime::Result<void> result = interp::run(*compiled.program, *transform, context);
  if (!result)
    return result.error().info().type + ": " + result.error().info().message;
  std::string text;
  EXPECT_TRUE(runtime::appendText(text, *context.collapse()));
  return text;
}

/// The values emitted so far.
inline std::string outputsOf(const runtime::Context &context) {
  std::string text;
  for (const runtime::Value &value : context.outputs) {
    text += text.empty() ? "" : " ";
    EXPECT_TRUE(runtime::appendText(text, value));
  }
  return text;
}

} // namespace branchline::interp
