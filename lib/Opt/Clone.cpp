// Copies blocks.
#include "Clone.h"

#include "Edits.h"
#include "branchline/Support/Assert.h"

#include <string>
#include <unordered_set>

namespace branchline::opt {

using ir::kNone;
using ir::Operand;
using ir::OperandKind;

namespace {

/// Makes labels that no block of a function has.
class Labels {
public:
  explicit Labels(const ir::Function &fn) {
    for (const ir::Block &block : fn.blocks)
      taken_.insert(block.label);
  }
  std::string unique(const std::string &wanted) {
    std::string base = wanted.substr(0, wanted.rfind('.'));
    std::string label;
    do
      label = base + "." + std::to_string(++counter_);
    while (!taken_.insert(label).second);
    return label;
  }

private:
  std::unordered_set<std::string> taken_;
  size_t counter_ = 0;
};

} // namespace

Cloned cloneBlocks(ir::Function &target, const ir::Function &source,
                   std::span<const BlockId> region, const CloneOptions &options) {
  [[maybe_unused]] bool isSame = &target == &source; // for the assertion
  Cloned cloned;
  cloned.blocks.assign(source.blocks.size(), kNone);
  cloned.values.assign(source.valueKinds.size(), kNone);
  std::vector<ir::Block> copies; // first aside: adding to `target` may move the source's blocks
  for (BlockId id : region) {
    cloned.blocks[id] = static_cast<BlockId>(target.blocks.size() + copies.size());
    copies.push_back(source.blocks[id]);
  }
  auto define = [&](ValueId &value) {
    ValueId copy = target.newValue(ir::KindSet(source.valueKinds[value]));
    cloned.values[value] = copy;
    value = copy;
  };
  for (ir::Block &copy : copies) {
    for (ValueId &param : copy.params)
      define(param);
    for (ir::Inst &inst : copy.insts)
      if (inst.result != kNone)
        define(inst.result);
  }
  auto moved = [&](uint32_t index, const std::vector<uint32_t> &to) {
    if (to[index] != kNone)
      return to[index];
    BL_ASSERT(isSame, "a region copied into another function is closed");
    return index;
  };
  Labels labels(target);
  for (ir::Block &copy : copies) {
    copy.label = labels.unique(copy.label);
    copy.handler = copy.handler == kNone ? options.handler : moved(copy.handler, cloned.blocks);
    for (ir::Inst &inst : copy.insts)
      for (Operand &operand : inst.operands) {
        if (isValueUse(operand.kind))
          operand.index = moved(operand.index, cloned.values);
        else if (operand.kind == OperandKind::Block)
          operand.index = moved(operand.index, cloned.blocks);
        else if (options.variable &&
                 (operand.kind == OperandKind::Local || operand.kind == OperandKind::Capture))
          operand = options.variable(operand);
      }
    target.blocks.push_back(std::move(copy));
  }
  return cloned;
}

} // namespace branchline::opt
