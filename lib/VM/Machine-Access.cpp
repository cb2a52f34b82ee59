// Making and reading containers, and iterators.
#include "Machine.h"

#include "branchline/Runtime/Builtins.h"
#include "branchline/Runtime/Iteration.h"
#include "branchline/Runtime/Ops.h"

namespace branchline::vm {

using runtime::ObjectObject;
using runtime::Shape;
using runtime::Symbol;

namespace {

void bindWindow(Value *window, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (window[i].isUnbound())
      putNull(window[i]);
}

bool mayBeKey(const Value &value) {
  return value.isString() || value.isInt() || value.is(Tag::BigInt);
}

} // namespace

// --- Making ---

bool Machine::inputGet(const Word *at, Value *base) {
  const auto name = static_cast<uint32_t>(at->wide());
  const Value *found = nullptr;
  if (context_->input.isObject()) {
    const ObjectObject &input = *context_->input.asObject();
    const Symbol *key = symbol(name);
    found = key ? runtime::findField(input, key) : runtime::findField(heap_, input, text(name));
  }
  if (found)
    putCopy(base[at->a], *found);
  else
    putUnbound(base[at->a]);
  return true;
}

bool Machine::sharedHandle(const Word *at, Value *base) {
  putValue(base[at->a], heap_.handle(text(static_cast<uint32_t>(at->wide()))));
  return true;
}

bool Machine::listNew(const Word *at, Value *base) {
  Value made = heap_.list(at->c);
  runtime::ListObject &list = *made.list();
  for (uint32_t i = 0; i < at->c; ++i)
    setBits(list.data[i], takeBits(base[at->b + i]));
  list.size = at->c;
  putValue(base[at->a], std::move(made));
  return true;
}

bool Machine::listPush(const Word *at, Value *base) {
  Value item = take(base[at->b]);
  Value &list = base[at->a];
  if (!list.isList())
    return fail(runtime::makeTrap<TrapId::AppendPathKind>(runtime::className(list)));
  if (!list.isUnique())
    list = runtime::copyList(heap_, *list.list(), 1);
  return done(runtime::append(heap_, *list.list(), std::move(item)));
}

bool Machine::keyCheck(const Word *at, Value *base) {
  const Value &key = known(base[at->a]);
  return done(at->x == 0 ? runtime::checkComputedKey(key) : runtime::checkObjectKey(key));
}

/// Finds out once whether objects of a layout can be made in one go.
const LayoutPlan &Machine::planOf(uint32_t layout) {
  LayoutPlan &plan = layouts_[layout];
  if (plan.state != LayoutPlan::State::Unknown)
    return plan;
  plan.state = LayoutPlan::State::KeyByKey;
  const std::vector<uint32_t> &keys = program_.layouts[layout].keys;
  if (keys.size() > runtime::kMaxShapeKeys)
    return plan;
  const Shape *shape = heap_.emptyShape();
  for (uint32_t key : keys) {
    if (key == bytecode::kComputedKey ||
        program_.constants[key].kind != bytecode::Constant::Kind::String)
      return plan;
    const Symbol *name = symbol(key);
    if (!name || runtime::shapeSlot(*shape, name) != runtime::kNoSlot)
      return plan;
    shape = heap_.extend(shape, name);
    if (!shape)
      return plan;
  }
  plan = {LayoutPlan::State::Shaped, shape};
  return plan;
}

bool Machine::objectNew(const Word *at, Value *base) {
  Value *window = base + at->b;
  const std::vector<uint32_t> &keys = program_.layouts[at->c].keys;
  const LayoutPlan &plan = planOf(at->c);
  if (plan.state == LayoutPlan::State::Shaped) {
    bindWindow(window, keys.size());
    putValue(base[at->a], runtime::objectOfShape(heap_, plan.shape, {window, keys.size()}));
    return true;
  }
  Value object = heap_.object();
  for (uint32_t literal : keys) {
    Value key = literal == bytecode::kComputedKey ? take(*window++) : constant(literal);
    Value value = take(*window++);
    if (!mayBeKey(key))
      return done(runtime::checkComputedKey(key));
    if (!done(runtime::setKey(heap_, *object.asObject(), key, std::move(value))))
      return false;
  }
  putValue(base[at->a], std::move(object));
  return true;
}

// --- Reading ---

/// GetName and GetText when the cache does not know the shape.
bool Machine::member(const Word *at, Value *base, NameCache &cache) {
  const Value &from = known(base[at->b]);
  const Symbol *key = from.isObject() ? symbol(at->c) : nullptr;
  if (!key)
    return store(base[at->a], static_cast<bytecode::Op>(at->op) == bytecode::Op::GetName
                                  ? runtime::getName(heap_, from, text(at->c))
                                  : runtime::getKey(heap_, from, constant(at->c)));
  const ObjectObject &object = *from.asObject();
  const Value *found = runtime::findField(object, key);
  if (object.shape)
    cache = {object.shape, found ? static_cast<uint32_t>(found - object.values) : runtime::kNoSlot};
  if (found)
    putCopy(base[at->a], *found);
  else
    putNull(base[at->a]);
  return true;
}

bool Machine::getIndex(const Word *at, Value *base) {
  return store(base[at->a], runtime::getStaticIndex(heap_, known(base[at->b]), constant(at->c)));
}

bool Machine::getKey(const Word *at, Value *base) {
  return store(base[at->a], runtime::getKey(heap_, known(base[at->b]), known(base[at->c])));
}

// --- Iterators ---

bool Machine::iterNew(const Word *at, Value *base) {
  const Value &from = known(base[at->b]);
  if (from.isList()) {
    putListIterator(base[at->a], from);
    return true;
  }
  if (runtime::isIterable(from)) {
    putValue(base[at->a], runtime::makeIterator(heap_, from));
    return true;
  }
  if (at->x == 0)
    return fail(runtime::makeTrap<TrapId::ForEachKind>());
  return fail(runtime::makeTrap<TrapId::ComprehensionKind>());
}

bool Machine::rangeNew(const Word *at, Value *base) {
  Result<runtime::RangeBounds> bounds =
      runtime::rangeBounds(known(base[at->b]), known(base[at->c]));
  if (!bounds)
    return fail(std::move(bounds).error());
  putRange(base[at->a], bounds->first, bounds->count, bounds->down);
  return true;
}

/// The next item of whatever an iterator register holds. \returns false at the end
bool Machine::iterNext(Value &iterator, Value &to) {
  if (iterator.isList()) {
    const Value *item = nextOfList(iterator);
    if (item)
      putCopy(to, *item);
    return item != nullptr;
  }
  if (iterator.isInt()) {
    int64_t number = 0;
    const bool more = nextOfRange(iterator, number);
    if (more)
      putInt(to, number);
    return more;
  }
  if (!iterator.is(Tag::Iterator))
    return false;
  std::optional<Value> item = runtime::nextItem(heap_, iterator);
  if (item)
    putValue(to, std::move(*item));
  return item.has_value();
}

} // namespace branchline::vm
