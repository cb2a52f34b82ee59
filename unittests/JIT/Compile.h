// From a program text to a module, for tests of native code.
#pragma once

#include "branchline/IRGen/IRGen.h"
#include "branchline/JIT/JIT.h"
#include "branchline/Opt/PassManager.h"
#include "branchline/Sema/Sema.h"
#include "branchline/Syntax/Parser.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace branchline::jit {

/// \param passes  as in --passes
inline std::unique_ptr<ir::Module> moduleOf(const std::string &text,
                                            std::string_view passes = "default",
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
  std::unique_ptr<ir::Module> module = irgen::generate(*tree, source, options);
  opt::PipelineOptions pipeline;
  auto list = opt::parsePassList(passes);
  EXPECT_TRUE(list);
  pipeline.passes = *list;
  EXPECT_TRUE(opt::runPipeline(*module, pipeline));
  return module;
}

} // namespace branchline::jit
