// Names and places for debuggers.
#include "DebugInfo.h"

#include "Plan.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Module.h>

namespace branchline::jit {

DebugInfo::DebugInfo(llvm::Module &target, const ir::Module &module, std::string_view source,
                     std::string_view folder)
    : module_(module), context_(target.getContext()), builder_(target),
      file_(builder_.createFile({source.data(), source.size()}, {folder.data(), folder.size()})) {
  target.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
  target.addModuleFlag(llvm::Module::Warning, "Dwarf Version", 4);
  // No debugger knows the language; what C has not is not described.
  builder_.createCompileUnit(llvm::dwarf::DW_LANG_C99, file_, "Branchline", true, "", 0, "",
                             llvm::DICompileUnit::FullDebug, 0, false, false,
                             llvm::DICompileUnit::DebugNameTableKind::None);
  for (const ir::Function &fn : module.functions)
    subprograms_.push_back(describe(fn));
}

llvm::DISubprogram *DebugInfo::describe(const ir::Function &fn) {
  llvm::DISubroutineType *type = builder_.createSubroutineType(builder_.getOrCreateTypeArray({}));
  const std::string name = displayName(fn);
  return builder_.createFunction(
      file_, name, "", file_, fn.loc.line, type, fn.loc.line, llvm::DINode::FlagZero,
      llvm::DISubprogram::SPFlagDefinition | llvm::DISubprogram::SPFlagOptimized |
          llvm::DISubprogram::SPFlagLocalToUnit);
}

void DebugInfo::attach(ir::FunctionId id, llvm::Function &function) {
  function.setSubprogram(subprograms_[id]);
}

void DebugInfo::attachAgain(ir::FunctionId id, llvm::Function &function) {
  subprograms_[id] = describe(module_.functions[id]);
  attach(id, function);
}

/// The call that is gone: it stands in the function itself, or in the body of another one.
llvm::DILocation *DebugInfo::siteOf(ir::FunctionId id, uint32_t site) {
  return locationOf(id, module_.functions[id].inlineSites[site].at);
}

llvm::DILocation *DebugInfo::locationOf(ir::FunctionId id, const ir::Loc &loc) {
  llvm::DISubprogram *scope = subprograms_[id];
  llvm::DILocation *at = nullptr;
  if (loc.inlinedAt != ir::kNone) {
    scope = subprograms_[module_.functions[id].inlineSites[loc.inlinedAt].callee];
    at = siteOf(id, loc.inlinedAt);
  }
  return llvm::DILocation::get(context_, loc.line, loc.column, scope, at);
}

} // namespace branchline::jit
