// Reading by a plan: objects and lists of which only parts are needed. What is not needed is
// skipped (JsonWalker-Skip.cpp), what is needed whole is built (JsonWalker.cpp). Plans are shallow,
// so the machine stack serves for their places.
#include "JsonWalker.h"

namespace branchline::format {

using runtime::Value;

/// \param place  null when nothing of the value is needed. \param kept  whether a value that is
///               not needed is pushed as null
bool JsonWalker::readNeeded(KeyNode *owner, PlannedPlace *place, bool kept) {
  using Need = ReadPlan::Need;
  switch (place != nullptr ? place->need() : Need::Nothing) {
  case Need::Value:
    return readWhole(owner);
  case Need::Text:
    return readText(owner);
  case Need::Nothing:
    if (!skipValue(owner))
      return false;
    if (kept)
      values_.push(Value::null());
    return true;
  case Need::Parts:
    break;
  }
  const char c = peek();
  if (c == '{')
    return readPlannedObject(owner, *place);
  if (c == '[')
    return readPlannedList(owner, *place);
  if (place->plan().scalars)
    return readWhole(owner);
  if (!skipValue(owner))
    return false;
  values_.push(Value::null());
  return true;
}

/// A value that only travels to the output: as text when the text is as we would write it.
bool JsonWalker::readText(KeyNode *owner) {
  constexpr uint64_t kMaxText = uint64_t(1) << 30;
  const char c = peek();
  if (c == 't' || c == 'f' || c == 'n')
    return readWhole(owner);
  const uint32_t start = at_;
  const char *begin = text_ + (start < count_ ? index_[start] : 0);
  Passage passage;
  if (!measure(owner, passage))
    return false;
  const char *last = text_ + index_[at_] - 1;
  while (*last == ' ' || *last == '\n' || *last == '\r' || *last == '\t')
    --last;
  const auto size = static_cast<uint64_t>(last + 1 - begin);
  if (passage.asWritten && size <= kMaxText) {
    values_.push(Value::jsonText({begin, size}, static_cast<uint16_t>(passage.depth)));
    return true;
  }
  at_ = start;
  return readWhole(owner);
}

bool JsonWalker::readPlannedList(KeyNode *owner, PlannedPlace &place) {
  if (depth() >= options_.maxDepth)
    return fail();
  ++at_;
  if (peek() == ']') {
    ++at_;
    values_.push(heap_.list());
    return true;
  }
  const size_t base = values_.size();
  const bool counted = place.plan().counted;
  PlannedPlace *items = counted ? place.items() : nullptr;
  ++planDepth_;
  for (;;) {
    if (!readNeeded(owner, items, counted))
      return false;
    const char next = take();
    if (next == ',')
      continue;
    --planDepth_;
    return next == ']' ? pushList(base) : fail();
  }
}

bool JsonWalker::readPlannedObject(KeyNode *owner, PlannedPlace &place) {
  if (place.isWhole())
    return readWhole(owner);
  if (depth() >= options_.maxDepth)
    return fail();
  const uint32_t start = at_++;
  if (peek() == '}') {
    ++at_;
    values_.push(heap_.object());
    return true;
  }
  const size_t base = values_.size();
  KeyTree &tree = place.keys();
  KeyNode *node = tree.root();
  ++planDepth_;
  for (;;) {
    if (peek() != '"')
      return fail();
    KeyNode *next = KeyTree::find(node, node->lastHit, text_ + index_[at_] + 1, end_);
    if (next != nullptr) {
      ++at_;
    } else {
      bool generic = false;
      next = newKey(tree, node, generic);
      if (generic) {
        // The keys are too many, or too different from those of other objects, to know what
        // belongs to the plan. It stays that way for this place.
        --planDepth_;
        place.makeWhole();
        values_.shrink(base);
        at_ = start;
        return readWhole(owner);
      }
      if (next == nullptr)
        return false;
    }
    node = next;
    if (take() != ':' || !readNeeded(node, node->place, node->kept))
      return failure_ == WalkFailure::None ? fail() : false;
    const char behind = take();
    if (behind == ',')
      continue;
    --planDepth_;
    return behind == '}' ? pushShaped(base, *node->shape) : fail();
  }
}

} // namespace branchline::format
