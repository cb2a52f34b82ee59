// Counts the instructions of a module and what they refer to.
#include "Plan.h"

namespace branchline::jit {

using ir::Inst;
using ir::Op;
using ir::Operand;
using ir::OperandKind;

namespace {

std::vector<runtime::NativeSegment> segmentsOf(const Inst &inst) {
  using Kind = runtime::NativeSegment::Kind;
  std::vector<runtime::NativeSegment> segments;
  for (Operand o : inst.operands) {
    if (o.kind == OperandKind::PathName)
      segments.push_back({Kind::Name, o.index});
    else if (o.kind == OperandKind::PathIndex)
      segments.push_back({Kind::Index, o.index});
    else if (o.kind == OperandKind::PathKey)
      segments.push_back({Kind::Computed, 0});
  }
  return segments;
}

std::vector<uint32_t> layoutOf(const Inst &inst) {
  std::vector<uint32_t> keys;
  for (size_t i = 0; i + 1 < inst.operands.size(); i += 2)
    keys.push_back(inst.operands[i].kind == OperandKind::KeyConst ? inst.operands[i].index
                                                                  : runtime::kComputedLayoutKey);
  return keys;
}

template <class Row> uint32_t add(std::vector<Row> &rows, Row row) {
  rows.push_back(std::move(row));
  return static_cast<uint32_t>(rows.size() - 1);
}

/// The texts among the constants of a function, by value; else kNone.
std::vector<uint32_t> textsOf(const ir::Module &module, const ir::Function &fn) {
  std::vector<uint32_t> texts(fn.valueKinds.size(), ir::kNone);
  for (const ir::Block &block : fn.blocks)
    for (const Inst &inst : block.insts)
      if (inst.op == Op::Const &&
          module.constants[inst.operands[0].index].kind == ir::Constant::Kind::String)
        texts[inst.result] = inst.operands[0].index;
  return texts;
}

uint32_t tableRow(const Inst &inst, const std::vector<uint32_t> &texts, ModulePlan &plan) {
  switch (inst.op) {
  case Op::GetName:
    return add(plan.names, inst.operands[1].index);
  case Op::GetKey: {
    const uint32_t text = texts[inst.operands[1].index];
    return text != ir::kNone ? add(plan.names, text) : ir::kNone;
  }
  case Op::ObjectNew:
    return add(plan.layouts, layoutOf(inst));
  case Op::PathCheck:
  case Op::PathLeaf:
  case Op::SetPath:
  case Op::AppendPath:
  case Op::ModifyPath:
  case Op::PathSet:
  case Op::PathAppend:
  case Op::PathModify:
    return add(plan.paths, segmentsOf(inst));
  default:
    return ir::kNone;
  }
}

} // namespace

ModulePlan planModule(const ir::Module &module, bool everyEntry) {
  ModulePlan plan;
  plan.needsEntry.assign(module.functions.size(), everyEntry);
  for (const ir::TransformEntry &entry : module.transforms)
    plan.needsEntry[entry.function] = true;
  for (const ir::Function &fn : module.functions) {
    FunctionPlan &made = plan.functions.emplace_back();
    const std::vector<uint32_t> texts = textsOf(module, fn);
    for (const ir::Block &block : fn.blocks) {
      made.firstPlace.push_back(static_cast<uint32_t>(made.table.size()));
      for (const Inst &inst : block.insts) {
        made.table.push_back(tableRow(inst, texts, plan));
        if (inst.op == Op::ClosureNew || inst.op == Op::CalleeFind)
          for (Operand o : inst.operands)
            if (o.kind == OperandKind::Function && o.index != ir::kNone)
              plan.needsEntry[o.index] = true;
      }
    }
  }
  return plan;
}

std::string entryName(ir::FunctionId function) { return "entry." + std::to_string(function); }

std::string loopName(const LoopPoint &loop) {
  return "loop." + std::to_string(loop.function) + "." + std::to_string(loop.block);
}

std::string displayName(const ir::Function &fn) {
  if (fn.kind == ir::FunctionKind::Lambda)
    return "<lambda>";
  if (fn.kind == ir::FunctionKind::Transform)
    return fn.sourceName.empty() ? "TRANSFORM" : "TRANSFORM " + fn.sourceName;
  return fn.sourceName;
}

} // namespace branchline::jit
