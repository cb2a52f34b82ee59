// A module: declarations, entries, and the types of calls.
#include "Lowering.h"

#include <limits>
#include <type_traits>

namespace branchline::jit {

using namespace runtime; // the types in RuntimeCalls.def

namespace {

/// Each takes a third of a millisecond to compile.
constexpr unsigned kMostKernels = 5;

template <class T> llvm::Type *typeOf(ModuleLowering &module) {
  if constexpr (std::is_void_v<T>)
    return llvm::Type::getVoidTy(module.context);
  else if constexpr (std::is_pointer_v<T>)
    return module.pointer;
  else if constexpr (sizeof(T) == 8)
    return module.i64;
  else {
    static_assert(std::is_same_v<T, uint32_t>, "native code passes words and pointers");
    return module.i32;
  }
}

template <class R, class... Args>
llvm::FunctionType *callType(ModuleLowering &module, R (*)(Args...)) {
  return llvm::FunctionType::get(typeOf<R>(module), {typeOf<Args>(module)...}, false);
}

} // namespace

ModuleLowering::ModuleLowering(llvm::LLVMContext &of, const ir::Module &module,
                               const Entries &entries, bool once)
    : source(module), plan(planModule(module, entries.everyFunction)), loops(entries.loops),
      context(of), target(std::make_unique<llvm::Module>("program", of)),
      i64(llvm::Type::getInt64Ty(of)), i32(llvm::Type::getInt32Ty(of)),
      pointer(llvm::PointerType::getUnqual(of)), pairType(llvm::StructType::get(of, {i64, i64})),
      valueType(llvm::StructType::create(of, {i64, i64}, "value")),
      rarely(llvm::MDBuilder(of).createBranchWeights(1, 2000)),
      mostly(llvm::MDBuilder(of).createBranchWeights(2000, 1)),
      kernelsLeft(once ? std::numeric_limits<unsigned>::max() : kMostKernels) {
#define BL_RUNTIME_CALL(Name, Result, Params, Doc)                                                 \
  callTypes.push_back(callType(*this, static_cast<Result(*) Params>(nullptr)));
#include "branchline/Runtime/RuntimeCalls.def"
}

void ModuleLowering::addDebugInfo(std::string_view path, std::string_view folder) {
  debug.emplace(*target, source, path, folder);
}

void ModuleLowering::declare(ir::FunctionId id) {
  const ir::Function &fn = source.functions[id];
  std::vector<llvm::Type *> params{pointer};
  if (fn.kind == ir::FunctionKind::Lambda)
    params.push_back(pointer);
  params.insert(params.end(), fn.params.size() * 2, i64);
  auto *type = llvm::FunctionType::get(pairType, params, false);
  auto *made = llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage, fn.name, *target);
  made->addFnAttr(llvm::Attribute::NoUnwind);
  if (debug)
    debug->attach(id, *made);
  functions.push_back(made);
}

/// What callers outside use: arguments and result in memory, a status.
llvm::Function *ModuleLowering::newEntry(const std::string &name) {
  auto *type = llvm::FunctionType::get(i32, {pointer, pointer, pointer, pointer}, false);
  auto *entry = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, name, *target);
  entry->addFnAttr(llvm::Attribute::NoUnwind);
  entry->addFnAttr(kStraightAttribute);
  return entry;
}

llvm::Function *ModuleLowering::defineEntry(ir::FunctionId id) {
  const ir::Function &fn = source.functions[id];
  llvm::Function *entry = newEntry(entryName(id));
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(context, "entry", entry));
  std::vector<llvm::Value *> args{entry->getArg(0)};
  if (fn.kind == ir::FunctionKind::Lambda)
    args.push_back(entry->getArg(1));
  llvm::Value *given = entry->getArg(2);
  for (size_t i = 0; i < fn.params.size() * 2; ++i) {
    llvm::Value *at = b.CreateConstInBoundsGEP1_64(i64, given, i);
    args.push_back(b.CreateLoad(i64, at));
    // The callee has the count now.
    if (i % 2 == 0)
      b.CreateStore(llvm::ConstantInt::get(i64, 0), at);
  }
  finishEntry(b, entry, b.CreateCall(functions[id], args));
  return entry;
}

