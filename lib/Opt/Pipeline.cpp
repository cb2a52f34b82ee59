// The default pipeline. Read it top to bottom: each line says why the pass stands there.
#include "branchline/Opt/PassManager.h"

namespace branchline::opt {

std::vector<PassId> defaultPipeline() {
  using enum PassId;
  return {
      PromoteSlots,  // everything below sees values, not variables; function values among them
      LibraryLoops,  // before inline, which would give it larger lambdas
      Inline,        // the lambdas of loops and small functions
      DeadFunctions, // what was copied to all places is not needed as it was
      PromoteSlots,  // the variables of what was copied
      InferKinds,    // checks of known kinds can be dropped, known operands computed
      FoldConstants, // decides branches
      SimplifyCfg,   // removes the sides not taken; joins with one way in lose their parameters
      RangeLoops,    // before cse could make two loops share one list
      Cse,           // members and arithmetic that were computed before
      InferKinds,    // with fewer joins and counted loops, more is known
      FoldConstants, // what became constant since
      SimplifyCfg,   // and the branches on it
      Hoist,         // when it is known which values cannot fail
      DeadCode,      // last: what the passes before left without readers
  };
}

} // namespace branchline::opt
