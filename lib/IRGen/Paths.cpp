// SET, APPEND TO and MODIFY with paths. The order of evaluation is that of R2.14: root, inner keys
// and steps, then value and leaf key in the order of the statement; the write comes last.
#include "FunctionGen.h"

namespace branchline::irgen {

using namespace syntax;
using ir::PathOpKind;

static std::string_view opText(PathOpKind op) {
  switch (op) {
  case PathOpKind::Set:
    return "SET";
  case PathOpKind::Append:
    return "APPEND TO";
  case PathOpKind::Modify:
    return "MODIFY";
  }
  BL_UNREACHABLE("path operation");
}

Operand FunctionGen::staticSegment(const Segment &segment) {
  return segment.kind == SegmentKind::Name
             ? ir::pathName(context_.module.internString(segment.name))
             : ir::pathIndex(numberConstant(*segment.index));
}

bool FunctionGen::isPlainKey(const Segment &segment) {
  if (!segment.key)
    return true;
  ExprKind kind = segment.key->kind;
  return kind == ExprKind::Identifier || kind == ExprKind::StringLiteral ||
         kind == ExprKind::NumberLiteral;
}

void FunctionGen::genPathKey(WritePath &path, const Segment &segment) {
  path.segments.push_back(segment.key ? ir::pathKey(genExpr(*segment.key))
                                      : staticSegment(segment));
}

/// Root, all segments but the last, and their checks. \returns nothing when the name can mean no
/// variable at all; then the error is already raised.
std::optional<FunctionGen::WritePath> FunctionGen::genPathInner(PathOpKind op,
                                                                const Access &target) {
  std::string_view name = cast<Identifier>(*target.base).name;
  WritePath path;
  path.chain = resolve(name);
  if (path.chain.empty()) {
    raise(TrapId::PathRootMissing, {opText(op), name});
    return std::nullopt;
  }
  ir::Loc place = b_.loc();
  path.position = emitOnChain(Op::VarFind, path.chain, {});
  ValueId raw = emitOnChain(Op::VarRead, path.chain, {ir::use(path.position)});
  path.root = b_.emit(Op::PathRoot, {ir::pathOp(op), ir::use(raw), b_.name(name)});
  size_t checked = 0;
  auto check = [&] {
    if (checked == path.segments.size())
      return;
    b_.setLoc(place);
    std::vector<Operand> operands{ir::pathOp(op), ir::use(path.root)};
    operands.insert(operands.end(), path.segments.begin(), path.segments.end());
    b_.emit(Op::PathCheck, std::move(operands));
    checked = path.segments.size();
  };
  for (const Segment &segment : target.segments.first(target.segments.size() - 1)) {
    // A key that can fail or have effects is evaluated after the steps before it.
    if (!isPlainKey(segment))
      check();
    genPathKey(path, segment);
  }
  check();
  return path;
}

std::vector<Operand> FunctionGen::writeOperands(const WritePath &path) {
  std::vector<Operand> operands(path.chain);
  operands.push_back(ir::use(path.position));
  operands.push_back(ir::use(path.root));
  operands.insert(operands.end(), path.segments.begin(), path.segments.end());
  return operands;
}

void FunctionGen::genSetPath(const SetPath &set) {
  std::optional<WritePath> path = genPathInner(PathOpKind::Set, *set.target);
  if (!path)
    return;
  ValueId value = genExpr(*set.value);
  genPathKey(*path, set.target->segments.back());
  at(set.token);
  std::vector<Operand> operands = writeOperands(*path);
  operands.push_back(ir::use(value));
  b_.emit(Op::SetPath, std::move(operands));
}

void FunctionGen::genAppendVar(const AppendVar &append) {
  std::string_view name = append.name.text;
  WritePath path;
  path.chain = resolve(name);
  if (path.chain.empty())
    return raise(TrapId::AppendUnbound, {name});
  path.position =
      emitOnChain(Op::VarRequire, path.chain, {ir::trap(TrapId::AppendUnbound), b_.name(name)});
  ValueId current = emitOnChain(Op::VarRead, path.chain, {ir::use(path.position)});
  path.root = b_.emit(Op::AppendList, {ir::use(current), b_.name(name)});
  ValueId init = ir::kNone;
  if (append.init) {
    // INIT is evaluated only when it is needed (R2.11.5).
    BlockId needed = b_.newBlock("init");
    BlockId ready = b_.newBlock("append", 1);
    BlockId present = b_.newBlock("noinit");
    b_.brNull(path.root, needed, present);
    b_.setBlock(present);
    branchTo(ready, b_.constNull());
    b_.setBlock(needed);
    ValueId list = genExpr(*append.init);
    at(append.token);
    b_.emit(Op::InitCheck, {ir::trap(TrapId::AppendInitKind), ir::use(list)});
    branchTo(ready, list);
    b_.setBlock(ready);
    init = b_.param(ready, 0);
  } else {
    init = b_.constNull();
  }
  ValueId value = genExpr(*append.value);
  at(append.token);
  std::vector<Operand> operands = writeOperands(path);
  operands.push_back(ir::use(init));
  operands.push_back(ir::use(value));
  b_.emit(Op::AppendPath, std::move(operands));
}

void FunctionGen::genAppendPath(const AppendPath &append) {
  std::optional<WritePath> path = genPathInner(PathOpKind::Append, *append.target);
  if (!path)
    return;
  genPathKey(*path, append.target->segments.back());
  at(append.token);
  std::vector<Operand> leaf{ir::pathOp(PathOpKind::Append), ir::use(path->root)};
  leaf.insert(leaf.end(), path->segments.begin(), path->segments.end());
  b_.emit(Op::PathLeaf, std::move(leaf));
  ValueId value = genExpr(*append.value);
  ValueId init = append.init ? genExpr(*append.init) : b_.constNull(); // always (2-Q10)
  at(append.token);
  if (append.init)
    b_.emit(Op::InitCheck, {ir::trap(TrapId::AppendPathInitKind), ir::use(init)});
  std::vector<Operand> operands = writeOperands(*path);
  operands.push_back(ir::use(init));
  operands.push_back(ir::use(value));
  b_.emit(Op::AppendPath, std::move(operands));
}

void FunctionGen::genModify(const Modify &modify) {
  std::string_view name = cast<Identifier>(*modify.target->base).name;
  ValueId updates = genFields(modify.updates, ir::KeyRule::Object, modify.token);
  at(modify.token);
  Chain chain = resolve(name);
  if (chain.empty())
    return raise(TrapId::ModifyRootMissing, {name});
  ValueId position = emitOnChain(Op::VarFind, chain, {});
  std::vector<Operand> operands(chain);
  operands.push_back(ir::use(position));
  for (const Segment &segment : modify.target->segments)
    operands.push_back(staticSegment(segment));
  operands.push_back(b_.name(name));
  operands.push_back(ir::use(updates));
  b_.emit(Op::ModifyPath, std::move(operands));
}

} // namespace branchline::irgen
