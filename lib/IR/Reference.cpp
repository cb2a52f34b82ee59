// Prints the reference page of the instructions.
#include "branchline/IR/Reference.h"

#include "branchline/IR/Operands.h"
#include "branchline/Support/Assert.h"

#include <array>
#include <fmt/format.h>
#include <optional>
#include <string_view>

namespace branchline::ir {

namespace {

/// A row of Instrs.def: the start of a group, or an instruction.
struct Row {
  std::string_view group;
  std::optional<Op> op;
};

constexpr auto kRows = std::to_array<Row>({
#define BL_INST_GROUP(Title) {Title, std::nullopt},
#define BL_INST(Name, Mnemonic, Operands, Result, Effects, Rule, Doc) {{}, Op::Name},
#include "branchline/IR/Instrs.def"
});

struct EffectRow {
  Effects bit;
  std::string_view name;
  std::string_view doc;
};

constexpr auto kEffectRows = std::to_array<EffectRow>({
    {kTraps, "traps", "May raise an error, which goes to the handler of the block."},
    {kReadsVars, "reads vars", "Reads variables."},
    {kWritesVars, "writes vars", "Writes variables."},
    {kCalls, "calls", "May run any code of the program."},
    {kOutput, "output", "Touches what the run has emitted."},
    {kWorld, "world", "Clock, chance, console, shared memory, or waiting."},
    {kMutates, "mutates", "Changes an object in place."},
    {kTerminator, "terminator", "Ends a block."},
});

struct RoleText {
  std::string_view form;
  std::string_view doc;
};

RoleText roleText(Role role) {
  switch (role) {
  case Role::Use:
    return {"%0", "A value."};
  case Role::Raw:
    return {"%0", "A value or the unbound state of a variable."};
  case Role::Uses:
    return {"(%0, %1)", "Any number of values."};
  case Role::Const:
    return {"5", "A constant."};
  case Role::Name:
    return {"\"a\"", "A text."};
  case Role::Names:
    return {"(\"a\", \"b\")", "Any number of texts."};
  case Role::Var:
    return {"$x", "A variable: `$x` of this activation, `^x` captured."};
  case Role::Vars:
    return {"$x|^x", "A chain of distinct variables, the innermost first."};
  case Role::VarList:
    return {"[$x, ^y]", "Any number of variables."};
  case Role::Function:
    return {"@f", "A function of the module."};
  case Role::OptFunction:
    return {"@f", "A function of the module, or `none`."};
  case Role::Builtin:
    return {"MAP", "A library function."};
  case Role::Trap:
    return {"SetUnbound", "A run-time error by its name."};
  case Role::PathOp:
    return {"set", "What a path is for: `set`, `append` or `modify`."};
  case Role::IterKind:
    return {"for.each", "What iterates: `for.each` or `comprehension`."};
  case Role::KeyRule:
    return {"computed", "Which keys are allowed: those of a `computed` key or of an `object`."};
  case Role::Path:
    return {".a.0[%1]", "Segments of a path: names, integers, values; `.` when there are none."};
  case Role::Fields:
    return {"{\"a\": %1, %2: %3}", "Keys, literal or computed, and values."};
  case Role::Edge:
    return {"then(%1)", "A block and the values of its parameters."};
  case Role::EdgeWithValue:
    return {"body(%1)", "As `Edge`; the instruction gives the first parameter itself."};
  }
  BL_UNREACHABLE("role");
}

constexpr auto kAllRoles = [] {
  std::array<Role, static_cast<size_t>(Role::EdgeWithValue) + 1> roles{};
  for (size_t i = 0; i < roles.size(); ++i)
    roles[i] = static_cast<Role>(i);
  return roles;
}();

/// Text for a cell of a table, where a bar would end the cell.
std::string cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|')
      out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string operandsText(const InstInfo &row) {
  std::string out;
  for (Role role : row.operands) {
    if (!out.empty())
      out += ", ";
    out += roleName(role);
  }
  return out;
}

std::string effectsText(Effects effects) {
  std::string out;
  for (const EffectRow &row : kEffectRows)
    if (effects & row.bit) {
      if (!out.empty())
        out += ", ";
      out += row.name;
    }
  return out;
}

} // namespace

std::string printInstructionReference() {
  std::string out = "# IR instructions\n\n"
                    "Printed from `include/branchline/IR/Instrs.def`. Operands are named by their "
                    "roles; the tables at the end\nsay what roles and effects mean.\n";
  for (const Row &row : kRows) {
    if (!row.op) {
      out += fmt::format("\n## {}\n\n"
                         "| Mnemonic | Operands | Result | Effects | Rule | Meaning |\n"
                         "| --- | --- | --- | --- | --- | --- |\n",
                         row.group);
      continue;
    }
    const InstInfo &inst = info(*row.op);
    std::string result = inst.hasResult() ? kindText(inst.result) : "";
    out += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", inst.mnemonic, operandsText(inst),
                       cell(result), effectsText(inst.effects), inst.rule, cell(inst.doc));
  }
  out += "\n## Roles\n\n| Role | Text | Meaning |\n| --- | --- | --- |\n";
  for (Role role : kAllRoles)
    out += fmt::format("| {} | `{}` | {} |\n", roleName(role), cell(roleText(role).form),
                       cell(roleText(role).doc));
  out += "\n## Effects\n\n| Effect | Meaning |\n| --- | --- |\n";
  for (const EffectRow &row : kEffectRows)
    out += fmt::format("| {} | {} |\n", row.name, row.doc);
  return out;
}

} // namespace branchline::ir
