// The tables of a program; functions are checked in Verifier-Function.cpp.
#include "VerifierImpl.h"

#include "TextRules.h"
#include "branchline/Lang/Builtins.h"
#include "branchline/Support/Utf8.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace branchline::bytecode {

std::optional<VerifyError> verify(const Program &program) {
  ProgramVerifier verifier(program);
  verifier.run();
  return verifier.takeError();
}

std::string describe(const VerifyError &error) {
  if (error.function.empty())
    return error.message;
  return fmt::format("{}, in function {} at word {}", error.message, error.function, error.pc);
}

Error errorOf(const VerifyError &error) {
  Error made;
  made.code = error.code;
  made.message = "invalid bytecode: " + describe(error);
  return made;
}

std::string_view kindText(FunctionKind kind) {
  switch (kind) {
  case FunctionKind::Transform:
    return "transform";
  case FunctionKind::Func:
    return "FUNC";
  case FunctionKind::Lambda:
    return "lambda";
  }
  BL_UNREACHABLE("kind of function");
}

bool ProgramVerifier::run() {
  return checkNeeds() && checkSource() && checkConstants() && checkLayouts() && checkPaths() &&
         checkImports() && checkShared() && checkCount(program_.functions.size(), kFunctionLimit) &&
         checkTransforms() && checkFunctions();
}

bool ProgramVerifier::checkCount(size_t count, TableLimit limit) {
  return count <= limit.count || fail<error::Id::VerifyCount>(count, limit.what, limit.count);
}

bool ProgramVerifier::checkText(std::string_view text, std::string_view what, size_t index) {
  return isWellFormedText(text) || fail<error::Id::VerifyText>(fmt::format("{} {}", what, index));
}

bool ProgramVerifier::checkNeeds() {
  return program_.minCallDepth <= kMaxInlineDepth ||
         fail<error::Id::VerifyCallDepth>(program_.minCallDepth, kMaxInlineDepth);
}

bool ProgramVerifier::checkSource() {
  if (program_.source.size() > kMaxSourceBytes)
    return fail<error::Id::VerifySource>(program_.source.size(), kMaxSourceBytes);
  if (!isWellFormedText(program_.sourceName))
    return fail<error::Id::VerifyText>("the name of the source");
  if (utf8::findInvalid(program_.source) != std::string_view::npos)
    return fail<error::Id::VerifyText>("the source");
  lines_ =
      1 + static_cast<size_t>(std::count(program_.source.begin(), program_.source.end(), '\n'));
  return true;
}

bool ProgramVerifier::checkConstants() {
  if (!checkCount(program_.constants.size(), kConstantLimit))
    return false;
  for (size_t i = 0; i < program_.constants.size(); ++i)
    if (!checkConstant(program_.constants[i], i))
      return false;
  return true;
}

bool ProgramVerifier::checkConstant(const Constant &constant, size_t index) {
  switch (constant.kind) {
  case Constant::Kind::Null:
  case Constant::Kind::Int:
    return true;
  case Constant::Kind::Bool:
    return (constant.integer == 0 || constant.integer == 1) ||
           fail<error::Id::VerifyConstant>(index, "boolean");
  case Constant::Kind::Float:
    return !std::isnan(constant.real) || fail<error::Id::VerifyNan>(index);
  case Constant::Kind::BigInt:
  case Constant::Kind::Decimal: {
    const bool isInteger = constant.kind == Constant::Kind::BigInt;
    // The sign, the point and an exponent come on top.
    constexpr size_t kNotation = 10;
    if (constant.text.size() > kMaxNumberDigits + (isInteger ? 1 : kNotation))
      return fail<error::Id::VerifyDigits>(index, kMaxNumberDigits);
    return (isInteger ? isCanonicalBigInt(constant.text) : isCanonicalDecimal(constant.text)) ||
           fail<error::Id::VerifyConstant>(index, isInteger ? "canonical big integer"
                                                            : "canonical decimal");
  }
  case Constant::Kind::String:
    return checkText(constant.text, "constant", index);
  }
  BL_UNREACHABLE("kind of constant");
}

bool ProgramVerifier::isString(uint32_t constant) const {
  return program_.constants[constant].kind == Constant::Kind::String;
}

bool ProgramVerifier::isIndex(uint32_t constant) const {
  const Constant &key = program_.constants[constant];
  return (key.kind == Constant::Kind::Int && key.integer >= 0) ||
         (key.kind == Constant::Kind::BigInt && !key.text.starts_with('-'));
}

