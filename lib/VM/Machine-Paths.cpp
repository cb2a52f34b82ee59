// Path writes. Roots are taken out of where they are kept, so that what only the program's variable
// could see is changed in place. \rule R2.11.3-7
#include "Machine.h"

#include "branchline/Runtime/Ops.h"

#include <algorithm>
#include <array>

namespace branchline::vm {

using runtime::PathKey;
using runtime::PathOp;

/// The keys of a path with the computed ones taken from a window, where they stay.
class Machine::Keys {
public:
  Keys(const PathTemplate &path, const Machine &machine, const Value *window) : keys_(path.keys) {
    if (path.computed.empty())
      return;
    PathKey *copy = few_.data();
    if (path.keys.size() > few_.size()) {
      many_ = path.keys;
      copy = many_.data();
    } else {
      std::copy(path.keys.begin(), path.keys.end(), copy);
    }
    for (uint32_t position : path.computed)
      copy[position].key = &machine.known(*window++);
    keys_ = {copy, path.keys.size()};
  }
  Keys(const Keys &) = delete;
  Keys &operator=(const Keys &) = delete;
  operator std::span<const PathKey>() const { return keys_; }

private:
  std::span<const PathKey> keys_;
  std::array<PathKey, 8> few_;
  std::vector<PathKey> many_;
};

namespace {

PathOp pathOp(uint8_t x) { return x == 0 ? PathOp::Set : x == 1 ? PathOp::Append : PathOp::Modify; }

void dropKeys(const PathTemplate &path, Value *window) {
  for (size_t i = 0; i < path.computed.size(); ++i)
    putNull(window[i]);
}

} // namespace

// --- Checks ---

bool Machine::pathRoot(const Word *at, Value *base) {
  return done(runtime::checkPathRoot(pathOp(at->x), base[at->a], text(at->c)));
}

bool Machine::pathCheck(const Word *at, Value *base) {
  const Keys keys(paths_[at->c], *this, base + at->b);
  return done(runtime::checkPathInner(heap_, pathOp(at->x), known(base[at->a]), keys));
}

bool Machine::pathLeaf(const Word *at, Value *base) {
  const PathTemplate &path = paths_[at->c];
  if (path.keys.empty())
    return fail(runtime::makeTrap<TrapId::PathParentKind>());
  const Keys keys(path, *this, base + at->b);
  return done(runtime::checkPathLeaf(heap_, pathOp(at->x), known(base[at->a]), keys));
}

bool Machine::appendList(const Word *at, Value *base) {
  const Value &list = base[at->a];
  if (list.isList() || list.isNull())
    return true;
  return fail(runtime::makeTrap<TrapId::AppendVariableKind>(text(at->c)));
}

bool Machine::initCheck(const Word *at, Value *base) {
  const Value &init = known(base[at->a]);
  if (init.isList() || init.isNull())
    return true;
  if (static_cast<TrapId>(at->x) == TrapId::AppendInitKind)
    return fail(runtime::makeTrap<TrapId::AppendInitKind>());
  return fail(runtime::makeTrap<TrapId::AppendPathInitKind>(runtime::className(init)));
}

// --- Writes below a register ---

bool Machine::pathSet(const Word *at, Value *base) {
  const PathTemplate &path = paths_[at->c];
  if (path.keys.empty())
    return fail(runtime::makeTrap<TrapId::PathParentKind>());
  Value *window = base + at->b;
  Value value = take(window[path.computed.size()]);
  const Keys keys(path, *this, window);
  const bool written = done(runtime::setPath(heap_, base[at->a], keys, std::move(value)));
  dropKeys(path, window);
  return written;
}

bool Machine::pathAppend(const Word *at, Value *base) {
  const PathTemplate &path = paths_[at->c];
  Value *window = base + at->b;
  const Value init = take(window[path.computed.size()]);
  Value value = take(window[path.computed.size() + 1]);
  Value &root = base[at->a];
  if (root.isUnbound())
    putNull(root);
  const Keys keys(path, *this, window);
  const bool written = done(runtime::appendPath(heap_, root, keys, init, std::move(value)));
  dropKeys(path, window);
  return written;
}

bool Machine::pathModify(const Word *at, Value *base) {
  const Value updates = take(base[at->b]);
  if (!updates.isObject())
    return fail(runtime::makeTrap<TrapId::ModifyTargetKind>());
  // There is no window: a computed key, which no compiled program has here, reads as null.
  return done(runtime::modifyPath(heap_, base[at->a], text(static_cast<uint32_t>(at[1].wide())),
                                  paths_[at->c].keys, *updates.asObject()));
}

// --- Writes into shared variables ---

Value &Machine::variable(const Word *at, Value *base) const {
  if (at->x == 0)
    return base[at->a].object<runtime::CellObject>()->value;
  return base[-1].object<runtime::FunctionObject>()->cells()[at->a]->value;
}

/// Runs a write on the root as it was read before and puts it into the variable. The variable gives
/// up its reference meanwhile. Has the value expression changed the variable, the old root wins
/// when the write succeeds (R2.11.4).
bool Machine::commitToCell(Value &cell, Value root, const auto &write) {
  Value current = std::move(cell);
  const bool unchanged = current.sameObject(root);
  if (unchanged)
    current = Value();
  Result<void> written = write(root);
  cell = written || unchanged ? std::move(root) : std::move(current);
  return done(std::move(written));
}

bool Machine::cellPathSet(const Word *at, Value *base) {
  const PathTemplate &path = paths_[at->c];
  if (path.keys.empty())
    return fail(runtime::makeTrap<TrapId::PathParentKind>());
  Value *window = base + at->b;
  Value *operands = window + path.computed.size();
  Value value = take(operands[1]);
  const Keys keys(path, *this, window);
  const bool written = commitToCell(variable(at, base), take(operands[0]), [&](Value &root) {
    return runtime::setPath(heap_, root, keys, std::move(value));
  });
  dropKeys(path, window);
  return written;
}

bool Machine::cellPathAppend(const Word *at, Value *base) {
  const PathTemplate &path = paths_[at->c];
  Value *window = base + at->b;
  Value *operands = window + path.computed.size();
  const Value init = take(operands[1]);
  Value value = take(operands[2]);
  const Keys keys(path, *this, window);
  const bool written = commitToCell(variable(at, base), take(operands[0]), [&](Value &root) {
    return runtime::appendPath(heap_, root, keys, init, std::move(value));
  });
  dropKeys(path, window);
  return written;
}

bool Machine::cellPathModify(const Word *at, Value *base) {
  const Value updates = take(base[at->b]);
  if (!updates.isObject())
    return fail(runtime::makeTrap<TrapId::ModifyTargetKind>());
  return done(runtime::modifyPath(heap_, variable(at, base),
                                  text(static_cast<uint32_t>(at[1].wide())), paths_[at->c].keys,
                                  *updates.asObject()));
}

} // namespace branchline::vm
