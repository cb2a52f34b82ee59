// The stages in order.
#include "branchline/Driver/Compilation.h"

#include "branchline/IR/Verifier.h"
#include "branchline/IRGen/IRGen.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Sema/Sema.h"
#include "branchline/Syntax/Parser.h"

namespace branchline::driver {

Expected<bool, Error> Compilation::compile(CompileTo last, const CompileOptions &options,
                                           StageTimes &times) {
  {
    auto scope = times.measure(Stage::Parse);
    program = syntax::parse(source, sink);
  }
  if (!sink.hasErrors() && last >= CompileTo::Checked) {
    auto scope = times.measure(Stage::Check);
    sema::check(*program, sink, sema::Options{options.hostFunctions, &source});
  }
  sink.sortByOffset();
  if (sink.hasErrors())
    return false;
  if (last < CompileTo::Module)
    return true;
  {
    auto scope = times.measure(Stage::Lower);
    irgen::Options lowering;
    lowering.hostFunctions = options.hostFunctions;
    lowering.trace = options.trace;
    module = irgen::generate(*program, source, lowering);
  }
  auto scope = times.measure(Stage::Verify);
  if (const auto broken = ir::verify(*module); !broken.empty())
    return Unexpected(error::make<error::Id::BrokenIr>(broken.front().message));
  return true;
}

} // namespace branchline::driver