void ModuleLowering::defineLoopEntry(const LoopPoint &loop) {
  auto *type = llvm::FunctionType::get(pairType, {pointer, pointer, pointer}, false);
  auto *rest = llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage,
                                      source.functions[loop.function].name + ".loop", *target);
  rest->addFnAttr(llvm::Attribute::NoUnwind);
  if (debug)
    debug->attachAgain(loop.function, *rest);
  FunctionLowering(*this, loop, rest).lower();
  llvm::Function *entry = newEntry(loopName(loop));
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(context, "entry", entry));
  finishEntry(b, entry, b.CreateCall(rest, {entry->getArg(0), entry->getArg(1), entry->getArg(2)}));
}

/// Hands on what a function returned.
void ModuleLowering::finishEntry(llvm::IRBuilder<> &b, llvm::Function *entry, llvm::Value *result) {
  llvm::Value *head = b.CreateExtractValue(result, 0);
  auto *good = llvm::BasicBlock::Create(context, "good", entry);
  auto *trap = llvm::BasicBlock::Create(context, "trap", entry);
  b.CreateCondBr(b.CreateICmpEQ(b.CreateTrunc(head, b.getInt8Ty()), b.getInt8(0xFF)), trap, good,
                 rarely);
  b.SetInsertPoint(trap);
  b.CreateRet(llvm::ConstantInt::get(i32, 0));
  b.SetInsertPoint(good);
  b.CreateStore(head, entry->getArg(3));
  b.CreateStore(b.CreateExtractValue(result, 1),
                b.CreateConstInBoundsGEP1_64(i64, entry->getArg(3), 1));
  b.CreateRet(llvm::ConstantInt::get(i32, 1));
}

/// A `NativeObject`, found by the linker by its name. Nobody outside a linked program or library
/// sees it, nor the entries.
void ModuleLowering::defineObject(std::string_view image,
                                  llvm::ArrayRef<llvm::Constant *> entries) {
  auto define = [&](llvm::Constant *value, const char *name) {
    return new llvm::GlobalVariable(*target, value->getType(), true,
                                    llvm::GlobalValue::PrivateLinkage, value, name);
  };
  auto *bytes = define(
      llvm::ConstantDataArray::getString(context, {image.data(), image.size()}, false), "image");
  bytes->setAlignment(llvm::Align(8));
  auto *table = define(
      llvm::ConstantArray::get(llvm::ArrayType::get(pointer, entries.size()), entries), "entries");
  llvm::GlobalVariable *object =
      define(llvm::ConstantStruct::getAnon({bytes, llvm::ConstantInt::get(i64, image.size()), table,
                                            llvm::ConstantInt::get(i64, entries.size())}),
             kNativeObjectSymbol);
  object->setLinkage(llvm::GlobalValue::ExternalLinkage);
  object->setVisibility(llvm::GlobalValue::HiddenVisibility);
  static_assert(sizeof(NativeObject) == 4 * sizeof(uint64_t));
}

std::unique_ptr<llvm::Module> ModuleLowering::lower(std::string_view image) {
  for (ir::FunctionId id = 0; id < source.functions.size(); ++id)
    declare(id);
  std::vector<llvm::Constant *> entries(source.functions.size(),
                                        llvm::ConstantPointerNull::get(pointer));
  for (ir::FunctionId id = 0; id < source.functions.size(); ++id) {
    FunctionLowering(*this, id).lower();
    if (!plan.needsEntry[id])
      continue;
    llvm::Function *entry = defineEntry(id);
    entries[id] = entry;
    if (!image.empty())
      entry->setVisibility(llvm::GlobalValue::HiddenVisibility);
  }
  for (const LoopPoint &loop : loops)
    defineLoopEntry(loop);
  if (!image.empty())
    defineObject(image, entries);
  if (debug)
    debug->finish();
  return std::move(target);
}

} // namespace branchline::jit
