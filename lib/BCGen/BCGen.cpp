// Module level: functions in the order of the module, then the tables they filled.
#include "FunctionGen.h"

#include "branchline/Bytecode/Limits.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Numeric/NumberText.h"

#include <algorithm>
#include <fmt/format.h>

namespace branchline::bcgen {

using bytecode::Constant;

static Constant convert(const ir::Constant &constant) {
  using Kind = ir::Constant::Kind;
  Constant made;
  made.integer = constant.integer;
  made.real = constant.real;
  made.text = constant.text;
  switch (constant.kind) {
  case Kind::Null:
    made.kind = Constant::Kind::Null;
    break;
  case Kind::Bool:
    made.kind = Constant::Kind::Bool;
    break;
  case Kind::Int:
    made.kind = Constant::Kind::Int;
    break;
  case Kind::Float:
    made.kind = Constant::Kind::Float;
    break;
  case Kind::BigInt:
    made.kind = Constant::Kind::BigInt;
    break;
  case Kind::Decimal:
    // BIR keeps digits and scale apart, bytecode the number's own text.
    made.kind = Constant::Kind::Decimal;
    made.integer = 0;
    made.text =
        Decimal(parseBigInt(constant.text).value, static_cast<int32_t>(constant.integer)).toText();
    break;
  case Kind::String:
    made.kind = Constant::Kind::String;
    break;
  }
  return made;
}

template <class T> uint32_t ProgramGen::add(std::vector<T> &table, T row, const std::string &key) {
  auto [at, isNew] = rows_.emplace(key, static_cast<uint32_t>(table.size()));
  if (isNew)
    table.push_back(std::move(row));
  return at->second;
}

uint32_t ProgramGen::constant(ir::ConstId id) {
  if (constants_[id] == ir::kNone) { // the module's pool holds each constant once
    constants_[id] = static_cast<uint32_t>(program_.constants.size());
    program_.constants.push_back(convert(module_.constants[id]));
    if (program_.constants.back().kind == Constant::Kind::Int)
      rows_.emplace("i" + std::to_string(program_.constants.back().integer), constants_[id]);
  }
  return constants_[id];
}

uint32_t ProgramGen::constantInt(int64_t value) {
  for (ir::ConstId id = 0; id < module_.constants.size(); ++id)
    if (module_.constants[id].kind == ir::Constant::Kind::Int &&
        module_.constants[id].integer == value)
      return constant(id);
  Constant made{Constant::Kind::Int, value, 0, {}};
  return add(program_.constants, std::move(made), "i" + std::to_string(value));
}

uint32_t ProgramGen::layout(bytecode::Layout layout) {
  std::string key = "l";
  for (uint32_t k : layout.keys)
    key += std::to_string(k) + ",";
  return add(program_.layouts, std::move(layout), key);
}

uint32_t ProgramGen::path(bytecode::Path path) {
  std::string key = "p";
  for (const bytecode::PathSegment &segment : path.segments)
    key += std::to_string(static_cast<int>(segment.kind)) + ":" + std::to_string(segment.constant) +
           ",";
  return add(program_.paths, std::move(path), key);
}

uint32_t ProgramGen::import(bytecode::Import::Kind kind, std::string_view name) {
  bytecode::Import made{kind, std::string(name)};
  std::string key = (kind == bytecode::Import::Kind::Library ? "L" : "H") + made.name;
  return add(program_.imports, std::move(made), key);
}

uint16_t ProgramGen::index16(uint32_t index, std::string_view what) {
  if (index >= bytecode::kNoIndex) {
    fail(fmt::format("more than {} {}", bytecode::kNoIndex, what));
    return 0;
  }
  return static_cast<uint16_t>(index);
}

void ProgramGen::fail(std::string message) {
  if (failure_.empty())
    failure_ = std::move(message);
}

std::optional<BlockStart> blockAt(const ir::Module &module, ir::FunctionId function,
                                  uint32_t word) {
  // Tables are numbered as they are used, which neither registers nor words depend on.
  bytecode::Program scratch;
  ProgramGen gen(module, scratch);
  FunctionGen one(gen, module.functions[function]);
  one.generate();
  return gen.failure().empty() ? one.blockAt(word) : std::nullopt;
}

Expected<std::unique_ptr<bytecode::Program>, Error> generate(const ir::Module &module,
                                                             const Options &options) {
  auto program = std::make_unique<bytecode::Program>();
  program->sourceName = options.sourceName;
  program->source = options.source;
  for (const ir::SharedResource &resource : module.shared)
    program->shared.push_back({resource.name, resource.single});
  for (const ir::TransformEntry &entry : module.transforms)
    program->transforms.push_back({entry.name, entry.function});
  ProgramGen gen(module, *program);
  for (const ir::Function &fn : module.functions)
    program->functions.push_back(FunctionGen(gen, fn).generate());
  // Also when nothing is left of the bodies: the calls are not counted all the same.
  if (std::any_of(module.functions.begin(), module.functions.end(),
                  [](const ir::Function &fn) { return !fn.inlineSites.empty(); }))
    program->minCallDepth = bytecode::kMaxInlineDepth;
  gen.index16(static_cast<uint32_t>(module.functions.size()), "functions");
  if (!gen.failure().empty())
    return Unexpected(error::make<error::Id::BytecodeTooLarge>(gen.failure()));
  return program;
}

} // namespace branchline::bcgen
