// The interpreter's façade.
#include "branchline/Interp/Interpreter.h"

#include "Machine.h"

namespace branchline::interp {

Program::Program(const ir::Module &module) : impl_(std::make_unique<Impl>(module)) {
  impl_->functions.reserve(module.functions.size());
  for (const ir::Function &fn : module.functions)
    impl_->functions.push_back(makeCode(fn));
}

Program::~Program() = default;

const ir::Module &Program::module() const { return impl_->module; }

Result<void> run(const Program &program, const ir::TransformEntry &transform,
                 runtime::Context &context) {
  return Machine(program.impl(), context).run(transform.function);
}

} // namespace branchline::interp