bool ProgramVerifier::checkIndex(std::string_view what, uint64_t index, size_t size) {
  return index < size || fail<error::Id::VerifyIndex>(what, index, size);
}

bool ProgramVerifier::checkLayouts() {
  if (!checkCount(program_.layouts.size(), kLayoutLimit))
    return false;
  for (size_t i = 0; i < program_.layouts.size(); ++i) {
    const std::vector<uint32_t> &keys = program_.layouts[i].keys;
    if (!checkCount(keys.size(), kLayoutKeyLimit))
      return false;
    uint32_t window = 0;
    for (uint32_t key : keys) {
      window += key == kComputedKey ? 2 : 1;
      if (key == kComputedKey)
        continue;
      if (!checkIndex("constant", key, program_.constants.size()))
        return false;
      if (!isString(key) && !isIndex(key))
        return fail<error::Id::VerifyKey>("layout", i, key, "a string or a non-negative integer");
    }
    layoutWindows_.push_back(window);
  }
  return true;
}

bool ProgramVerifier::checkPaths() {
  if (!checkCount(program_.paths.size(), kPathLimit))
    return false;
  for (size_t i = 0; i < program_.paths.size(); ++i) {
    const Path &path = program_.paths[i];
    if (!checkCount(path.segments.size(), kSegmentLimit))
      return false;
    for (const PathSegment &segment : path.segments) {
      if (segment.kind == PathSegment::Kind::Computed)
        continue;
      if (!checkIndex("constant", segment.constant, program_.constants.size()))
        return false;
      const bool isName = segment.kind == PathSegment::Kind::Name;
      if (!(isName ? isString(segment.constant) : isIndex(segment.constant)))
        return fail<error::Id::VerifyKey>("path", i, segment.constant,
                                          isName ? "a string" : "a non-negative integer");
    }
    pathKeys_.push_back(path.computed());
  }
  return true;
}

bool ProgramVerifier::checkImports() {
  if (!checkCount(program_.imports.size(), kImportLimit))
    return false;
  std::unordered_set<std::string_view> seen[2];
  for (size_t i = 0; i < program_.imports.size(); ++i) {
    const Import &import = program_.imports[i];
    if (import.name.empty())
      return fail<error::Id::VerifyName>("import", i);
    if (!checkText(import.name, "the name of import", i))
      return false;
    if (!seen[import.kind == Import::Kind::Host].insert(import.name).second)
      return fail<error::Id::VerifyDuplicate>("import", import.name);
    if (import.kind == Import::Kind::Library && !findBuiltin(import.name))
      return fail<error::Id::VerifyLibrary>(import.name);
  }
  return true;
}

bool ProgramVerifier::checkShared() {
  if (!checkCount(program_.shared.size(), kSharedLimit))
    return false;
  std::unordered_set<std::string_view> seen;
  for (size_t i = 0; i < program_.shared.size(); ++i) {
    const SharedResource &resource = program_.shared[i];
    if (resource.name.empty())
      return fail<error::Id::VerifyName>("shared resource", i);
    if (!checkText(resource.name, "the name of shared resource", i))
      return false;
    if (!seen.insert(resource.name).second)
      return fail<error::Id::VerifyDuplicate>("shared resource", resource.name);
  }
  return true;
}

bool ProgramVerifier::checkTransforms() {
  if (!checkCount(program_.transforms.size(), kTransformLimit))
    return false;
  for (size_t i = 0; i < program_.transforms.size(); ++i) {
    const TransformEntry &entry = program_.transforms[i];
    if (!checkText(entry.name, "the name of transform", i) ||
        !checkIndex("function", entry.function, program_.functions.size()))
      return false;
    const FunctionKind kind = program_.functions[entry.function].kind;
    if (kind != FunctionKind::Transform)
      return fail<error::Id::VerifyTransform>(entry.name, entry.function, kindText(kind));
  }
  return true;
}

bool ProgramVerifier::checkFunctions() {
  for (size_t i = 0; i < program_.functions.size(); ++i) {
    const Function &function = program_.functions[i];
    if (!checkText(function.sourceName, "the name of function", i))
      return false;
    FunctionVerifier verifier(*this, function);
    if (verifier.run())
      continue;
    error_->functionIndex = static_cast<uint32_t>(i);
    error_->function = function.sourceName.empty() ? fmt::format("#{}", i)
                                                   : fmt::format("#{} {}", i, function.sourceName);
    error_->pc = verifier.place();
    return false;
  }
  return true;
}

} // namespace branchline::bytecode
