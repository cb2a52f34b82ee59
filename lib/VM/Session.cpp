// The façade of the machine.
#include "branchline/VM/VM.h"

#include "Machine.h"

namespace branchline::vm {

Session::Session(const bytecode::Program &program, runtime::Heap &heap)
    : impl_(new Impl{Machine(program, heap, nullptr, nullptr)}) {}

Session::Session(const bytecode::Program &program, runtime::Heap &heap,
                 runtime::FunctionValues &functions, TierUp &tierUp)
    : impl_(new Impl{Machine(program, heap, &functions, &tierUp)}) {}

Session::~Session() = default;

runtime::Result<void> Session::run(const bytecode::TransformEntry &transform,
                                   runtime::Context &context) {
  return impl_->machine.run(transform.function, context);
}

void Session::releaseValues() { impl_->machine.releaseValues(); }

} // namespace branchline::vm
