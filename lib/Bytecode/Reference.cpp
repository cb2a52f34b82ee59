// Prints the reference page of the instructions.
#include "branchline/Bytecode/Reference.h"

#include "branchline/Bytecode/Operands.h"
#include "branchline/Support/Assert.h"

#include <fmt/format.h>
#include <string_view>

namespace branchline::bytecode {
namespace {

struct RoleRow {
  Role role;
  std::string_view name;
  std::string_view form;
  std::string_view doc;
};

constexpr RoleRow kRoleRows[] = {
    {Role::Def, "Def", "r0", "value register, written"},
    {Role::Use, "Use", "r0", "value register, read"},
    {Role::Take, "Take", "r0", "value register, read and left null"},
    {Role::UseDef, "UseDef", "r0", "value register, read and written"},
    {Role::DefCell, "DefCell", "c0", "cell register, made to refer to a cell"},
    {Role::UseCell, "UseCell", "c0", "cell register"},
    {Role::DefIter, "DefIter", "i0", "iterator register, written"},
    {Role::UseIter, "UseIter", "i0", "iterator register"},
    {Role::Capture, "Capture", "^0", "captured cell of the closure"},
    {Role::Variable, "Variable", "c0 or ^0", "cell register or captured cell, as VarKind says"},
    {Role::VarKind, "VarKind", "",
     "0 for a cell register, 1 for a captured cell; in the text the "
     "variable says it"},
    {Role::Const, "Const", "5", "constant of the pool"},
    {Role::Name, "Name", "\"a\"", "constant that is a string"},
    {Role::OptName, "OptName", "\"a\" or -", "constant that is a string, or none"},
    {Role::Function, "Function", "@0", "function of the program"},
    {Role::OptFunction, "OptFunction", "@0 or -", "function of the program, or none"},
    {Role::Import, "Import", "SUM",
     "imported function: of the host in call.host, else of the "
     "library"},
    {Role::Layout, "Layout", "{\"a\", *}", "keys of an object literal; a star is a computed key"},
    {Role::Path, "Path", "[\"a\", 0, *]", "segments of a write path; a star is a computed key"},
    {Role::Count, "Count", "2", "number of registers of the window"},
    {Role::Window, "Window", "r4", "first of Count value registers, consumed"},
    {Role::WindowCall, "WindowCall", "r4", "callee and Count arguments behind it, consumed"},
    {Role::WindowOfLayout, "WindowOfLayout", "r4",
     "values and computed keys of the layout in "
     "order, consumed"},
    {Role::WindowOfCells, "WindowOfCells", "c4", "one cell register per capture of the function"},
    {Role::WindowKept, "WindowKept", "r4", "computed keys of the path, kept"},
    {Role::WindowOfPath1, "WindowOfPath1", "r4",
     "computed keys of the path and one value, "
     "consumed"},
    {Role::WindowOfPath2, "WindowOfPath2", "r4",
     "computed keys of the path and two values, "
     "consumed"},
    {Role::WindowOfPath3, "WindowOfPath3", "r4",
     "computed keys of the path and three values, "
     "consumed"},
    {Role::Imm, "Imm", "1", "number"},
    {Role::KeyRule, "KeyRule", "computed", "which keys are allowed: computed or object"},
    {Role::PathOp, "PathOp", "set", "what a path is for: set, append or modify"},
    {Role::IterKind, "IterKind", "for.each", "what iterates: for.each or comprehension"},
    {Role::TrapId, "TrapId", "SetUnbound", "run-time error by its name"},
    {Role::Negate, "Negate", "not", "1 turns a branch around; stands behind the mnemonic"},
    {Role::Label, "Label", "L1", "jump target, relative to the next instruction"},
    {Role::Label16, "Label16", "L1", "jump target within 32,767 words"},
    {Role::WideConst, "WideConst", "5", "constant of the pool, 32-bit index in b and c"},
    {Role::WideName, "WideName", "\"a\"", "constant that is a string, 32-bit index in b and c"},
    {Role::WideImm, "WideImm", "5", "32-bit number in b and c"},
    {Role::WideLabel, "WideLabel", "L1", "jump target, 32 bits in b and c"},
    {Role::ResumePoint, "ResumePoint", "0", "index into the resume points of the function"},
};

std::string_view nameOf(Role role) {
  for (const RoleRow &row : kRoleRows)
    if (row.role == role)
      return row.name;
  BL_UNREACHABLE("a role without a row");
}

std::string_view nameOf(Field field) {
  switch (field) {
  case Field::X:
    return "x";
  case Field::A:
    return "a";
  case Field::B:
    return "b";
  case Field::C:
    return "c";
  case Field::Wide:
    return "bc";
  case Field::Ext:
    return "ext";
  }
  BL_UNREACHABLE("field");
}

std::string operandsText(Op op) {
  std::string out;
  for (const Operand &field : fieldsOf(op))
    out +=
        fmt::format("{}{}: {}", out.empty() ? "" : ", ", nameOf(field.field), nameOf(field.role));
  return out;
}

std::string effectsText(uint16_t effects) {
  std::string out;
  auto add = [&](uint16_t bit, std::string_view text) {
    if (effects & bit)
      out += fmt::format("{}{}", out.empty() ? "" : ", ", text);
  };
  add(Traps, "traps");
  add(Jumps, "jumps");
  add(Ends, "ends");
  add(Calls, "calls");
  return out;
}

/// Text for a cell of a table, where a bar would end the cell.
std::string cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|')
      out += '\\';
    out += c;
  }
  return out;
}

} // namespace

std::string printOpcodeReference() {
  std::string out =
      "# Bytecode instructions\n\nPrinted by `blc reference bytecode` from "
      "`include/branchline/Bytecode/Opcodes.def`. An instruction is one word of\n64 bits: opcode "
      "and `x` of 8 bits, `a`, `b` and `c` of 16; some have an extension word `ext` behind them. "
      "The\ntext form writes operands in the order of the second column. Roles and effects are "
      "explained below.\n\n"
      "| Mnemonic | Code | Operands | Effects | Rule | Meaning |\n"
      "| --- | --- | --- | --- | --- | --- |\n";
  for (size_t i = 0; i < kOps.size(); ++i) {
    const Op op = static_cast<Op>(i);
    const OpInfo &row = info(op);
    out += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", row.mnemonic, i, operandsText(op),
                       effectsText(row.effects), row.rule, cell(row.doc));
  }
  out += "\n## Roles\n\n| Role | Text | Meaning |\n| --- | --- | --- |\n";
  for (const RoleRow &row : kRoleRows)
    out += fmt::format("| {} | {} | {} |\n", row.name,
                       row.form.empty() ? "" : fmt::format("`{}`", row.form), cell(row.doc));
  out += "\n## Effects\n\n| Effect | Meaning |\n| --- | --- |\n"
         "| traps | may raise a run-time error, which goes to a handler |\n"
         "| jumps | has a label |\n"
         "| ends | control does not reach the next instruction |\n"
         "| calls | may run code of the program |\n";
  return out;
}

} // namespace branchline::bytecode
