// What readers must build for a program.
#pragma once

#include "branchline/Format/ReadPlan.h"
#include "branchline/IR/Module.h"

namespace branchline::driver {

/// What a transform needs of its document.
/// \param module      as the engine runs it
/// \param passesText  whether results are compact JSON, into which parts of the input can be copied
format::ReadPlan readPlanOf(const ir::Module &module, const ir::TransformEntry &transform,
                            bool passesText);

} // namespace branchline::driver
