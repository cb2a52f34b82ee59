// The engines of this build by name.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/Runtime/Context.h"

#include <span>
#include <string_view>

namespace branchline::driver {

/// One way of executing a module.
struct Engine {
  std::string_view name; // the value of --engine
  std::string_view doc;
  /// Runs a transform of a verified module; the outputs are in `context.outputs` afterwards.
  runtime::Result<void> (*run)(const ir::Module &module, const ir::TransformEntry &transform,
                               runtime::Context &context);
};

/// All engines, in the order of Engines.def; the first is the default.
std::span<const Engine> engines();

/// The engine of that name, or null.
const Engine *findEngine(std::string_view name);

} // namespace branchline::driver
