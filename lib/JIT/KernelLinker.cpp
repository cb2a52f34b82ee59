// The bitcode of Kernels.cpp is part of the shared object. A module that calls kernels gets their
// definitions, each call is replaced, and the definitions go again.
#include "KernelLinker.h"

#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/IR/InstrTypes.h>
#include <llvm/Linker/Linker.h>
#include <llvm/Transforms/Utils/Cloning.h>

#include <vector>

// NOLINTNEXTLINE(hicpp-no-assembler): C++20 has no other way to include bytes of a file
asm(".section .rodata\n"
    ".balign 16\n"
    ".local branchline_kernels_begin\n"
    "branchline_kernels_begin:\n"
    ".incbin \"" BRANCHLINE_KERNELS "\"\n"
    ".local branchline_kernels_end\n"
    "branchline_kernels_end:\n"
    ".text\n");

extern "C" {
extern const char branchline_kernels_begin[] __attribute__((visibility("hidden")));
extern const char branchline_kernels_end[] __attribute__((visibility("hidden")));
}

namespace branchline::jit {
namespace {

/// The kernels by the names of the module's declarations; bodies are read when they are asked for.
llvm::Expected<std::unique_ptr<llvm::Module>> readKernels(llvm::LLVMContext &context) {
  const llvm::StringRef bytes(
      branchline_kernels_begin,
      static_cast<size_t>(branchline_kernels_end - branchline_kernels_begin));
  auto kernels = llvm::getLazyBitcodeModule(llvm::MemoryBufferRef(bytes, "kernels"), context);
  if (kernels)
    for (llvm::Function &function : **kernels)
      if (!function.isIntrinsic() && function.hasExternalLinkage() && !function.isDeclaration())
        function.setName(kKernelPrefix + function.getName());
  return kernels;
}

} // namespace

bool inlineKernels(llvm::Module &module, std::string &error) {
  std::vector<std::string> used;
  for (const llvm::Function &function : module)
    if (function.getName().starts_with(kKernelPrefix))
      used.push_back(function.getName().str());
  if (used.empty())
    return true;
  auto kernels = readKernels(module.getContext());
  if (!kernels) {
    error = llvm::toString(kernels.takeError());
    return false;
  }
  (*kernels)->setDataLayout(module.getDataLayout());
  (*kernels)->setTargetTriple(module.getTargetTriple());
  if (llvm::Linker::linkModules(module, std::move(*kernels), llvm::Linker::LinkOnlyNeeded)) {
    error = "the kernels do not fit";
    return false;
  }
  for (const std::string &name : used) {
    llvm::Function *kernel = module.getFunction(name);
    for (llvm::User *user : llvm::make_early_inc_range(kernel->users())) {
      llvm::InlineFunctionInfo info;
      if (!llvm::InlineFunction(*llvm::cast<llvm::CallBase>(user), info).isSuccess()) {
        error = "a kernel cannot be inlined: " + name;
        return false;
      }
    }
    kernel->eraseFromParent();
  }
  for (const llvm::GlobalObject &object : module.global_objects())
    if (object.isDeclaration() && !object.getName().starts_with("llvm.")) {
      error = "a kernel refers to " + object.getName().str();
      return false;
    }
  return true;
}

} // namespace branchline::jit
