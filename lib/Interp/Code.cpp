// Prepares functions for execution: flattens operands and marks last uses.
#include "Code.h"

#include "branchline/IR/Liveness.h"

namespace branchline::interp {

CodeFunction makeCode(const ir::Function &fn) {
  ir::Liveness live = ir::computeLiveness(fn);
  CodeFunction code;
  code.source = &fn;
  code.registers = static_cast<uint32_t>(fn.valueKinds.size());
  size_t total = 0;
  for (const ir::Block &block : fn.blocks)
    for (const ir::Inst &inst : block.insts)
      total += inst.operands.size();
  code.operands.reserve(total); // spans into it stay valid
  for (ir::BlockId b = 0; b < fn.blocks.size(); ++b) {
    const ir::Block &block = fn.blocks[b];
    CodeBlock &made = code.blocks.emplace_back();
    made.params = block.params;
    made.handler = block.handler;
    made.deadOnEntry = std::move(live.deadOnEntry[b]);
    for (size_t i = 0; i < block.insts.size(); ++i) {
      const ir::Inst &inst = block.insts[i];
      size_t first = code.operands.size();
      for (size_t k = 0; k < inst.operands.size(); ++k)
        code.operands.push_back(
            {inst.operands[k].kind, live.kills[b][i][k], inst.operands[k].index});
      made.insts.push_back({inst.op, live.deadResult[b][i], inst.result, inst.loc,
                            std::span(code.operands).subspan(first, inst.operands.size())});
    }
  }
  return code;
}

} // namespace branchline::interp
