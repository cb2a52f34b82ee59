// Longest chains in the call graph. Functions in circles, and what they call or what calls them,
// have no bound.
#include "InlineDepth.h"

#include <algorithm>
#include <iterator>

namespace branchline::opt {

using ir::FunctionId;
using ir::Inst;
using ir::kNone;
using ir::Op;

const Inst *closureOf(const ir::Function &fn, const std::vector<Definition> &definitions,
                      ValueId value) {
  const Inst *inst = definingInst(fn, definitions, value);
  while (inst && (inst->op == Op::CalleeCheck || inst->op == Op::CalleeFind))
    inst = definingInst(fn, definitions, inst->operands[0].index);
  return inst && inst->op == Op::ClosureNew ? inst : nullptr;
}

std::optional<size_t> callbackOperand(const Inst &libraryCall) {
  static constexpr Builtin kLast[] = {Builtin::MAP,   Builtin::FILTER, Builtin::FIND,
                                      Builtin::SOME,  Builtin::EVERY,  Builtin::SIFT,
                                      Builtin::REDUCE};
  const auto builtin = static_cast<Builtin>(libraryCall.operands[0].index);
  const size_t count = libraryCall.operands.size() - 1; // of arguments
  if (builtin == Builtin::APPLY)
    return count >= 1 ? std::optional<size_t>(1) : std::nullopt;
  if (std::find(std::begin(kLast), std::end(kLast), builtin) == std::end(kLast) ||
      count != info(builtin).minArgs)
    return std::nullopt;
  return count;
}

namespace {

/// The operand whose function an instruction calls, if it is a call of a value.
std::optional<size_t> calleeOperand(const Inst &inst) {
  if (inst.op == Op::Call)
    return 0;
  return inst.op == Op::CallLib ? callbackOperand(inst) : std::nullopt;
}

/// Whether some function value may be called that no operand names.
bool callsAnything(const Inst &inst) {
  if (inst.op == Op::CallHost)
    return true;
  return inst.op == Op::CallLib && !callbackOperand(inst) &&
         info(static_cast<Builtin>(inst.operands[0].index)).effect == BuiltinEffect::Calls;
}

} // namespace

bool hasOp(const ir::Function &fn, Op op) {
  return std::any_of(fn.blocks.begin(), fn.blocks.end(), [op](const ir::Block &block) {
    return std::any_of(block.insts.begin(), block.insts.end(),
                       [op](const Inst &inst) { return inst.op == op; });
  });
}

CallDepths::CallDepths(const ir::Module &module)
    : calls_(module.functions.size() + 1), escapes_(module.functions.size()) {
  auto unknown = static_cast<uint32_t>(module.functions.size());
  for (FunctionId id = 0; id < unknown; ++id)
    collect(module, id);
  for (FunctionId id = 0; id < unknown; ++id)
    if (escapes_[id])
      calls_[unknown].push_back(id);
  for (std::vector<uint32_t> &callees : calls_) {
    std::sort(callees.begin(), callees.end());
    callees.erase(std::unique(callees.begin(), callees.end()), callees.end());
  }
  std::vector<bool> reached = keepReached(module);
  Edges callers(calls_.size());
  for (uint32_t from = 0; from < calls_.size(); ++from)
    for (uint32_t to : calls_[from])
      callers[to].push_back(from);
  std::vector<uint32_t> order;
  above_ = longestFrom(callers, calls_, unknown, order);
  for (uint32_t node = 0; node < above_.size(); ++node)
    if (!reached[node])
      above_[node] = kNone;
  order.clear();
  below_ = longestFrom(calls_, callers, unknown, order);
  std::vector<bool> listed(unknown);
  for (uint32_t node : order)
    if (node != unknown) {
      calleesFirst_.push_back(node);
      listed[node] = true;
    }
  // Lambdas have larger numbers than the functions they are written in.
  for (FunctionId id = unknown; id-- > 0;)
    if (!listed[id])
      calleesFirst_.push_back(id);
}

void CallDepths::collect(const ir::Module &module, FunctionId id) {
  const ir::Function &fn = module.functions[id];
  auto unknown = static_cast<uint32_t>(module.functions.size());
  // Only function values that are made here are known by their definitions.
  const bool makesClosures = hasOp(fn, Op::ClosureNew);
  std::vector<Definition> where;
  if (makesClosures)
    where = definitions(fn);
  for (const ir::Block &block : fn.blocks)
    for (const Inst &inst : block.insts) {
      if (inst.op == Op::CallFunc)
        calls_[id].push_back(inst.operands[0].index);
      if (inst.op == Op::CalleeFind && inst.operands[1].index != kNone)
        escapes_[inst.operands[1].index] = true;
      if (callsAnything(inst))
        calls_[id].push_back(unknown);
      if (std::optional<size_t> at = calleeOperand(inst)) {
        const Inst *closure = closureOf(fn, where, inst.operands[*at].index);
        calls_[id].push_back(closure ? closure->operands[0].index : unknown);
      }
    }
  if (makesClosures)
    collectEscapes(fn, where);
}

/// A function value escapes when it goes anywhere but into a call that is known to call it.
void CallDepths::collectEscapes(const ir::Function &fn,
                                const std::vector<Definition> &definitions) {
  for (const ir::Block &block : fn.blocks)
    for (const Inst &inst : block.insts)
      for (size_t i = 0; i < inst.operands.size(); ++i) {
        if (!isValueUse(inst.operands[i].kind) || inst.op == Op::CalleeCheck ||
            inst.op == Op::CalleeFind || calleeOperand(inst) == i)
          continue;
        if (const Inst *closure = closureOf(fn, definitions, inst.operands[i].index))
          escapes_[closure->operands[0].index] = true;
      }
}

/// Calls in functions that no transform reaches never happen, and are not worth a thought.
std::vector<bool> CallDepths::keepReached(const ir::Module &module) {
  std::vector<bool> reached(calls_.size());
  std::vector<uint32_t> work;
  auto reach = [&](uint32_t node) {
    if (!reached[node]) {
      reached[node] = true;
      work.push_back(node);
    }
  };
  for (const ir::TransformEntry &entry : module.transforms)
    reach(entry.function);
  while (!work.empty()) {
    uint32_t node = work.back();
    work.pop_back();
    for (uint32_t to : calls_[node])
      reach(to);
  }
  for (uint32_t node = 0; node < calls_.size(); ++node)
    if (!reached[node])
      calls_[node].clear();
  return reached;
}

/// By node: the longest chain of functions that starts behind it; kNone for nodes from which a
/// circle can be reached. A chain through `unknown` is no longer for that.
std::vector<uint32_t> CallDepths::longestFrom(const Edges &out, const Edges &in, uint32_t unknown,
                                              std::vector<uint32_t> &order) {
  std::vector<uint32_t> longest(out.size(), kNone);
  std::vector<uint32_t> found(out.size(), 0); // so far
  std::vector<size_t> left(out.size());
  std::vector<uint32_t> work;
  for (uint32_t node = 0; node < out.size(); ++node) {
    left[node] = out[node].size();
    if (left[node] == 0)
      work.push_back(node);
  }
  while (!work.empty()) {
    uint32_t node = work.back();
    work.pop_back();
    order.push_back(node);
    longest[node] = found[node];
    for (uint32_t before : in[node]) {
      found[before] = std::max(found[before], found[node] + (node == unknown ? 0 : 1));
      if (--left[before] == 0)
        work.push_back(before);
    }
  }
  return longest;
}

} // namespace branchline::opt
