// Writes the text form. Modules that do not verify print too: what an index does not find is `?`.
#include "Spelling.h"
#include "branchline/IR/Builder.h"
#include "branchline/IR/Operands.h"
#include "branchline/IR/Text.h"
#include "branchline/Support/Assert.h"

#include <fmt/format.h>
#include <span>

namespace branchline::ir {

namespace {

class Printer {
public:
  Printer(const Module &module, const PrintOptions &options) : module_(module), options_(options) {}

  std::string run();
  std::string run(const Function &fn);

private:
  void printFunction(const Function &fn);
  void printSignature();
  void printInlineSites();
  void printBlock(const Block &block);
  void printInst(const Inst &inst);
  void printRole(const RoleOperands &part);
  void printEdge(std::span<const Operand> operands);
  void printPath(std::span<const Operand> operands);
  void printFields(std::span<const Operand> operands);
  void printOperand(Operand operand);
  void printList(std::span<const Operand> operands, std::string_view separator);

  void printName(std::string_view name);
  void printName(char sigil, std::string_view name) {
    out_.push_back(sigil);
    printName(name);
  }
  void printLabel(BlockId block);
  void printValue(ValueId value);
  void printKinds(ValueId value, KindSet usual);
  void printParamKinds(ValueId param);
  void printLoc(Loc loc);
  void printConstant(ConstId id) {
    out_ += id < module_.constants.size() ? constantText(module_.constants[id]) : "?";
  }

