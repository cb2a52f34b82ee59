// One function: its frame, its instructions by the roles of their fields, and its tables. Rules of
// single opcodes beyond their roles are in checkSpecifics.
#include "VerifierImpl.h"

#include "branchline/Lang/Traps.h"

#include <algorithm>
#include <numeric>

namespace branchline::bytecode {

namespace {

std::string_view classText(RegisterClass kind) {
  switch (kind) {
  case RegisterClass::Value:
    return "a value";
  case RegisterClass::Cell:
    return "a cell";
  case RegisterClass::Iterator:
    return "an iterator";
  }
  BL_UNREACHABLE("register class");
}

std::string_view constantText(Constant::Kind kind) {
  switch (kind) {
  case Constant::Kind::Null:
    return "null";
  case Constant::Kind::Bool:
    return "a boolean";
  case Constant::Kind::Int:
  case Constant::Kind::BigInt:
    return "an integer";
  case Constant::Kind::Float:
    return "a float";
  case Constant::Kind::Decimal:
    return "a decimal";
  case Constant::Kind::String:
    return "a string";
  }
  BL_UNREACHABLE("kind of constant");
}

} // namespace

bool FunctionVerifier::run() {
  return checkSignature() && checkBoundaries() && checkCode() && checkTables();
}

bool FunctionVerifier::checkSignature() {
  if (!verifier_.checkCount(fn_.registers.size(), kRegisterLimit) ||
      !verifier_.checkCount(fn_.params.size(), kParamLimit) ||
      !verifier_.checkCount(fn_.code.size(), kWordLimit))
    return false;
  runEnds_.resize(fn_.registers.size());
  for (size_t i = fn_.registers.size(); i-- > 0;) {
    const bool runsOn = i + 1 < runEnds_.size() && fn_.registers[i] == fn_.registers[i + 1];
    runEnds_[i] = runsOn ? runEnds_[i + 1] : static_cast<uint32_t>(i + 1);
  }
  for (size_t i = 0; i < fn_.params.size(); ++i) {
    const uint16_t reg = fn_.params[i];
    if (!verifier_.checkIndex("register", reg, fn_.registers.size()))
      return false;
    if (fn_.registers[reg] != RegisterClass::Value)
      return fail<error::Id::VerifyParameter>(i, reg, classText(fn_.registers[reg]));
  }
  if (fn_.kind == FunctionKind::Transform && !fn_.params.empty())
    return fail<error::Id::VerifySignature>(kindText(fn_.kind), "parameters", fn_.params.size());
  if (fn_.kind != FunctionKind::Lambda && fn_.captures != 0)
    return fail<error::Id::VerifySignature>(kindText(fn_.kind), "captures", fn_.captures);
  return !fn_.code.empty() || fail<error::Id::VerifyNoCode>();
}

/// Finds where instructions start, before labels are looked at.
bool FunctionVerifier::checkBoundaries() {
  starts_.assign(fn_.code.size(), false);
  bool ends = false;
  for (size_t i = 0; i < fn_.code.size();) {
    pc_ = static_cast<uint32_t>(i);
    const Word &word = fn_.code[i];
    if (word.op >= kOps.size())
      return fail<error::Id::VerifyOpcode>(word.op);
    const Op op = static_cast<Op>(word.op);
    if (op == Op::Ext)
      return fail<error::Id::VerifyStrayExtension>();
    starts_[i] = true;
    if (info(op).hasExt()) {
      const bool found = i + 1 < fn_.code.size() && static_cast<Op>(fn_.code[i + 1].op) == Op::Ext;
      if (!found)
        return fail<error::Id::VerifyNoExtension>(info(op).mnemonic);
    }
    ends = (info(op).effects & Ends) != 0;
    i += lengthOf(op);
  }
  return ends || fail<error::Id::VerifyEnd>();
}

bool FunctionVerifier::checkCode() {
  resumed_.assign(fn_.resumePoints.size(), false);
  for (size_t i = 0; i < fn_.code.size(); i += lengthOf(op_)) {
    pc_ = static_cast<uint32_t>(i);
    op_ = static_cast<Op>(fn_.code[i].op);
    if (!checkInstruction(&fn_.code[i]))
      return false;
  }
  return true;
}

bool FunctionVerifier::checkInstruction(const Word *at) {
  if (!checkUnused(at))
    return false;
  const OperandList operands = operandsOf(at);
  // Tables first: windows are computed from what they say.
  for (const Operand &operand : operands)
    if (operand.role == Role::Layout || operand.role == Role::Path) {
      const bool isPath = operand.role == Role::Path;
      if (!verifier_.checkIndex(isPath ? "path" : "layout", static_cast<uint64_t>(operand.value),
                                isPath ? program_.paths.size() : program_.layouts.size()))
        return false;
    } else if (operand.role == Role::Function &&
               !checkFunction(static_cast<uint64_t>(operand.value))) {
      return false;
    }
  for (const Operand &operand : operands)
    if (!checkOperand(operand, operands))
      return false;
  return checkSpecifics(operands);
}

bool FunctionVerifier::checkUnused(const Word *at) {
  const OpInfo &row = info(op_);
  struct {
    Role role;
    unsigned value;
    std::string_view name;
  } const fields[] = {{row.x, at->x, "x"},
                      {row.a, at->a, "a"},
                      {row.b, at->b, "b"},
                      {isWide(row.b) ? row.b : row.c, at->c, "c"}};
  for (const auto &field : fields)
    if (field.role == Role::None && field.value != 0)
      return fail<error::Id::VerifyUnused>(row.mnemonic, field.name, field.value);
  if (row.hasExt() && (at[1].x != 0 || at[1].a != 0))
    return fail<error::Id::VerifyUnused>(row.mnemonic, "x and a of its extension",
                                         at[1].x != 0 ? at[1].x : at[1].a);
  return true;
}

bool FunctionVerifier::checkOperand(const Operand &operand, const OperandList &all) {
  const auto value = static_cast<uint64_t>(operand.value);
  switch (operand.role) {
  case Role::None:
  case Role::Count: // with its window
  case Role::Imm:
  case Role::WideImm:
  case Role::Layout: // before the others
  case Role::Path:
  case Role::Function:
    return true;
  case Role::Def:
  case Role::Use:
  case Role::Take:
  case Role::UseDef:
    return checkRegister(value, RegisterClass::Value);
  case Role::DefCell:
  case Role::UseCell:
    return checkRegister(value, RegisterClass::Cell);
  case Role::DefIter:
  case Role::UseIter:
    return checkRegister(value, RegisterClass::Iterator);
  case Role::Capture:
    return verifier_.checkIndex("capture", value, fn_.captures);
  case Role::Variable:
    return all.valueOf(Role::VarKind) == 0 ? checkRegister(value, RegisterClass::Cell)
                                           : verifier_.checkIndex("capture", value, fn_.captures);
  case Role::Const:
  case Role::WideConst:
    return verifier_.checkIndex("constant", value, program_.constants.size());
  case Role::Name:
  case Role::WideName:
    return checkConstantIs(value, &ProgramVerifier::isString, "a string");
  case Role::OptName:
    return value == kNoIndex || checkConstantIs(value, &ProgramVerifier::isString, "a string");
  case Role::OptFunction:
    return value == kNoIndex || checkFunction(value);
  case Role::Import:
    return checkImport(value);
  case Role::Window:
    return checkWindow(value, static_cast<uint64_t>(all.valueOf(Role::Count)),
                       RegisterClass::Value);
  case Role::WindowCall:
    return checkWindow(value, static_cast<uint64_t>(all.valueOf(Role::Count)) + 1,
                       RegisterClass::Value);
  case Role::WindowOfLayout:
    return checkWindow(value,
                       verifier_.layoutWindow(static_cast<uint32_t>(all.valueOf(Role::Layout))),
                       RegisterClass::Value);
  case Role::WindowOfCells:
    return checkWindow(
        value, program_.functions[static_cast<size_t>(all.valueOf(Role::Function))].captures,
        RegisterClass::Cell);
  case Role::WindowKept:
    return checkPathWindow(value, all, 0);
  case Role::WindowOfPath1:
    return checkPathWindow(value, all, 1);
  case Role::WindowOfPath2:
    return checkPathWindow(value, all, 2);
  case Role::WindowOfPath3:
    return checkPathWindow(value, all, 3);
  case Role::KeyRule:
    return checkChoice(value, 2, "key rule");
  case Role::PathOp:
    return checkChoice(value, 3, "path operation");
  case Role::IterKind:
    return checkChoice(value, 2, "kind of iteration");
  case Role::TrapId:
    return checkChoice(value, kTraps.size(), "trap");
  case Role::VarKind:
    return checkChoice(value, 2, "kind of variable");
  case Role::Negate:
    return checkChoice(value, 2, "negation");
  case Role::Label:
  case Role::Label16:
  case Role::WideLabel:
    return checkLabel(operand.value);
  case Role::ResumePoint:
    return checkResume(value);
  }
  BL_UNREACHABLE("role");
}

bool FunctionVerifier::checkRegister(uint64_t reg, RegisterClass expected) {
  if (!verifier_.checkIndex("register", reg, fn_.registers.size()))
    return false;
  const RegisterClass found = fn_.registers[reg];
  return found == expected || fail<error::Id::VerifyRegister>(
                                  info(op_).mnemonic, reg, classText(found), classText(expected));
}

bool FunctionVerifier::checkWindow(uint64_t first, uint64_t count, RegisterClass expected) {
  if (first + count > fn_.registers.size())
    return fail<error::Id::VerifyWindow>(info(op_).mnemonic, count, first, fn_.registers.size());
  if (count == 0)
    return true;
  // The first register of another class, if there is one, is where the run of equal ones ends.
  return checkRegister(first, expected) &&
         (runEnds_[first] >= first + count || checkRegister(runEnds_[first], expected));
}

bool FunctionVerifier::checkPathWindow(uint64_t first, const OperandList &all, unsigned more) {
  const auto path = static_cast<uint32_t>(all.valueOf(Role::Path));
  return checkWindow(first, uint64_t(verifier_.pathKeys(path)) + more, RegisterClass::Value);
}

bool FunctionVerifier::checkConstantIs(uint64_t constant,
                                       bool (ProgramVerifier::*is)(uint32_t) const,
                                       std::string_view expected) {
  if (!verifier_.checkIndex("constant", constant, program_.constants.size()))
    return false;
  return (verifier_.*is)(static_cast<uint32_t>(constant)) ||
         fail<error::Id::VerifyOperandConstant>(info(op_).mnemonic, constant,
                                                constantText(program_.constants[constant].kind),
                                                expected);
}

bool FunctionVerifier::checkChoice(uint64_t value, size_t count, std::string_view what) {
  return value < count || fail<error::Id::VerifyChoice>(info(op_).mnemonic, value, what);
}

/// Closures are made of lambdas, everything else names a FUNC: only lambdas have captured cells.
bool FunctionVerifier::checkFunction(uint64_t function) {
  if (!verifier_.checkIndex("function", function, program_.functions.size()))
    return false;
  const FunctionKind expected = op_ == Op::ClosureNew ? FunctionKind::Lambda : FunctionKind::Func;
  const FunctionKind found = program_.functions[function].kind;
  return found == expected || fail<error::Id::VerifyCallee>(info(op_).mnemonic, function,
                                                            kindText(found), kindText(expected));
}

bool FunctionVerifier::checkImport(uint64_t import) {
  if (!verifier_.checkIndex("import", import, program_.imports.size()))
    return false;
  auto text = [](bool host) { return std::string_view(host ? "host" : "library"); };
  const bool expected = op_ == Op::CallHost;
  const bool found = program_.imports[import].kind == Import::Kind::Host;
  return found == expected ||
         fail<error::Id::VerifyImport>(info(op_).mnemonic, program_.imports[import].name,
                                       text(found), text(expected));
}

bool FunctionVerifier::checkLabel(int64_t distance) {
  const int64_t target = int64_t(pc_) + lengthOf(op_) + distance;
  return (target >= 0 && startsInstruction(static_cast<uint64_t>(target))) ||
         fail<error::Id::VerifyJump>(info(op_).mnemonic, target);
}

bool FunctionVerifier::checkResume(uint64_t point) {
  if (!verifier_.checkIndex("resume point", point, fn_.resumePoints.size()))
    return false;
  if (fn_.resumePoints[point].pc != pc_)
    return fail<error::Id::VerifyResume>(point, fn_.resumePoints[point].pc);
  resumed_[point] = true;
  return true;
}

bool FunctionVerifier::checkRaise(const OperandList &all) {
  const TrapRow &row = kTraps[static_cast<size_t>(all.valueOf(Role::TrapId))];
  size_t given = 0;
  bool gap = false, hole = false;
  for (const Operand &operand : all)
    if (operand.role == Role::OptName) {
      const bool present = operand.value != kNoIndex;
      gap = gap || (present && hole);
      hole = hole || !present;
      given += present;
    }
  const size_t places = error::countArguments(row.format);
  return (given == places && !gap) || fail<error::Id::VerifyRaise>(given, places, row.name);
}

/// What roles do not say.
bool FunctionVerifier::checkSpecifics(const OperandList &all) {
  if (op_ == Op::Raise)
    return checkRaise(all);
  if (op_ == Op::GetIndex || op_ == Op::Wait)
    return checkConstantIs(
        static_cast<uint64_t>(all.valueOf(op_ == Op::Wait ? Role::WideConst : Role::Const)),
        &ProgramVerifier::isIndex, "a non-negative integer");
  if (op_ == Op::PathLeaf || op_ == Op::PathSet || op_ == Op::CellPathSet) {
    const auto path = static_cast<size_t>(all.valueOf(Role::Path));
    return !program_.paths[path].segments.empty() ||
           fail<error::Id::VerifyPath>(info(op_).mnemonic, path);
  }
  const bool isOutput = op_ == Op::OutputAdd || op_ == Op::OutputEmit || op_ == Op::OutputMark ||
                        op_ == Op::OutputRewind;
  return !isOutput || fn_.kind == FunctionKind::Transform ||
         fail<error::Id::VerifyOutput>(info(op_).mnemonic, kindText(fn_.kind));
}

// --- Tables of the function ---

bool FunctionVerifier::checkTables() {
  return checkHandlers() && checkResumePoints() && checkLines() && checkInlineSites() &&
         checkSiteEntries();
}

bool FunctionVerifier::checkHandlers() {
  if (!verifier_.checkCount(fn_.handlers.size(), kHandlerLimit))
    return false;
  for (size_t i = 0; i < fn_.handlers.size(); ++i) {
    const HandlerRegion &region = fn_.handlers[i];
    pc_ = region.begin;
    if (region.begin >= region.end || !startsInstruction(region.begin) ||
        (region.end != fn_.code.size() && !startsInstruction(region.end)))
      return fail<error::Id::VerifyRegion>(i, region.begin, region.end);
    if (!startsInstruction(region.target))
      return fail<error::Id::VerifyHandler>(i, region.target);
    if (region.target >= region.begin && region.target < region.end)
      return fail<error::Id::VerifyHandlerInside>(i);
  }
  return checkNesting();
}

/// Regions are nested or apart, and inner ones stand before outer ones, so that none is hidden.
bool FunctionVerifier::checkNesting() {
  const auto &regions = fn_.handlers;
  std::vector<size_t> order(regions.size());
  std::iota(order.begin(), order.end(), size_t(0));
  // Outer regions first; of equal ones the later row is the outer one.
  std::sort(order.begin(), order.end(), [&regions](size_t a, size_t b) {
    const HandlerRegion &left = regions[a], &right = regions[b];
    if (left.begin != right.begin)
      return left.begin < right.begin;
    return left.end != right.end ? left.end > right.end : a > b;
  });
  std::vector<size_t> open;
  for (size_t i : order) {
    while (!open.empty() && regions[open.back()].end <= regions[i].begin)
      open.pop_back();
    if (!open.empty() && (regions[open.back()].end < regions[i].end || open.back() < i)) {
      pc_ = regions[i].begin;
      return fail<error::Id::VerifyNesting>(std::min(open.back(), i), std::max(open.back(), i));
    }
    open.push_back(i);
  }
  return true;
}

bool FunctionVerifier::checkResumePoints() {
  if (!verifier_.checkCount(fn_.resumePoints.size(), kResumeLimit))
    return false;
  for (size_t i = 0; i < fn_.resumePoints.size(); ++i) {
    const ResumePoint &point = fn_.resumePoints[i];
    pc_ = point.pc;
    if (!resumed_[i])
      return fail<error::Id::VerifyResume>(i, point.pc);
    const bool ascending =
        std::adjacent_find(point.live.begin(), point.live.end(),
                           [](uint16_t a, uint16_t b) { return a >= b; }) == point.live.end();
    if (!ascending || (!point.live.empty() && point.live.back() >= fn_.registers.size()))
      return fail<error::Id::VerifyLive>(i);
  }
  return true;
}

bool FunctionVerifier::checkLines() {
  if (!verifier_.checkCount(fn_.lines.size(), kLineLimit))
    return false;
  for (size_t i = 0; i < fn_.lines.size(); ++i) {
    const LineEntry &entry = fn_.lines[i];
    pc_ = entry.pc;
    if (!startsInstruction(entry.pc) || (i > 0 && fn_.lines[i - 1].pc >= entry.pc))
      return fail<error::Id::VerifyLine>(i, entry.pc);
    if (!checkPlace("line entry", i, entry.at))
      return false;
  }
  return true;
}

bool FunctionVerifier::checkPlace(std::string_view what, size_t row, LineColumn at) {
  const bool nowhere = at.line == 0 && at.column == 0;
  const bool inText = at.line != 0 && at.column != 0 &&
                      (program_.source.empty() || at.line <= verifier_.lineCount());
  return nowhere || inText || fail<error::Id::VerifyPlace>(what, row, at.line, at.column);
}

/// Who walks from a site to those around it comes to an end after a few steps.
bool FunctionVerifier::checkInlineSites() {
  if (!verifier_.checkCount(fn_.inlineSites.size(), kInlineSiteLimit))
    return false;
  pc_ = 0;
  std::vector<uint8_t> depths(fn_.inlineSites.size());
  for (size_t i = 0; i < depths.size(); ++i) {
    const InlineSite &site = fn_.inlineSites[i];
    if (!verifier_.checkIndex("function", site.callee, program_.functions.size()))
      return false;
    if (const FunctionKind kind = program_.functions[site.callee].kind;
        kind == FunctionKind::Transform)
      return fail<error::Id::VerifySiteCallee>(i, site.callee, kindText(kind));
    if (site.parent != kNoSite && site.parent >= i)
      return fail<error::Id::VerifySiteParent>(i, site.parent);
    depths[i] = static_cast<uint8_t>(site.parent == kNoSite ? 1 : depths[site.parent] + 1);
    if (depths[i] > kMaxInlineDepth)
      return fail<error::Id::VerifySiteNesting>(i, kMaxInlineDepth);
    if (!checkPlace("inlined call", i, site.at))
      return false;
  }
  return true;
}

bool FunctionVerifier::checkSiteEntries() {
  if (!verifier_.checkCount(fn_.siteEntries.size(), kSiteEntryLimit))
    return false;
  for (size_t i = 0; i < fn_.siteEntries.size(); ++i) {
    const SiteEntry &entry = fn_.siteEntries[i];
    pc_ = entry.pc;
    if (!startsInstruction(entry.pc) || (i > 0 && fn_.siteEntries[i - 1].pc >= entry.pc))
      return fail<error::Id::VerifySiteEntry>(i, entry.pc);
    if (entry.site != kNoSite &&
        !verifier_.checkIndex("inlined call", entry.site, fn_.inlineSites.size()))
      return false;
  }
  return true;
}

} // namespace branchline::bytecode
