// Constants of a module, look-ups, and the edges of terminators.
#include "branchline/IR/Module.h"

#include "branchline/IR/Operands.h"

#include <bit>
#include <functional>

namespace branchline::ir {

namespace {
size_t combine(size_t seed, size_t value) {
  return seed ^ (value + 0x9E3779B97F4A7C15U + (seed << 6) + (seed >> 2));
}

size_t hashOf(const Constant &constant) {
  size_t hash = static_cast<size_t>(constant.kind);
  hash = combine(hash, std::hash<int64_t>{}(constant.integer));
  hash = combine(hash, std::hash<uint64_t>{}(std::bit_cast<uint64_t>(constant.real)));
  return combine(hash, std::hash<std::string_view>{}(constant.text));
}
} // namespace

bool Constant::operator==(const Constant &other) const {
  // By bits: 0.0 and -0.0 are two constants, and a NaN is one constant.
  return kind == other.kind && integer == other.integer &&
         std::bit_cast<uint64_t>(real) == std::bit_cast<uint64_t>(other.real) && text == other.text;
}

ConstId Module::intern(Constant constant) {
  size_t hash = hashOf(constant);
  auto [at, end] = constantIndex_.equal_range(hash);
  for (; at != end; ++at)
    if (constants[at->second] == constant)
      return at->second;
  auto id = static_cast<ConstId>(constants.size());
  constants.push_back(std::move(constant));
  constantIndex_.emplace(hash, id);
  return id;
}

ConstId Module::internString(std::string_view text) {
  return intern({Constant::Kind::String, 0, 0, std::string(text)});
}

ConstId Module::internInt(int64_t value) { return intern({Constant::Kind::Int, value, 0, {}}); }

const Function *Module::findFunction(std::string_view name) const {
  for (const Function &function : functions)
    if (function.name == name)
      return &function;
  return nullptr;
}

const TransformEntry *Module::findTransform(std::string_view name) const {
  if (name.empty())
    return transforms.empty() ? nullptr : &transforms.front();
  for (const TransformEntry &entry : transforms)
    if (entry.name == name)
      return &entry;
  return nullptr;
}

std::vector<Edge> successors(const Inst &terminator) {
  std::vector<Edge> edges;
  for (const RoleOperands &part : RoleSplit(terminator)) {
    if ((part.role != Role::Edge && part.role != Role::EdgeWithValue) || part.operands.empty())
      continue;
    Edge edge{part.operands.front().index, {}, part.role == Role::EdgeWithValue};
    for (Operand operand : part.operands.subspan(1))
      edge.args.push_back(operand.index);
    edges.push_back(std::move(edge));
  }
  return edges;
}

} // namespace branchline::ir
