// The table of engines. Each adapter makes the module ready and runs it once.
#include "branchline/Driver/Engines.h"

#include "branchline/Interp/Interpreter.h"

namespace branchline::driver {
namespace {

runtime::Result<void> runInterp(const ir::Module &module, const ir::TransformEntry &transform,
                                runtime::Context &context) {
  const interp::Program program(module);
  return interp::run(program, transform, context);
}

constexpr Engine kEngines[] = {
#define BL_ENGINE(Name, Text, Doc) {Text, Doc, &run##Name},
#include "branchline/Driver/Engines.def"
};

} // namespace

std::span<const Engine> engines() { return kEngines; }

const Engine *findEngine(std::string_view name) {
  for (const Engine &engine : kEngines)
    if (engine.name == name)
      return &engine;
  return nullptr;
}

} // namespace branchline::driver
