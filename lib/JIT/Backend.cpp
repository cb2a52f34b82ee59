// The entry of the shared object: BIR in, an object file or a text out. Everything of LLVM that is
// configured is configured here.
#include "Backend.h"

#include "KernelLinker.h"
#include "Lowering.h"

#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/CodeGen/MachineModuleInfo.h>
#include <llvm/CodeGen/Passes.h>
#include <llvm/CodeGen/TargetPassConfig.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Pass.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/SubtargetFeature.h>
#include <llvm/Transforms/InstCombine/InstCombine.h>
#include <llvm/Transforms/Scalar.h>
#include <llvm/Transforms/Utils.h>

#include <algorithm>
#include <cstring>
#include <mutex>

namespace branchline::jit {
namespace {

/// An option that LLVM has for whole processes only.
void setOption(const char *name, bool value) {
  auto &options = llvm::cl::getRegisteredOptions();
  if (const auto found = options.find(name); found != options.end())
    static_cast<llvm::cl::opt<bool> *>(found->second)->setValue(value);
}

/// The machine that code is made for. \returns null with a message in `error`
std::unique_ptr<llvm::TargetMachine> targetMachine(const BackendRequest &request,
                                                   std::string &error) {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    // Rewriting loops for the addresses in them only costs registers here: there are none.
    setOption("disable-lsr", true);
    // It looks for work of mask registers, which there is none of, and takes longer than its share.
    setOption("disable-x86-domain-reassignment", true);
  });
  const std::string triple = llvm::sys::getDefaultTargetTriple();
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return nullptr;
  std::string cpu, features;
  if (request.forThisMachine) {
    cpu = llvm::sys::getHostCPUName().str();
    llvm::SubtargetFeatures found;
    // A processor that LLVM knows by name has the features of the name, but for those that this
    // machine hides. Naming the others as well takes LLVM half a millisecond.
    const bool isKnown = cpu != "generic";
    for (const auto &feature : llvm::sys::getHostCPUFeatures())
      if (!feature.second || !isKnown)
        found.AddFeature(feature.first(), feature.second);
    features = found.getString();
  }
  llvm::TargetOptions options;
  options.EnableFastISel = false;
  options.LoopAlignment = 64; // a line of the cache: short loops took 1.1 times as long across two
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, cpu, features, options, llvm::Reloc::PIC_, llvm::CodeModel::Small,
      request.optimise ? llvm::CodeGenOptLevel::Default : llvm::CodeGenOptLevel::None));
}

/// What functions that go from call to call get, which are most of those over records. Code
/// generation takes most of the time, and is not what they wait for afterwards.
enum class Effort : uint8_t {
  Simple, // the simple form of code
  Quick,  // registers, but nothing that looks for improvements afterwards
  Full,   // as everybody else
};

/// \param once  nobody waits for the code
Effort effortFor(const llvm::Module &module, bool once) {
  constexpr unsigned kMostQuickly = 1000; // LLVM instructions, about 15 ms
  if (once)
    return Effort::Full;
  unsigned count = 0;
  for (const llvm::Function &function : module) {
    // A single function that is worth it makes the code generator take its time for all of them.
    if (!function.isDeclaration() && !function.hasFnAttribute(kStraightAttribute))
      return Effort::Simple;
    count += function.getInstructionCount();
  }
  return count <= kMostQuickly ? Effort::Quick : Effort::Simple;
}

/// Functions whose calls are all inlined have no code that anybody could reach.
void dropUnused(llvm::Module &module) {
  for (llvm::Function &function : llvm::make_early_inc_range(module))
    if (function.hasInternalLinkage() && function.use_empty())
      function.eraseFromParent();
}

/// Few passes, chosen by measuring: they turn homes into registers, drop guards that are decided
/// and merge blocks; the rest is code generation.
void optimise(llvm::Module &module, Effort effort) {
  for (llvm::Function &function : module)
    if (function.hasFnAttribute(kStraightAttribute) && effort == Effort::Simple) {
      function.addFnAttr(llvm::Attribute::NoInline);
      function.addFnAttr(llvm::Attribute::OptimizeNone);
    }
  llvm::legacy::PassManager passes;
  passes.add(llvm::createPromoteMemoryToRegisterPass());
  if (effort != Effort::Quick)
    passes.add(llvm::createEarlyCSEPass(true));
  passes.add(llvm::createCFGSimplificationPass());
  passes.run(module);
}

/// The code generator without what pays only where registers are short. \returns whether it can
bool addQuickPasses(llvm::legacy::PassManager &passes, llvm::LLVMTargetMachine &machine,
                    llvm::raw_pwrite_stream &stream, llvm::CodeGenFileType type) {
  machine.setFastISel(true);
  llvm::TargetPassConfig *config = machine.createPassConfig(passes);
  config->setDisableVerify(true);
  for (const void *pass : {&llvm::BranchFolderPassID,
                           &llvm::DeadMachineInstructionElimID,
                           &llvm::DetectDeadLanesID,
                           &llvm::EarlyMachineLICMID,
                           &llvm::EarlyTailDuplicateID,
                           &llvm::LocalStackSlotAllocationID,
                           &llvm::MachineCSEID,
                           &llvm::MachineCopyPropagationID,
                           &llvm::MachineLICMID,
                           &llvm::MachineLateInstrsCleanupID,
                           &llvm::MachineSchedulerID,
                           &llvm::MachineSinkingID,
                           &llvm::OptimizePHIsID,
                           &llvm::PeepholeOptimizerID,
                           &llvm::PostRAMachineSinkingID,
                           &llvm::PostRASchedulerID,
                           &llvm::RenameIndependentSubregsID,
                           &llvm::ShrinkWrapID,
                           &llvm::StackColoringID,
                           &llvm::StackSlotColoringID,
                           &llvm::TailDuplicateID})
    config->disablePass(pass);
  passes.add(config);
  auto *info = new llvm::MachineModuleInfoWrapperPass(&machine);
  passes.add(info);
  if (config->addISelPasses())
    return false;
  config->addMachinePasses();
  config->setInitialized();
  if (machine.addAsmPrinter(passes, stream, nullptr, type, info->getMMI().getContext()))
    return false;
  passes.add(llvm::createFreeMachineFunctionPass());
  return true;
}

