// Checks a module: its tables here, its functions through FunctionVerifier.
#include "branchline/IR/Verifier.h"

#include "FunctionVerifier.h"
#include "branchline/Numeric/NumberText.h"

#include <fmt/format.h>
#include <string_view>
#include <unordered_set>

namespace branchline::ir {

namespace {

class ModuleVerifier {
public:
  ModuleVerifier(const Module &module, std::vector<VerifierError> &errors)
      : module_(module), errors_(errors) {}

  void run() {
    checkConstants();
    checkShared();
    checkFunctionNames();
    checkTransforms();
  }

private:
  void report(std::string message) { errors_.push_back({{}, {}, std::move(message)}); }
  void checkConstants();
  void checkShared();
  void checkFunctionNames();
  void checkTransforms();

  const Module &module_;
  std::vector<VerifierError> &errors_;
};

void ModuleVerifier::checkConstants() {
  for (size_t i = 0; i < module_.constants.size(); ++i) {
    const Constant &constant = module_.constants[i];
    bool isDecimal = constant.kind == Constant::Kind::Decimal;
    if (!isDecimal && constant.kind != Constant::Kind::BigInt)
      continue;
    if (parseBigInt(constant.text).error != NumberError::None)
      report(fmt::format("constant {} has a text that is no integer", i));
    if (isDecimal && (constant.integer < -kMaxDecimalScale || constant.integer > kMaxDecimalScale))
      report(fmt::format("constant {} has scale {}, beyond {}", i, constant.integer,
                         kMaxDecimalScale));
  }
}

void ModuleVerifier::checkShared() {
  std::unordered_set<std::string_view> seen;
  for (const SharedResource &shared : module_.shared)
    if (!seen.insert(shared.name).second)
      report(fmt::format("two shared resources are called `{}`", shared.name));
}

void ModuleVerifier::checkFunctionNames() {
  std::unordered_set<std::string_view> seen;
  for (const Function &fn : module_.functions) {
    if (fn.name.empty())
      report("a function has no name");
    else if (!seen.insert(fn.name).second)
      report(fmt::format("two functions are called `@{}`", fn.name));
  }
}

/// The text form has no table of its own: the transforms are the functions of that kind, in order.
void ModuleVerifier::checkTransforms() {
  size_t next = 0;
  for (const TransformEntry &entry : module_.transforms) {
    if (entry.function >= module_.functions.size()) {
      report(fmt::format("transform `{}` has no function", entry.name));
      continue;
    }
    const Function &fn = module_.functions[entry.function];
    if (fn.kind != FunctionKind::Transform)
      report(fmt::format("transform `{}` is `@{}`, which is no transform", entry.name, fn.name));
    if (entry.function < next)
      report(fmt::format("transform `{}` is not listed in order of the functions", entry.name));
    if (entry.name != fn.sourceName)
      report(fmt::format("transform `{}` has a function called `{}`", entry.name, fn.sourceName));
    next = size_t{entry.function} + 1;
  }
  std::unordered_set<FunctionId> listed;
  for (const TransformEntry &entry : module_.transforms)
    listed.insert(entry.function);
  for (size_t i = 0; i < module_.functions.size(); ++i)
    if (module_.functions[i].kind == FunctionKind::Transform &&
        !listed.contains(static_cast<FunctionId>(i)))
      report(fmt::format("`@{}` is missing in the list of transforms", module_.functions[i].name));
}

} // namespace

std::vector<VerifierError> verify(const Module &module) {
  std::vector<VerifierError> errors;
  ModuleVerifier(module, errors).run();
  for (const Function &fn : module.functions)
    FunctionVerifier(module, fn, errors).run();
  return errors;
}

std::string renderVerifierErrors(const std::vector<VerifierError> &errors) {
  std::string out;
  for (const VerifierError &error : errors) {
    if (!error.function.empty()) {
      out += "@" + error.function;
      if (!error.block.empty())
        out += ", " + error.block;
      out += ": ";
    }
    out += error.message + "\n";
  }
  return out;
}

} // namespace branchline::ir
