// A verified program as text. Operands are written by role; constants, layouts and paths stand in
// their tables and, while they are short, again where they are used.
#include "branchline/Bytecode/File.h"

#include "Spelling.h"
#include "branchline/Bytecode/Operands.h"
#include "branchline/Lang/Traps.h"
#include "branchline/Support/Assert.h"

#include <fmt/format.h>
#include <iterator>
#include <unordered_map>

namespace branchline::bytecode {
namespace {

/// Longest literal that is repeated where it is used: a small file must not give an endless text.
constexpr size_t kMaxInline = 60;

class Disassembler {
public:
  explicit Disassembler(const Program &program) : program_(program) {}

  std::string run();

private:
  template <class... Args> void print(fmt::format_string<Args...> format, Args &&...args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }
  void nameTables();
  void printSource();
  void printTables();
  void printFunction(size_t index);
  void printRegisters();
  void printRange(size_t from, size_t to);
  void printLive(const ResumePoint &point);
  void printInlined(const InlineSite &site);
  void findLabels();
  void printCode();
  void printInstruction(uint32_t pc);
  void printOperand(const Operand &operand, const OperandList &all, uint32_t next);
  std::string registerText(uint64_t reg) const;
  std::string labelText(uint64_t word) const { return fmt::format("L{}", labels_[word] - 1); }
  std::string quoted(std::string_view text) const {
    std::string out;
    appendQuoted(out, text);
    return out;
  }
  std::string nameOf(std::string_view name) const {
    return isBareName(name) ? std::string(name) : quoted(name);
  }

  const Program &program_;
  std::string out_;
  // How rows are written where they are used.
  std::vector<std::string> constants_, layouts_, paths_;
  const Function *fn_ = nullptr;
  std::vector<uint32_t> labels_; // by word: number of the label there + 1
};

std::string Disassembler::run() {
  nameTables();
  print(".version {}\n", kFormatVersion);
  printSource();
  printTables();
  for (size_t i = 0; i < program_.functions.size(); ++i)
    printFunction(i);
  return std::move(out_);
}

/// The literal itself when it is short and the first of its kind, else its number in the table.
template <class T, class Text>
std::vector<std::string> nameRows(const std::vector<T> &rows, char letter, const Text &text) {
  std::vector<std::string> names;
  std::unordered_map<std::string, size_t> seen;
  for (size_t i = 0; i < rows.size(); ++i) {
    std::string literal = text(rows[i]);
    const bool isShort = literal.size() <= kMaxInline;
    if (seen.emplace(literal, i).second && isShort)
      names.push_back(std::move(literal));
    else
      names.push_back(fmt::format("{}{}", letter, i));
  }
  return names;
}

void Disassembler::nameTables() {
  constants_ = nameRows(program_.constants, 'k', constantText);
  layouts_ = nameRows(program_.layouts, 'o', [this](const Layout &layout) {
    std::string text = "{";
    for (uint32_t key : layout.keys)
      text += (text.size() > 1 ? ", " : "") + (key == kComputedKey ? "*" : constants_[key]);
    return text + "}";
  });
  paths_ = nameRows(program_.paths, 'p', [this](const Path &path) {
    std::string text = "[";
    for (const PathSegment &segment : path.segments)
      text += (text.size() > 1 ? ", " : "") +
              (segment.kind == PathSegment::Kind::Computed ? "*" : constants_[segment.constant]);
    return text + "]";
  });
}

void Disassembler::printSource() {
  if (!program_.sourceName.empty())
    print(".file {}\n", quoted(program_.sourceName));
  std::string_view rest = program_.source;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end == std::string_view::npos ? end : end + 1);
    print(".source {}\n", quoted(line));
    rest.remove_prefix(line.size());
  }
}

