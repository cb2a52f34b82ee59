// Containers: lists, sets, sequences and objects of both forms.
#include "JsonEmitter.h"

#include "Escape.h"
#include "SetOrder.h"

#include "branchline/Lang/Errors.h"
#include "branchline/Numeric/NumberText.h"
#include "branchline/Runtime/Iteration.h"
#include "branchline/Support/Utf8.h"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace branchline::format {

using runtime::Tag;
using runtime::Value;

namespace {

constexpr uint32_t kIndent = 4;
constexpr std::string_view kSpaces =
    "                                                                ";

} // namespace

bool JsonEmitter::fail(Error error) {
  error_ = std::move(error);
  return false;
}

std::optional<Error> JsonEmitter::takeError() { return std::exchange(error_, std::nullopt); }

std::string_view JsonEmitter::keyText(const Value &key, std::string &scratch) {
  if (key.isString())
    return key.text();
  otherKeys_ = true;
  scratch.clear();
  if (key.isInt())
    appendInt(scratch, key.asInt());
  else
    scratch = runtime::viewBigInt(key).toString();
  return scratch;
}

bool JsonEmitter::checkDepth(uint32_t depth) {
  return depth < options_.maxDepth || fail(error::make<error::Id::OutputDepth>(options_.maxDepth));
}

void JsonEmitter::lineBreak(uint32_t depth) {
  sink_.put('\n');
  for (size_t left = size_t(depth) * kIndent; left != 0;) {
    const size_t piece = std::min(left, kSpaces.size());
    sink_.put(kSpaces.substr(0, piece));
    left -= piece;
  }
}

void JsonEmitter::beforeItem(char bracket, bool first, uint32_t depth) {
  sink_.put(first ? bracket : ',');
  if (pretty())
    lineBreak(depth + 1);
}

void JsonEmitter::closeContainer(char bracket, uint32_t depth) {
  if (pretty())
    lineBreak(depth);
  sink_.put(bracket);
}

bool JsonEmitter::list(std::span<const Value> items, uint32_t depth) {
  if (!checkDepth(depth))
    return false;
  if (items.empty()) {
    sink_.put("[]");
    return true;
  }
  bool first = true;
  for (const Value &item : items) {
    beforeItem('[', first, depth);
    first = false;
    if (!value(item, depth + 1) || sink_.full())
      return false;
  }
  closeContainer(']', depth);
  return !sink_.full();
}

bool JsonEmitter::set(const Value &set, uint32_t depth) {
  if (!checkDepth(depth))
    return false;
  const std::span<const Value> items = std::as_const(*set.object<runtime::SetObject>()).items();
  if (items.empty()) {
    sink_.put("[]");
    return true;
  }
  bool first = true;
  for (const Value *item : orderedItems(items, options_.numbers, depth + 1)) {
    beforeItem('[', first, depth);
    first = false;
    if (!value(*item, depth + 1))
      return false;
  }
  closeContainer(']', depth);
  return !sink_.full();
}

bool JsonEmitter::sequence(const Value &sequence, uint32_t depth) {
  if (!checkDepth(depth))
    return false;
  const Value iterator = runtime::makeIterator(*sequence.header()->heap, sequence);
  bool first = true;
  while (std::optional<Value> item = runtime::nextItem(*sequence.header()->heap, iterator)) {
    beforeItem('[', first, depth);
    first = false;
    if (!value(*item, depth + 1) || sink_.full())
      return false;
  }
  if (first)
    sink_.put("[]");
  else
    closeContainer(']', depth);
  return !sink_.full();
}

bool JsonEmitter::object(const runtime::ObjectObject &object, uint32_t depth) {
  if (!checkDepth(depth))
    return false;
  if (object.size == 0) {
    sink_.put("{}");
    return true;
  }
  if (object.shape != nullptr)
    if (const KeyLayout *layout = layouts_.find(object.shape))
      return withLayout(object, *layout, depth);
  return withoutLayout(object, 0, depth);
}

bool JsonEmitter::withLayout(const runtime::ObjectObject &object, const KeyLayout &layout,
                             uint32_t depth) {
  for (uint32_t i = 0; i < object.size; ++i) {
    // A value inside may have pushed the layout out; the rest is written without.
    if (layout.shape != object.shape)
      return withoutLayout(object, i, depth);
    const KeyLayout::Key key = layout.keys[i];
    if (pretty())
      beforeItem('{', i == 0, depth);
    if (key.length <= KeyLayout::kPadding) {
      // The padding behind the last key makes copying a fixed number of bytes harmless.
      char *to = sink_.room(KeyLayout::kPadding);
      std::memcpy(to, layout.text.data() + key.offset, KeyLayout::kPadding);
      sink_.advance(key.length);
    } else {
      sink_.put(std::string_view(layout.text).substr(key.offset, key.length));
    }
    if (!value(object.values[key.slot], depth + 1) || sink_.full())
      return false;
  }
  closeContainer('}', depth);
  return !sink_.full();
}

/// One entry of an object without a layout.
bool JsonEmitter::member(const runtime::ObjectObject &object, uint32_t slot, bool first,
                         uint32_t depth) {
  beforeItem('{', first, depth);
  std::string scratch;
  const Value key = runtime::keyAt(object, slot);
  writeQuoted(sink_, keyText(key, scratch), options_.format);
  sink_.put(pretty() ? std::string_view(": ") : std::string_view(":"));
  return value(runtime::valueAt(object, slot), depth + 1) && !sink_.full();
}

/// The entries from the `from`-th in the order of writing on, and the closing brace.
bool JsonEmitter::withoutLayout(const runtime::ObjectObject &object, uint32_t from,
                                uint32_t depth) {
  if (canonical())
    return sorted(object, from, depth);
  for (uint32_t slot = from; slot < object.size; ++slot)
    if (!member(object, slot, slot == 0, depth))
      return false;
  closeContainer('}', depth);
  return !sink_.full();
}

/// The same in the order of the keys' UTF-16 units. \rule R5.5.1
bool JsonEmitter::sorted(const runtime::ObjectObject &object, uint32_t from, uint32_t depth) {
  std::vector<std::pair<std::string_view, uint32_t>> order;
  std::deque<std::string> integers; // the texts of keys that are none
  order.reserve(object.size);
  for (uint32_t slot = 0; slot < object.size; ++slot) {
    const Value key = runtime::keyAt(object, slot);
    // The object keeps the bytes of a text key alive.
    order.emplace_back(key.isString() ? key.text() : keyText(key, integers.emplace_back()), slot);
  }
  std::sort(order.begin(), order.end(), [](const auto &a, const auto &b) {
    const int compared = utf8::compareUtf16(a.first, b.first);
    return compared != 0 ? compared < 0 : a.second < b.second;
  });
  for (uint32_t i = from; i < object.size; ++i)
    if (!member(object, order[i].second, i == 0, depth))
      return false;
  closeContainer('}', depth);
  return !sink_.full();
}

} // namespace branchline::format
