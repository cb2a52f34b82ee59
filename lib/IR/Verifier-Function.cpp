// The frame of a function: signature, blocks, edges, and that every use has its definition on every
// way to it.
#include "FunctionVerifier.h"

#include "Spelling.h"
#include "branchline/IR/Dominators.h"

#include <fmt/format.h>
#include <string_view>
#include <unordered_set>

namespace branchline::ir {

FunctionVerifier::FunctionVerifier(const Module &module, const Function &fn,
                                   std::vector<VerifierError> &errors)
    : module_(module), fn_(fn), errors_(errors), numbers_(valueNumbers(fn)),
      definitions_(fn.valueKinds.size()) {}

void FunctionVerifier::report(std::string message) {
  errors_.push_back(
      {fn_.name, isBlock(block_) ? fn_.blocks[block_].label : std::string(), std::move(message)});
}

void FunctionVerifier::reportInst(const Inst &inst, const std::string &message) {
  report(fmt::format("`{}`: {}", info(inst.op).mnemonic, message));
}

std::string FunctionVerifier::valueText(ValueId value) const {
  return fmt::format("`%{}`", numbers_[value]);
}

std::string FunctionVerifier::variableText(Operand operand) const {
  return operand.kind == OperandKind::Local ? fmt::format("`${}`", fn_.slots[operand.index].name)
                                            : fmt::format("`^{}`", fn_.captures[operand.index]);
}

void FunctionVerifier::run() {
  checkSignature();
  if (fn_.blocks.empty()) {
    report("the function has no blocks");
    return;
  }
  checkLabels();
  collectDefinitions();
  for (BlockId id = 0; id < fn_.blocks.size(); ++id) {
    enter(id);
    checkBlock();
    for (const Inst &inst : fn_.blocks[id].insts)
      checkInst(inst);
  }
  // Without sound edges there is no graph to ask about.
  if (!edgesAreSound_)
    return;
  checkEdges();
  checkUses();
}

void FunctionVerifier::checkSignature() {
  std::unordered_set<std::string_view> seen;
  for (const Slot &slot : fn_.slots)
    if (!seen.insert(slot.name).second)
      report(fmt::format("two variables are called `${}`", slot.name));
  seen.clear();
  for (const std::string &name : fn_.captures)
    if (!seen.insert(name).second)
      report(fmt::format("two captured variables are called `^{}`", name));
  for (uint32_t slot : fn_.params)
    if (slot >= fn_.slots.size())
      report(fmt::format("a parameter is variable {}, but the function has {}", slot,
                         fn_.slots.size()));
  if (!fn_.captures.empty() && fn_.kind != FunctionKind::Lambda)
    report("only lambdas capture variables");
  // Each site lies in a body of an earlier one, so that no chain of sites runs in a circle.
  for (size_t i = 0; i < fn_.inlineSites.size(); ++i) {
    const InlineSite &site = fn_.inlineSites[i];
    if (site.callee >= module_.functions.size())
      report(fmt::format("inlined call {} has no function", i));
    if (site.at.inlinedAt != kNone && site.at.inlinedAt >= i)
      report(fmt::format("inlined call {} lies in call {}, which is not before it", i,
                         site.at.inlinedAt));
  }
}

void FunctionVerifier::checkLabels() {
  std::unordered_set<std::string_view> seen;
  for (const Block &block : fn_.blocks) {
    if (block.label.empty())
      report("a block has no label");
    else if (!seen.insert(block.label).second)
      report(fmt::format("two blocks are called `{}`", block.label));
  }
}

void FunctionVerifier::checkBlock() {
  if (block_ == 0)
    checkEntry();
  checkHandler();
  checkTerminators();
}

void FunctionVerifier::checkEntry() {
  if (!fn_.blocks[0].params.empty())
    report("the entry has parameters");
  if (fn_.blocks[0].handler != kNone)
    report("the entry has a handler");
}

void FunctionVerifier::checkHandler() {
  const Block &block = fn_.blocks[block_];
  if (block.handler == kNone)
    return;
  if (!isBlock(block.handler)) {
    report(fmt::format("the handler is block {}, but the function has {}", block.handler,
                       fn_.blocks.size()));
    edgesAreSound_ = false;
    return;
  }
  if (block.handler == block_)
    report("the block is its own handler");
  if (block.handler == 0)
    report("the handler is the entry");
  if (!fn_.blocks[block.handler].params.empty())
    report(fmt::format("the handler `{}` has parameters", fn_.blocks[block.handler].label));
}

void FunctionVerifier::checkTerminators() {
  const std::vector<Inst> &insts = fn_.blocks[block_].insts;
  if (insts.empty() || !info(insts.back().op).isTerminator()) {
    report("the block does not end with a terminator");
    edgesAreSound_ = false;
  }
  for (size_t i = 0; i + 1 < insts.size(); ++i)
    if (info(insts[i].op).isTerminator()) {
      reportInst(insts[i], "a terminator stands before the end of the block");
      edgesAreSound_ = false;
    }
}

void FunctionVerifier::define(ValueId value, size_t position) {
  if (value >= definitions_.size()) {
    report(fmt::format("value {} is defined, but the function has {}", value, definitions_.size()));
    return;
  }
  Definition &definition = definitions_[value];
  if (definition.block != kNone)
    report(fmt::format("{} is defined twice", valueText(value)));
  else
    definition = {block_, position};
}

void FunctionVerifier::collectDefinitions() {
  for (BlockId id = 0; id < fn_.blocks.size(); ++id) {
    enter(id);
    const Block &block = fn_.blocks[id];
    for (ValueId param : block.params) {
      define(param, 0);
      if (param < fn_.valueKinds.size() && !kinds::Raw.contains(fn_.valueKinds[param]))
        report(fmt::format("parameter {} has kinds `{}`, beyond `raw`", valueText(param),
                           kindText(fn_.valueKinds[param])));
    }
    for (size_t i = 0; i < block.insts.size(); ++i)
      if (block.insts[i].result != kNone)
        define(block.insts[i].result, i + 1);
  }
  enter(kNone);
}

void FunctionVerifier::checkEdges() {
  std::vector<bool> isTarget(fn_.blocks.size());
  std::vector<bool> isHandler(fn_.blocks.size());
  for (BlockId id = 0; id < fn_.blocks.size(); ++id) {
    enter(id);
    if (fn_.blocks[id].handler != kNone)
      isHandler[fn_.blocks[id].handler] = true;
    const Inst &terminator = fn_.blocks[id].insts.back();
    for (const Edge &edge : successors(terminator)) {
      isTarget[edge.block] = true;
      const Block &target = fn_.blocks[edge.block];
      size_t given = edge.args.size() + (edge.suppliesFirst ? 1 : 0);
      if (given != target.params.size())
        reportInst(terminator, fmt::format("`{}` gets {} values for {} parameters", target.label,
                                           given, target.params.size()));
      if (edge.block == 0)
        reportInst(terminator, "jumps to the entry");
    }
  }
  for (BlockId id = 0; id < fn_.blocks.size(); ++id) {
    enter(id);
    const std::vector<Inst> &insts = fn_.blocks[id].insts;
    for (size_t i = 0; i < insts.size(); ++i) {
      if (insts[i].op != Op::ErrorCatch)
        continue;
      if (i != 0 || !isHandler[id])
        reportInst(insts[i], "stands only first in a handler");
      else if (isTarget[id])
        reportInst(insts[i], "stands in a block that a jump leads to");
    }
  }
}

void FunctionVerifier::checkUses() {
  Dominators tree(fn_);
  for (BlockId id = 0; id < fn_.blocks.size(); ++id) {
    enter(id);
    const std::vector<Inst> &insts = fn_.blocks[id].insts;
    for (size_t i = 0; i < insts.size(); ++i)
      for (Operand operand : insts[i].operands)
        if (operand.kind == OperandKind::Value || operand.kind == OperandKind::Arg ||
            operand.kind == OperandKind::PathKey)
          checkUse(insts[i], operand.index, i + 1, tree);
  }
}

void FunctionVerifier::checkUse(const Inst &inst, ValueId value, size_t position,
                                const Dominators &tree) {
  if (value >= definitions_.size())
    return; // reported with the operand
  const Definition &definition = definitions_[value];
  if (definition.block == kNone) {
    reportInst(inst, valueText(value) + " is never defined");
    return;
  }
  if (!tree.isReachable(block_))
    return;
  bool reaches = definition.block == block_ ? definition.position < position
                                            : tree.dominates(definition.block, block_);
  if (!reaches)
    reportInst(inst, valueText(value) + " is not defined on every way here");
}

} // namespace branchline::ir