void Disassembler::printTables() {
  for (const Constant &constant : program_.constants)
    print(".constant {}\n", constantText(constant));
  for (const Layout &layout : program_.layouts) {
    out_ += ".layout {";
    for (size_t i = 0; i < layout.keys.size(); ++i)
      print("{}{}", i > 0 ? ", " : "",
            layout.keys[i] == kComputedKey ? "*" : constants_[layout.keys[i]]);
    out_ += "}\n";
  }
  for (const Path &path : program_.paths) {
    out_ += ".path [";
    for (size_t i = 0; i < path.segments.size(); ++i)
      print("{}{}", i > 0 ? ", " : "",
            path.segments[i].kind == PathSegment::Kind::Computed
                ? "*"
                : constants_[path.segments[i].constant]);
    out_ += "]\n";
  }
  for (const Import &import : program_.imports)
    print(".import {} {}\n", kImportKindWords[static_cast<size_t>(import.kind)],
          nameOf(import.name));
  for (const SharedResource &resource : program_.shared)
    print(".shared {} {}\n", kSharedKindWords[resource.single], quoted(resource.name));
  for (const TransformEntry &entry : program_.transforms)
    print(".transform @{} {}\n", entry.function, quoted(entry.name));
  if (program_.minCallDepth != 0)
    print(".call.depth {}\n", program_.minCallDepth);
}

void Disassembler::printFunction(size_t index) {
  fn_ = &program_.functions[index];
  findLabels();
  print("\n.function @{} {} {}\n", index, kFunctionKindWords[static_cast<size_t>(fn_->kind)],
        quoted(fn_->sourceName));
  printRegisters();
  for (size_t i = 0; i < fn_->params.size(); ++i)
    print("{}{}{}", i == 0 ? ".params " : ", ", registerText(fn_->params[i]),
          i + 1 == fn_->params.size() ? "\n" : "");
  if (fn_->captures != 0)
    print(".captures {}\n", fn_->captures);
  for (const ResumePoint &point : fn_->resumePoints)
    printLive(point);
  for (const HandlerRegion &region : fn_->handlers)
    print(".handler {}, {}, {}\n", labelText(region.begin), labelText(region.end),
          labelText(region.target));
  for (const InlineSite &site : fn_->inlineSites)
    printInlined(site);
  printCode();
  out_ += ".end\n";
}

void Disassembler::printInlined(const InlineSite &site) {
  print(".inlined @{}", site.callee);
  if (site.at.line != 0)
    print(" !{}:{}", site.at.line, site.at.column);
  if (site.parent != kNoSite)
    print(" #{}", site.parent);
  print("  ; {}\n", quoted(program_.functions[site.callee].sourceName));
}

/// Runs of registers of one class: `r0..r9, c10, i11`.
void Disassembler::printRegisters() {
  const auto &registers = fn_->registers;
  for (size_t from = 0; from < registers.size();) {
    size_t to = from;
    while (to + 1 < registers.size() && registers[to + 1] == registers[from])
      ++to;
    out_ += from == 0 ? ".registers " : ", ";
    printRange(from, to);
    from = to + 1;
  }
  if (!registers.empty())
    out_ += '\n';
}

void Disassembler::printRange(size_t from, size_t to) {
  out_ += registerText(from);
  if (to > from)
    print("..{}", registerText(to));
}

void Disassembler::printLive(const ResumePoint &point) {
  out_ += ".resume";
  const auto &live = point.live;
  for (size_t from = 0; from < live.size();) {
    size_t to = from;
    while (to + 1 < live.size() && live[to + 1] == live[to] + 1 &&
           fn_->registers[live[to + 1]] == fn_->registers[live[from]])
      ++to;
    out_ += from == 0 ? " " : ", ";
    printRange(live[from], live[to]);
    from = to + 1;
  }
  out_ += '\n';
}

void Disassembler::findLabels() {
  const std::vector<Word> &code = fn_->code;
  labels_.assign(code.size() + 1, 0);
  for (const HandlerRegion &region : fn_->handlers)
    labels_[region.begin] = labels_[region.end] = labels_[region.target] = 1;
  for (size_t pc = 0; pc < code.size(); pc += lengthOf(static_cast<Op>(code[pc].op)))
    for (const Operand &operand : operandsOf(&code[pc]))
      if (isLabel(operand.role)) {
        const auto next = static_cast<int64_t>(pc + lengthOf(static_cast<Op>(code[pc].op)));
        labels_[static_cast<size_t>(next + operand.value)] = 1;
      }
  uint32_t count = 0;
  for (uint32_t &label : labels_)
    if (label != 0)
      label = ++count;
}

