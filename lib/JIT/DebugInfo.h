// Debug information of a module for DWARF: a subprogram for each function, under the name that call
// stacks show, and the places of instructions, bodies of inlined calls included. Leaves out
// variables and types. Private to the part of JIT that is linked with LLVM.
#pragma once

#include "branchline/IR/Module.h"

#include <llvm/IR/DIBuilder.h>
#include <llvm/IR/Function.h>

#include <optional>
#include <string_view>
#include <vector>

namespace branchline::jit {

class DebugInfo {
public:
  /// \param source  the path of the program text, absolute or as the compiler was given it
  /// \param folder  where a relative path starts
  DebugInfo(llvm::Module &target, const ir::Module &module, std::string_view source,
            std::string_view folder);

  void attach(ir::FunctionId id, llvm::Function &function);
  /// Describes one more function made of the same; places asked for from here on are in that.
  void attachAgain(ir::FunctionId id, llvm::Function &function);
  /// The place of an instruction of a function.
  llvm::DILocation *locationOf(ir::FunctionId id, const ir::Loc &loc);
  /// Must be called when all functions are made.
  void finish() { builder_.finalize(); }

private:
  llvm::DISubprogram *describe(const ir::Function &fn);
  llvm::DILocation *siteOf(ir::FunctionId id, uint32_t site);

  const ir::Module &module_;
  llvm::LLVMContext &context_;
  llvm::DIBuilder builder_;
  llvm::DIFile *file_;
  std::vector<llvm::DISubprogram *> subprograms_; // by FunctionId
};

} // namespace branchline::jit
