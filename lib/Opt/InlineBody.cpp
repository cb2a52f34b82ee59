// Copies bodies of functions into their callers.
#include "InlineBody.h"

#include "Effects.h"
#include "branchline/Support/Assert.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_set>

namespace branchline::opt {

using ir::Inst;
using ir::kNone;
using ir::Op;
using ir::Operand;
using ir::OperandKind;

bool isCopyable(const ir::Function &callee) {
  if (callee.kind == ir::FunctionKind::Transform)
    return false;
  for (const ir::Block &block : callee.blocks) {
    if (block.handler != kNone)
      return false;
    for (const Inst &inst : block.insts) {
      if (inst.op == Op::ErrorCatch || inst.op == Op::Rethrow || inst.op == Op::Suspend)
        return false;
      if (inst.op == Op::ClosureNew &&
          std::any_of(inst.operands.begin(), inst.operands.end(),
                      [](Operand o) { return o.kind == OperandKind::Local; }))
        return false;
    }
  }
  return true;
}

size_t sizeOf(const ir::Function &fn) {
  size_t size = 0;
  for (const ir::Block &block : fn.blocks)
    size += block.insts.size();
  return size;
}

std::vector<Operand> capturesOf(const Inst &closure) {
  return {closure.operands.begin() + 1, closure.operands.end()};
}

bool areDistinct(const std::vector<Operand> &captures) {
  for (size_t i = 0; i < captures.size(); ++i)
    if (std::find(captures.begin() + static_cast<ptrdiff_t>(i) + 1, captures.end(), captures[i]) !=
        captures.end())
      return false;
  return true;
}

BlockId splitBlock(ir::Builder &builder, BlockId block, size_t at, std::string_view label) {
  builder.setHandler(builder.fn().blocks[block].handler);
  BlockId rest = builder.newBlock(label);
  std::vector<Inst> &from = builder.fn().blocks[block].insts;
  auto first = from.begin() + static_cast<ptrdiff_t>(at);
  builder.fn().blocks[rest].insts.assign(std::make_move_iterator(first + 1),
                                         std::make_move_iterator(from.end()));
  from.erase(first, from.end());
  return rest;
}

namespace {

/// One copy under way.
class Copier {
public:
  Copier(ir::Module &module, ir::FunctionId caller, const BodyCopy &copy)
      : module_(module), caller_(module.functions[caller]), callee_(module.functions[copy.callee]),
        copy_(copy), slots_(callee_.slots.size(), kNone) {
    BL_ASSERT(&caller_ != &callee_, "a function is not copied into itself");
  }

  BlockId run() {
    addSlots();
    addSites();
    std::vector<BlockId> region(callee_.blocks.size());
    for (BlockId id = 0; id < region.size(); ++id)
      region[id] = id;
    CloneOptions options;
    options.handler = copy_.handler;
    options.variable = [&](Operand variable) {
      return variable.kind == OperandKind::Local ? ir::local(slots_[variable.index])
                                                 : copy_.captures[variable.index];
    };
    Cloned cloned = cloneBlocks(caller_, callee_, region, options);
    for (BlockId id : cloned.blocks)
      for (Inst &inst : caller_.blocks[id].insts)
        settle(inst);
    bindSlots(caller_.blocks[cloned.blocks[0]].insts);
    return cloned.blocks[0];
  }

private:
  /// Variables of the callee that matter get a variable of the caller.
  void addSlots() {
    std::vector<bool> used(callee_.slots.size());
    for (const ir::Block &block : callee_.blocks)
      for (const Inst &inst : block.insts)
        for (Operand operand : inst.operands)
          if (operand.kind == OperandKind::Local)
            used[operand.index] = true;
    for (const ir::Slot &slot : caller_.slots)
      names_.insert(slot.name);
    for (uint32_t slot = 0; slot < used.size(); ++slot)
      if (used[slot])
        slots_[slot] = addSlot(callee_.slots[slot].name);
  }