void Disassembler::printCode() {
  const std::vector<Word> &code = fn_->code;
  auto line = fn_->lines.begin();
  auto site = fn_->siteEntries.begin();
  for (uint32_t pc = 0; pc < code.size(); pc += lengthOf(static_cast<Op>(code[pc].op))) {
    if (labels_[pc] != 0)
      print("{}:\n", labelText(pc));
    printInstruction(pc);
    if (line != fn_->lines.end() && line->pc == pc) {
      print("  !{}:{}", line->at.line, line->at.column);
      ++line;
    }
    if (site != fn_->siteEntries.end() && site->pc == pc) {
      out_ += site->site == kNoSite ? "  #-" : fmt::format("  #{}", site->site);
      ++site;
    }
    for (const Operand &operand : operandsOf(&code[pc]))
      if ((operand.role == Role::Function || operand.role == Role::OptFunction) &&
          operand.value < static_cast<int64_t>(program_.functions.size()))
        print("  ; {}", quoted(program_.functions[static_cast<size_t>(operand.value)].sourceName));
    out_ += '\n';
  }
  if (labels_[code.size()] != 0)
    print("{}:\n", labelText(code.size()));
}

void Disassembler::printInstruction(uint32_t pc) {
  const Word *at = &fn_->code[pc];
  const Op op = static_cast<Op>(at->op);
  print("    {}", info(op).mnemonic);
  const OperandList operands = operandsOf(at);
  if (operands.valueOf(Role::Negate) != 0)
    print(" {}", kNegateWord);
  bool first = true;
  for (const Operand &operand : operands) {
    if (operand.role == Role::Negate || operand.role == Role::VarKind)
      continue;
    out_ += first ? " " : ", ";
    first = false;
    printOperand(operand, operands, pc + lengthOf(op));
  }
}

std::string Disassembler::registerText(uint64_t reg) const {
  // An empty window may stand behind the last register.
  const RegisterClass kind =
      reg < fn_->registers.size() ? fn_->registers[reg] : RegisterClass::Value;
  return fmt::format("{}{}", kRegisterLetters[static_cast<size_t>(kind)], reg);
}

void Disassembler::printOperand(const Operand &operand, const OperandList &all, uint32_t next) {
  const auto value = static_cast<size_t>(operand.value);
  switch (operand.role) {
  case Role::None:
  case Role::VarKind:
  case Role::Negate:
    return;
  case Role::Variable:
    if (all.valueOf(Role::VarKind) != 0)
      print("^{}", value);
    else
      out_ += registerText(value);
    return;
  case Role::Def:
  case Role::Use:
  case Role::Take:
  case Role::UseDef:
  case Role::DefCell:
  case Role::UseCell:
  case Role::DefIter:
  case Role::UseIter:
  case Role::Window:
  case Role::WindowCall:
  case Role::WindowOfLayout:
  case Role::WindowOfCells:
  case Role::WindowKept:
  case Role::WindowOfPath1:
  case Role::WindowOfPath2:
  case Role::WindowOfPath3:
    out_ += registerText(value);
    return;
  case Role::Capture:
    return print("^{}", value);
  case Role::OptName:
  case Role::OptFunction:
    if (value == kNoIndex)
      out_ += '-';
    else if (operand.role == Role::OptName)
      out_ += constants_[value];
    else
      print("@{}", value);
    return;
  case Role::Const:
  case Role::Name:
  case Role::WideConst:
  case Role::WideName:
    out_ += constants_[value];
    return;
  case Role::Function:
    return print("@{}", value);
  case Role::Import:
    out_ += nameOf(program_.imports[value].name);
    return;
  case Role::Layout:
    out_ += layouts_[value];
    return;
  case Role::Path:
    out_ += paths_[value];
    return;
  case Role::Count:
  case Role::Imm:
  case Role::WideImm:
  case Role::ResumePoint:
    return print("{}", operand.value);
  case Role::KeyRule:
    out_ += kKeyRuleWords[value];
    return;
  case Role::PathOp:
    out_ += kPathOpWords[value];
    return;
  case Role::IterKind:
    out_ += kIterKindWords[value];
    return;
  case Role::TrapId:
    out_ += kTraps[value].name;
    return;
  case Role::Label:
  case Role::Label16:
  case Role::WideLabel:
    out_ += labelText(static_cast<uint64_t>(int64_t(next) + operand.value));
    return;
  }
  BL_UNREACHABLE("role");
}

} // namespace

std::string disassemble(const Program &program) { return Disassembler(program).run(); }

} // namespace branchline::bytecode
