// Brings the runtime's kernels into a module and inlines them. Private to the part of JIT that is
// linked with LLVM.
#pragma once

#include <llvm/IR/Module.h>

namespace branchline::jit {

/// What calls of a kernel are named after, before the name of the runtime call.
inline constexpr const char *kKernelPrefix = "kernel.";

/// Replaces all calls of kernels by their bodies; nothing of them is left over.
/// \returns false with a message in `error`
bool inlineKernels(llvm::Module &module, std::string &error);

} // namespace branchline::jit
