// Reading by a plan: objects and lists of which only parts are needed. What is not needed is
// skipped (JsonWalker-Skip.cpp), what is needed whole is built (JsonWalker.cpp). Plans are shallow,
// so the machine stack serves for their places.
#include "JsonNumber.h"
#include "JsonWalker.h"

namespace branchline::format {

using runtime::Value;

namespace {

/// Longest text that passes as it is.
constexpr uint64_t kMaxPassing = uint64_t(1) << 30;

} // namespace

bool JsonWalker::readNull(bool kept) {
  if (!isPlainNull())
    return false;
  ++at_;
  if (kept)
    values_.push(Value::null());
  return true;
}

/// The scalars that objects are full of, without a call. False when the value is another one.
[[gnu::always_inline]] inline bool JsonWalker::readScalar(ReadPlan::Need need, bool kept) {
  using Need = ReadPlan::Need;
  const char c = peek();
  if (need == Need::Value && (c == '-' || isDigit(c)))
    return shortNumber();
  if (c == 'n' && need != Need::Parts)
    return readNull(kept);
  if (c != '"' || need == Need::Value || need == Need::Parts || !isPlainString())
    return false;
  const char *begin = text_ + index_[at_];
  const auto size = static_cast<uint64_t>(text_ + index_[at_ + 1] - begin);
  if (size > kMaxPassing)
    return false;
  ++at_;
  if (need == Need::Text)
    values_.push(Value::jsonText({begin, size}, 0));
  else if (kept)
    values_.push(Value::null());
  return true;
}

/// A value at a place of the plan.
/// \param place  null when nothing of it is needed. \param kept  whether a value that is not needed
///               is pushed as null
bool JsonWalker::readNeeded(KeyNode *owner, ReadPlan::Need need, PlannedPlace *place, bool kept) {
  using Need = ReadPlan::Need;
  switch (need) {
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
  if (passage.asWritten && size <= kMaxPassing) {
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
  const ReadPlan::Need need = items != nullptr ? items->need() : ReadPlan::Need::Nothing;
  ++planDepth_;
  for (;;) {
    if (!readScalar(need, counted) && !readNeeded(owner, need, items, counted))
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
  if (at_ + 1 < count_ && text_[index_[at_ + 1]] == '}') {
    at_ += 2;
    values_.push(heap_.object());
    return true;
  }
  const uint32_t start = at_;
  const size_t base = values_.size();
  KeyTree &tree = place.keys();
  KeyNode *node = tree.root();
  ++planDepth_;
  for (;;) {
    // Here are the opening brace or a comma, or the closing brace behind the last value.
    KeyNode *next = node->lastHit;
    if (next != nullptr && next->lead.matches(text_ + index_[at_], end_)) [[likely]] {
      at_ += KeyLead::kTokens;
    } else {
      const char c = peek();
      if (c == '}' && node != tree.root()) {
        ++at_;
        --planDepth_;
        return pushShaped(base, *node->shape);
      }
      bool generic = false;
      next = readKey(tree, node, next, generic);
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
        return failure_ == WalkFailure::None ? fail() : false;
    }
    node = next;
    if (!readScalar(node->need, node->kept) &&
        !readNeeded(node, node->need, node->place, node->kept))
      return failure_ == WalkFailure::None ? fail() : false;
  }
}

} // namespace branchline::format
