// The entry of the shared object: BIR in, an object file or a text out. Everything of LLVM that is
// configured is configured here.
#include "Backend.h"

#include "Lowering.h"

#include <llvm/Bitcode/BitcodeWriter.h>
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

/// The machine that code is made for. \returns null with a message in `error`
std::unique_ptr<llvm::TargetMachine> targetMachine(const BackendRequest &request,
                                                   std::string &error) {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    // Rewriting loops for the addresses in them only costs registers here: there are none.
    auto &options = llvm::cl::getRegisteredOptions();
    if (const auto found = options.find("disable-lsr"); found != options.end())
      static_cast<llvm::cl::opt<bool> *>(found->second)->setValue(true);
  });
  const std::string triple = llvm::sys::getDefaultTargetTriple();
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return nullptr;
  std::string cpu, features;
  if (request.forThisMachine) {
    cpu = llvm::sys::getHostCPUName().str();
    llvm::SubtargetFeatures found;
    for (const auto &feature : llvm::sys::getHostCPUFeatures())
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

/// Few passes, chosen by measuring: they turn homes into registers, drop guards that are decided
/// and merge blocks; the rest is code generation. It takes most of the time, so functions that go
/// from call to call get nothing but its fast and simple form.
/// \param once  nobody waits for the code: all functions get everything
void optimise(llvm::Module &module, bool once) {
  for (llvm::Function &function : module)
    if (function.hasFnAttribute(kStraightAttribute) && !once) {
      function.addFnAttr(llvm::Attribute::NoInline);
      function.addFnAttr(llvm::Attribute::OptimizeNone);
    }
  llvm::legacy::PassManager passes;
  passes.add(llvm::createPromoteMemoryToRegisterPass());
  passes.add(llvm::createEarlyCSEPass(true));
  passes.add(llvm::createCFGSimplificationPass());
  passes.run(module);
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
  ModuleLowering lowering(context, *request.module, request.entries ? *request.entries : Entries());
  lowering.target->setDataLayout(machine->createDataLayout());
  lowering.target->setTargetTriple(machine->getTargetTriple().str());
  if (request.debug)
    lowering.addDebugInfo(request.source, request.folder);
  std::unique_ptr<llvm::Module> module = lowering.lower(request.image);
  // Nothing unwinds, but debuggers and profilers go through frames.
  if (request.debug || !request.image.empty())
    for (llvm::Function &function : *module)
      function.setUWTableKind(llvm::UWTableKind::Sync);
  llvm::raw_svector_ostream stream(out);
#ifdef BL_ENABLE_ASSERTIONS
  llvm::raw_string_ostream findings(error);
  if (llvm::verifyModule(*module, &findings))
    return 1;
#endif
  if (request.optimise)
    optimise(*module, !request.image.empty());
  // A single function that is worth it makes the code generator take its time for all of them.
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
  if (request.optimise) {
    // Guards on what a jump brings along are decided before the jump. LLVM IR that is printed stops
    // before this, where it still shows what was lowered.
    passes.add(llvm::createInstructionCombiningPass());
    passes.add(llvm::createCFGSimplificationPass());
  }
  const auto type = request.output == BackendOutput::Assembly ? llvm::CodeGenFileType::AssemblyFile
                                                              : llvm::CodeGenFileType::ObjectFile;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, type)) {
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