  const Module &module_;
  PrintOptions options_;
  const Function *fn_ = nullptr;
  std::vector<uint32_t> numbers_; // by ValueId
  std::string out_;
};

std::string Printer::run() {
  for (const SharedResource &shared : module_.shared) {
    out_ += "shared ";
    printName(shared.name);
    out_ += shared.single ? " single\n" : " many\n";
  }
  for (const Function &fn : module_.functions) {
    if (!out_.empty())
      out_.push_back('\n');
    printFunction(fn);
  }
  return std::move(out_);
}

std::string Printer::run(const Function &fn) {
  printFunction(fn);
  return std::move(out_);
}

void Printer::printFunction(const Function &fn) {
  fn_ = &fn;
  numbers_ = valueNumbers(fn);
  printSignature();
  out_ += " {\n";
  for (const Block &block : fn.blocks)
    printBlock(block);
  out_ += "}\n";
}

void Printer::printSignature() {
  out_ += kFunctionKindWords[static_cast<size_t>(fn_->kind)];
  out_.push_back(' ');
  printName('@', fn_->name);
  if (!fn_->sourceName.empty()) {
    out_.push_back(' ');
    appendQuoted(out_, fn_->sourceName);
  }
  out_ += " (";
  for (size_t i = 0; i < fn_->params.size(); ++i) {
    if (i > 0)
      out_ += ", ";
    printOperand(local(fn_->params[i]));
  }
  out_.push_back(')');
  for (size_t i = 0; i < fn_->slots.size(); ++i) {
    out_ += i == 0 ? " vars(" : ", ";
    if (fn_->slots[i].cell)
      out_ += "cell ";
    printName('$', fn_->slots[i].name);
  }
  out_ += fn_->slots.empty() ? "" : ")";
  for (size_t i = 0; i < fn_->captures.size(); ++i) {
    out_ += i == 0 ? " captures(" : ", ";
    printName('^', fn_->captures[i]);
  }
  out_ += fn_->captures.empty() ? "" : ")";
  if (options_.locations)
    printInlineSites();
  printLoc(fn_->loc);
}

void Printer::printInlineSites() {
  for (size_t i = 0; i < fn_->inlineSites.size(); ++i) {
    out_ += i == 0 ? " inlined(" : ", ";
    printOperand(function(fn_->inlineSites[i].callee));
    printLoc(fn_->inlineSites[i].at);
  }
  out_ += fn_->inlineSites.empty() ? "" : ")";
}

void Printer::printBlock(const Block &block) {
  printLabel(static_cast<BlockId>(&block - fn_->blocks.data()));
  for (size_t i = 0; i < block.params.size(); ++i) {
    out_ += i == 0 ? "(" : ", ";
    printValue(block.params[i]);
    printParamKinds(block.params[i]);
  }
  out_ += block.params.empty() ? "" : ")";
  if (block.handler != kNone) {
    out_ += " handler ";
    printLabel(block.handler);
  }
  out_ += ":\n";
  for (const Inst &inst : block.insts)
    printInst(inst);
}

void Printer::printInst(const Inst &inst) {
  out_ += "  ";
  if (inst.result != kNone) {
    printValue(inst.result);
    out_ += " = ";
  }
  out_ += info(inst.op).mnemonic;
  bool first = true;
  RoleSplit split(inst);
  for (const RoleOperands &part : split) {
    // Calls read as `call.lib MAP(%1, %2)`: their lists bring their own brackets.
    bool bracketed = part.role == Role::Uses || part.role == Role::Names;
    out_ += first ? " " : bracketed ? "" : ", ";
    first = false;
    printRole(part);
  }
  for (Operand operand : split.rest()) {
    out_ += " ?";
    printOperand(operand);
  }
  if (inst.result != kNone)
    printKinds(inst.result, info(inst.op).result);
  printLoc(inst.loc);
  out_.push_back('\n');
}

void Printer::printRole(const RoleOperands &part) {
  switch (part.role) {
  case Role::Uses:
  case Role::Names:
    out_.push_back('(');
    printList(part.operands, ", ");
    out_.push_back(')');
    return;
  case Role::VarList:
    out_.push_back('[');
    printList(part.operands, ", ");
    out_.push_back(']');
    return;
  case Role::Vars:
    if (part.operands.empty())
      out_.push_back('?');
    printList(part.operands, "|");
    return;
  case Role::Path:
    printPath(part.operands);
    return;
  case Role::Fields:
    printFields(part.operands);
    return;
  case Role::Edge:
  case Role::EdgeWithValue:
    printEdge(part.operands);
    return;
  case Role::Use:
  case Role::Raw:
  case Role::Const:
  case Role::Name:
  case Role::Var:
  case Role::Function:
  case Role::OptFunction:
  case Role::Builtin:
  case Role::Trap:
  case Role::PathOp:
  case Role::IterKind:
  case Role::KeyRule:
    if (part.operands.empty())
      out_.push_back('?');
    else
      printOperand(part.operands.front());
    return;
  }
  BL_UNREACHABLE("role");
}

void Printer::printList(std::span<const Operand> operands, std::string_view separator) {
  for (size_t i = 0; i < operands.size(); ++i) {
    if (i > 0)
      out_ += separator;
    printOperand(operands[i]);
  }
}

void Printer::printEdge(std::span<const Operand> operands) {
  if (operands.empty()) {
    out_.push_back('?');
    return;
  }
  printOperand(operands.front());
  if (operands.size() > 1) {
    out_.push_back('(');
    printList(operands.subspan(1), ", ");
    out_.push_back(')');
  }
}

void Printer::printPath(std::span<const Operand> operands) {
  if (operands.empty()) {
    out_.push_back('.');
    return;
  }
  for (Operand operand : operands) {
    if (operand.kind != OperandKind::PathKey) {
      out_.push_back('.');
      printOperand(operand);
      continue;
    }
    out_.push_back('[');
    printOperand(operand);
    out_.push_back(']');
  }
}

void Printer::printFields(std::span<const Operand> operands) {
  out_.push_back('{');
  for (size_t i = 0; i < operands.size(); ++i) {
    if (i > 0)
      out_ += i % 2 == 0 ? ", " : ": ";
    printOperand(operands[i]);
  }
  out_.push_back('}');
}

/// The word of a closed set, `?` beyond its end.
template <size_t kCount>
std::string_view wordOf(const std::array<std::string_view, kCount> &words, uint32_t index) {
  return index < kCount ? words[index] : "?";
}

void Printer::printOperand(Operand operand) {
  switch (operand.kind) {
  case OperandKind::Value:
  case OperandKind::PathKey:
  case OperandKind::Arg:
    printValue(operand.index);
    return;
  case OperandKind::Const:
  case OperandKind::PathIndex:
  case OperandKind::KeyConst:
    printConstant(operand.index);
    return;
  case OperandKind::PathName:
    if (operand.index < module_.constants.size() &&
        isBareSegment(module_.constants[operand.index].text))
      out_ += module_.constants[operand.index].text;
    else
      printConstant(operand.index);
    return;
  case OperandKind::Local:
    printName('$', operand.index < fn_->slots.size() ? fn_->slots[operand.index].name : "?");
    return;
  case OperandKind::Capture:
    printName('^', operand.index < fn_->captures.size() ? fn_->captures[operand.index] : "?");
    return;
  case OperandKind::Function:
    if (operand.index == kNone)
      out_ += "none";
    else
      printName('@', operand.index < module_.functions.size()
                         ? module_.functions[operand.index].name
                         : "?");
    return;
  case OperandKind::Builtin:
    out_ += operand.index < kBuiltins.size() ? kBuiltins[operand.index].name : "?";
    return;
  case OperandKind::Trap:
    out_ +=
        operand.index < branchline::kTraps.size() ? branchline::kTraps[operand.index].name : "?";
    return;
  case OperandKind::PathOp:
    out_ += wordOf(kPathOpWords, operand.index);
    return;
  case OperandKind::IterKind:
    out_ += wordOf(kIterKindWords, operand.index);
    return;
  case OperandKind::KeyRule:
    out_ += wordOf(kKeyRuleWords, operand.index);
    return;
  case OperandKind::Block:
    printLabel(operand.index);
    return;
  }
  BL_UNREACHABLE("operand kind");
}

void Printer::printName(std::string_view name) {
  if (isBareName(name))
    out_ += name;
  else
    appendQuoted(out_, name);
}

void Printer::printLabel(BlockId block) {
  if (block >= fn_->blocks.size())
    out_.push_back('?');
  else if (const std::string &label = fn_->blocks[block].label; isBareLabel(label))
    out_ += label;
  else
    appendQuoted(out_, label);
}

void Printer::printValue(ValueId value) {
  out_.push_back('%');
  out_ += value < numbers_.size() ? std::to_string(numbers_[value]) : "?";
}

void Printer::printKinds(ValueId value, KindSet usual) {
  if (options_.kinds && value < fn_->valueKinds.size() && fn_->valueKinds[value] != usual)
    out_ += " : " + kindText(fn_->valueKinds[value]);
}

/// That a parameter may be unbound is part of what the verifier checks, so it is always printed.
void Printer::printParamKinds(ValueId param) {
  if (param < fn_->valueKinds.size() && fn_->valueKinds[param].contains(kinds::Unbound))
    out_ += " : " + kindText(fn_->valueKinds[param]);
  else
    printKinds(param, kinds::Any);
}

void Printer::printLoc(Loc loc) {
  bool isInlined = loc.inlinedAt != kNone;
  if (!options_.locations || (loc.line == 0 && !isInlined))
    return;
  out_ += fmt::format(" !{}:{}", loc.line, loc.column);
  if (isInlined)
    out_ += fmt::format("!{}", loc.inlinedAt);
}

} // namespace

std::string print(const Module &module, const PrintOptions &options) {
  return Printer(module, options).run();
}

std::string print(const Module &module, const Function &function, const PrintOptions &options) {
  return Printer(module, options).run(function);
}

} // namespace branchline::ir
