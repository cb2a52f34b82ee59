// Reading by a plan: objects and lists of which only parts are needed. What is not needed is
// skipped (JsonWalker-Skip.cpp).
#include "JsonWalker.h"

namespace branchline::format {

using runtime::Value;

/// \param place  null when nothing of the value is needed. \param kept  whether a value that is
///               not needed is pushed as null
JsonWalker::Started JsonWalker::startPlanned(KeyNode *owner, PlannedPlace *place, bool kept) {
  using Need = ReadPlan::Need;
  switch (place != nullptr ? place->plan().need : Need::Nothing) {
  case Need::Value:
    return startValue(owner);
  case Need::Text:
    return startText(owner);
  case Need::Nothing:
    if (!skipValue(owner))
      return Started::Failed;
    if (kept)
      values_.push(Value::null());
    return Started::Scalar;
  case Need::Parts:
    break;
  }
  const char c = peek();
  if (c == '{' && !place->isWhole())
    return startContainer(owner, place, ContainerKind::PlannedObject);
  if (c == '[')
    return startContainer(owner, place, ContainerKind::PlannedList);
  if (c == '{' || place->plan().scalars)
    return startValue(owner);
  if (!skipValue(owner))
    return Started::Failed;
  values_.push(Value::null());
  return Started::Scalar;
}

/// A value that only travels to the output: as text when the text is as we would write it.
JsonWalker::Started JsonWalker::startText(KeyNode *owner) {
  const char c = peek();
  if (c == 't' || c == 'f' || c == 'n')
    return startValue(owner);
  const uint32_t start = at_;
  const char *begin = text_ + (start < count_ ? index_[start] : 0);
  Passage passage;
  if (!skip<true>(owner, passage))
    return Started::Failed;
  constexpr uint64_t kMaxText = uint64_t(1) << 30;
  // When the tokens are as we write them, what can differ is the space between them.
  const char *last = text_ + index_[at_] - 1;
  while (*last == ' ' || *last == '\n' || *last == '\r' || *last == '\t')
    --last;
  const auto size = static_cast<uint64_t>(last + 1 - begin);
  if (passage.asWritten && passage.bytes == size && size <= kMaxText) {
    values_.push(Value::jsonText({begin, size}, static_cast<uint16_t>(passage.depth)));
    return Started::Scalar;
  }
  at_ = start;
  return startValue(owner);
}

bool JsonWalker::runPlannedList(bool resumed) {
  const Frame frame = frames_.back();
  const bool counted = frame.place->plan().counted;
  PlannedPlace *items = counted ? frame.place->items() : nullptr;
  for (;;) {
    if (!resumed) {
      const Started started = startPlanned(frame.owner, items, counted);
      if (started != Started::Scalar)
        return started == Started::Container;
    }
    resumed = false;
    switch (take()) {
    case ',':
      continue;
    case ']':
      return closeList(frames_.back());
    default:
      return fail();
    }
  }
}

bool JsonWalker::runPlannedObject(bool resumed) {
  const size_t here = frames_.size() - 1;
  KeyTree &tree = frames_[here].place->keys();
  KeyNode *node = frames_[here].node;
  for (;;) {
    if (!resumed) {
      if (peek() != '"')
        return fail();
      KeyNode *next = KeyTree::find(node, node->lastHit, text_ + index_[at_] + 1, end_);
      if (next != nullptr) {
        ++at_;
      } else {
        bool generic = false;
        next = newKey(tree, node, generic);
        if (generic)
          return buildWhole(frames_.back());
        if (next == nullptr)
          return false;
      }
      frames_[here].node = node = next;
      if (take() != ':')
        return fail();
      const Started started = startPlanned(next, next->place, next->kept);
      if (started != Started::Scalar)
        return started == Started::Container;
    }
    resumed = false;
    switch (take()) {
    case ',':
      continue;
    case '}':
      return closeShaped(frames_.back());
    default:
      return fail();
    }
  }
}

/// Starts again on an object whose keys are too many, or too different from those of others, to
/// know what belongs to the plan. It stays that way for this place of the plan.
bool JsonWalker::buildWhole(Frame &frame) {
  frame.place->makeWhole();
  values_.shrink(frame.base);
  at_ = frame.start + 1;
  frame.kind = ContainerKind::Shaped;
  frame.node = keys_.root();
  return runShaped(false);
}

} // namespace branchline::format