bool addCodeGenerator(llvm::legacy::PassManager &passes, llvm::TargetMachine &machine, bool quick,
                      llvm::raw_pwrite_stream &stream, llvm::CodeGenFileType type) {
  // The option is looked at here and not afterwards.
  static std::mutex looking;
  const std::lock_guard lock(looking);
  setOption("disable-cgp", quick);
  if (!quick)
    return !machine.addPassesToEmitFile(passes, stream, nullptr, type);
  // Targets that make machine code are of this class, and LLVM says so no other way.
  return addQuickPasses(passes, static_cast<llvm::LLVMTargetMachine &>(machine), stream, type);
}

/// Whether a module gets more than the simple code generator, whose cost is what very large
/// programs can pay.
bool isWorthOptimising(const ir::Module &module) {
  constexpr size_t kMostInstructions = 3'000;
  size_t count = 0;
  for (const ir::Function &fn : module.functions)
    for (const ir::Block &block : fn.blocks)
      count += block.insts.size();
  return count <= kMostInstructions;
}

int compile(const BackendRequest &asked, llvm::SmallVectorImpl<char> &out, std::string &error) {
  BackendRequest request = asked;
  if (request.abi != backendAbi()) {
    error = "it belongs to another build";
    return 1;
  }
  request.optimise = request.optimise && isWorthOptimising(*request.module);
  std::unique_ptr<llvm::TargetMachine> machine = targetMachine(request, error);
  if (!machine)
    return 1;
  llvm::LLVMContext context;
  context.setDiscardValueNames(request.output == BackendOutput::Object);
  const bool once = !request.image.empty();
  ModuleLowering lowering(context, *request.module, request.entries ? *request.entries : Entries(),
                          once);
  lowering.target->setDataLayout(machine->createDataLayout());
  lowering.target->setTargetTriple(machine->getTargetTriple().str());
  if (request.debug)
    lowering.addDebugInfo(request.source, request.folder);
  std::unique_ptr<llvm::Module> module = lowering.lower(request.image);
  // Nothing unwinds, but debuggers and profilers go through frames.
  if (request.debug || once)
    for (llvm::Function &function : *module)
      function.setUWTableKind(llvm::UWTableKind::Sync);
  llvm::raw_svector_ostream stream(out);
  // What is printed shows all functions, and kernels as calls.
  if (request.output != BackendOutput::Text) {
    dropUnused(*module);
    if (!inlineKernels(*module, error))
      return 1;
  }
#ifdef BL_ENABLE_ASSERTIONS
  llvm::raw_string_ostream findings(error);
  if (llvm::verifyModule(*module, &findings))
    return 1;
#endif
  const Effort effort = effortFor(*module, once);
  if (request.optimise)
    optimise(*module, effort);
  if (std::all_of(module->begin(), module->end(), [](const llvm::Function &function) {
        return function.isDeclaration() || function.hasOptNone();
      }))
    machine->setOptLevel(llvm::CodeGenOptLevel::None);
  if (request.output == BackendOutput::Text || request.output == BackendOutput::Bitcode) {
    if (request.output == BackendOutput::Text)
      module->print(stream, nullptr);
    else
      llvm::WriteBitcodeToFile(*module, stream);
    return 0;
  }
  llvm::legacy::PassManager passes;
  const bool quick = request.optimise && effort == Effort::Quick;
  if (request.optimise && !quick) {
    // Guards on what a jump brings along are decided before the jump. LLVM IR that is printed stops
    // before this, where it still shows what was lowered.
    passes.add(llvm::createInstructionCombiningPass());
    passes.add(llvm::createCFGSimplificationPass());
  }
  const auto type = request.output == BackendOutput::Assembly ? llvm::CodeGenFileType::AssemblyFile
                                                              : llvm::CodeGenFileType::ObjectFile;
  if (!addCodeGenerator(passes, *machine, quick, stream, type)) {
    error = "the processor of this machine is not supported";
    return 1;
  }
  passes.run(*module);
  return 0;
}

} // namespace
} // namespace branchline::jit

extern "C" [[gnu::visibility("default")]] int
branchline_jit_compile_1(const branchline::jit::BackendRequest *request,
                         branchline::jit::BackendReply *reply) {
  llvm::SmallVector<char, 0> out;
  std::string error;
  const int failed = branchline::jit::compile(*request, out, error);
  const std::string_view text =
      failed ? std::string_view(error) : std::string_view(out.data(), out.size());
  reply->size = text.size();
  reply->data = new char[text.size() + 1]();
  std::memcpy(reply->data, text.data(), text.size());
  reply->release = [](char *data) { delete[] data; };
  return failed;
}