  uint32_t addSlot(const std::string &wanted) {
    std::string base = wanted.substr(0, wanted.rfind('.'));
    std::string name;
    do
      name = base + "." + std::to_string(++counter_);
    while (!names_.insert(name).second);
    caller_.slots.push_back({name, false});
    return static_cast<uint32_t>(caller_.slots.size() - 1);
  }

  void addSites() {
    site_ = static_cast<uint32_t>(caller_.inlineSites.size());
    caller_.inlineSites.push_back({copy_.callee, copy_.at});
    for (ir::InlineSite inner : callee_.inlineSites) {
      inner.at.inlinedAt = siteOf(inner.at);
      caller_.inlineSites.push_back(inner);
    }
  }
  /// The site, in the caller, of a place in the callee.
  uint32_t siteOf(ir::Loc inCallee) const {
    return inCallee.inlinedAt == kNone ? site_ : site_ + 1 + inCallee.inlinedAt;
  }

  void settle(Inst &inst) {
    inst.loc.inlinedAt = siteOf(inst.loc);
    if (inst.op != Op::Ret)
      return;
    ValueId result = inst.operands[0].index;
    inst.op = Op::Br;
    inst.operands = {ir::block(copy_.next), ir::arg(result)};
  }

  /// The variables start as those of an activation do (R2.13.3).
  void bindSlots(std::vector<Inst> &entry) {
    std::vector<Inst> binds;
    auto bind = [&](uint32_t slot, ValueId value) {
      binds.push_back(makeInst(caller_, Op::VarBind, {ir::local(slots_[slot]), ir::use(value)},
                               {copy_.at, site_}));
    };
    std::vector<bool> bound(slots_.size());
    size_t given = std::min(callee_.params.size(), copy_.arguments.size());
    for (size_t i = given; i-- > 0;) // of equal names the last argument wins
      if (uint32_t slot = callee_.params[i]; slots_[slot] != kNone && !bound[slot]) {
        bind(slot, copy_.arguments[i]);
        bound[slot] = true;
      }
    ValueId unbound = kNone;
    for (uint32_t slot = 0; slot < slots_.size(); ++slot)
      if (slots_[slot] != kNone && !bound[slot]) {
        if (unbound == kNone)
          unbound = makeUnbound(binds);
        bind(slot, unbound);
      }
    entry.insert(entry.begin(), std::make_move_iterator(binds.begin()),
                 std::make_move_iterator(binds.end()));
  }

  /// What a variable holds that nobody ever binds.
  ValueId makeUnbound(std::vector<Inst> &out) {
    uint32_t slot = addSlot("unbound");
    ir::Loc at{copy_.at, site_};
    out.push_back(makeInst(caller_, Op::Const, {ir::konst(module_.internInt(0))}, at));
    ValueId zero = out.back().result;
    out.push_back(makeInst(caller_, Op::VarRead, {ir::local(slot), ir::use(zero)}, at));
    caller_.valueKinds[out.back().result] = ir::kinds::Unbound;
    return out.back().result;
  }

  ir::Module &module_;
  ir::Function &caller_;
  const ir::Function &callee_;
  const BodyCopy &copy_;
  std::vector<uint32_t> slots_; // by slot of the callee; kNone: nobody names it
  std::unordered_set<std::string> names_;
  size_t counter_ = 0;
  uint32_t site_ = kNone;
};

} // namespace

BlockId copyBody(ir::Module &module, ir::FunctionId caller, const BodyCopy &copy) {
  return Copier(module, caller, copy).run();
}

void dropLeftovers(ir::Module &module, ir::FunctionId caller) {
  ir::Function &fn = module.functions[caller];
  ir::dropUnreachable(fn);
  EffectInfo effects(module, fn);
  removeDead(fn, [&](const Inst &inst) {
    bool isCallee =
        inst.op == Op::ClosureNew || inst.op == Op::CalleeCheck || inst.op == Op::CalleeFind;
    return isCallee && effects.isRemovable(inst);
  });
}

} // namespace branchline::opt
