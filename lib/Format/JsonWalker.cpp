// Containers and keys; scalars are in JsonWalker-Scalars.cpp. Open containers are frames on a stack
// of our own, so nesting costs no machine stack. Each run* function goes on until its container is
// closed or another one is opened inside it.
#include "JsonWalker.h"

#include "JsonNumber.h"
#include "JsonText.h"

#include <fmt/format.h>

namespace branchline::format {

using runtime::Value;

JsonWalker::JsonWalker(runtime::Heap &heap, const JsonReadOptions &options, const ReadPlan *plan)
    : heap_(heap), options_(options), keys_(heap, KeyTree::Kind::Built),
      skipped_(heap, KeyTree::Kind::Skipped) {
  // Integer keys have no place in a plan.
  if (plan != nullptr && options.keys == JsonKeys::String)
    plan_.emplace(heap, *plan);
}

void JsonWalker::begin(std::string_view text, const uint32_t *index) {
  text_ = text.data();
  end_ = text.data() + text.size();
  index_ = index;
  nextBackslash_ = text_;
  // A number is read without looking for the end of the text. That is fine as long as the text
  // ends with something else, which every document but a bare number does.
  const char last = text.empty() ? '0' : text.back();
  openTail_ = isDigit(last) || last == '-' || last == '+' || last == '.' || (last | 0x20) == 'e';
}

WalkFailure JsonWalker::walk(uint32_t first, uint32_t last, Value &result) {
  if (readDocument(first, last) && (at_ == count_ || fail()))
    result = std::move(values_[0]);
  clear();
  return failure_;
}

std::optional<uint32_t> JsonWalker::tryWalk(uint32_t first, uint32_t most, size_t end,
                                            Value &result) {
  const char *nextBackslash = nextBackslash_;
  const bool whole = readDocument(first, most) && index_[at_ - 1] < end && index_[at_] >= end;
  if (whole)
    result = std::move(values_[0]);
  else
    nextBackslash_ = nextBackslash; // the same bytes are looked at again
  clear();
  return whole ? std::optional(at_) : std::nullopt;
}

bool JsonWalker::readDocument(uint32_t first, uint32_t most) {
  at_ = first;
  count_ = most;
  failure_ = WalkFailure::None;
  return plan_ ? readNeeded(keys_.document(), plan_->need(), &*plan_, true)
               : readWhole(keys_.document());
}

void JsonWalker::clear() {
  values_.clear();
  frames_.clear();
  planDepth_ = 0;
  skippedKeys_.clear();
}

/// Reads on until the container that was opened last is closed.
bool JsonWalker::finishContainer() {
  const size_t outside = frames_.size() - 1;
  bool resumed = false;
  while (frames_.size() > outside) {
    const size_t depth = frames_.size();
    bool ok = false;
    switch (frames_.back().kind) {
    case ContainerKind::List:
      ok = runList(resumed);
      break;
    case ContainerKind::Shaped:
      ok = runShaped();
      break;
    case ContainerKind::Generic:
      ok = runGeneric(resumed);
      break;
    }
    if (!ok)
      return false;
    resumed = frames_.size() < depth;
  }
  return true;
}

JsonWalker::Started JsonWalker::startValue(KeyNode *owner) {
  switch (const char c = peek()) {
  case '"':
    return string() ? Started::Scalar : Started::Failed;
  case '{':
    return startContainer(owner, ContainerKind::Shaped);
  case '[':
    return startContainer(owner, ContainerKind::List);
  case 't':
    return literal(Value::boolean(true)) ? Started::Scalar : Started::Failed;
  case 'f':
    return literal(Value::boolean(false)) ? Started::Scalar : Started::Failed;
  case 'n':
    return literal(Value::null()) ? Started::Scalar : Started::Failed;
  default:
    if (c == '-' || isDigit(c))
      return number() ? Started::Scalar : Started::Failed;
    fail();
    return Started::Failed;
  }
}

JsonWalker::Started JsonWalker::startContainer(KeyNode *owner, ContainerKind kind) {
  if (depth() >= options_.maxDepth) {
    fail();
    return Started::Failed;
  }
  const bool isList = kind == ContainerKind::List;
  ++at_;
  if (peek() == (isList ? ']' : '}')) {
    ++at_;
    values_.push(isList ? heap_.list() : heap_.object());
    return Started::Scalar;
  }
  at_ -= isList ? 0 : 1; // a brace is looked at together with the key behind it
  frames_.push_back({owner, keys_.root(), static_cast<uint32_t>(values_.size()), kind});
  return Started::Container;
}

bool JsonWalker::runList(bool resumed) {
  KeyNode *owner = frames_.back().owner;
  for (;;) {
    if (!resumed) {
      const Started started = startValue(owner);
      if (started != Started::Scalar)
        return started == Started::Container;
    }
    resumed = false;
    switch (take()) {
    case ',':
      continue;
    case ']': {
      const size_t base = frames_.back().base;
      frames_.pop_back();
      return pushList(base);
    }
    default:
      return fail();
    }
  }
}

bool JsonWalker::runShaped() {
  const size_t here = frames_.size() - 1;
  KeyNode *node = frames_[here].node;
  for (;;) {
    // Here are the opening brace or a comma, or the closing brace behind the last value.
    const bool isFirst = node == keys_.root();
    KeyNode *next = isFirst ? frames_[here].owner->objectStart : node->lastHit;
    if (next != nullptr && next->lead.matches(text_ + index_[at_], end_)) [[likely]] {
      at_ += KeyLead::kTokens;
    } else {
      if (!isFirst && peek() == '}') {
        ++at_;
        const size_t base = frames_.back().base;
        frames_.pop_back();
        return pushShaped(base, *node->shape);
      }
      bool generic = false;
      next = readKey(keys_, node, next, generic);
      if (generic) {
        makeGeneric(frames_.back());
        return runGeneric(false);
      }
      if (next == nullptr)
        return failure_ == WalkFailure::None ? fail() : false;
    }
    if (isFirst)
      frames_[here].owner->objectStart = next;
    frames_[here].node = node = next;
    const Started started = startValue(node);
    if (started != Started::Scalar)
      return started == Started::Container;
  }
}

/// A key with what is around it: a brace or comma before, a colon behind.
/// \param hint     the key that is expected, may be null
/// \param generic  set when the object does not fit the tree: then the key is the next token, and
///                 nothing else counts
KeyNode *JsonWalker::readKey(KeyTree &tree, KeyNode *node, KeyNode *hint, bool &generic) {
  const uint32_t lead = at_;
  if (take() != (node == tree.root() ? '{' : ',') || peek() != '"')
    return nullptr;
  KeyNode *next = KeyTree::find(node, hint, text_ + index_[at_] + 1, end_);
  if (next == nullptr) {
    next = newKey(tree, node, generic);
    return next != nullptr && take() == ':' ? next : nullptr;
  }
  ++at_;
  const size_t colon = index_[at_];
  if (take() != ':')
    return nullptr;
  next->lead.learn({text_ + index_[lead], colon + 1 - index_[lead]});
  return next;
}

bool JsonWalker::runGeneric(bool resumed) {
  KeyNode *owner = frames_.back().owner;
  for (;;) {
    if (!resumed) {
      if (peek() != '"' || !pushGenericKey())
        return failure_ != WalkFailure::None ? false : fail();
      if (take() != ':')
        return fail();
      const Started started = startValue(owner);
      if (started != Started::Scalar)
        return started == Started::Container;
    }
    resumed = false;
    switch (take()) {
    case ',':
      continue;
    case '}': {
      const size_t base = frames_.back().base;
      frames_.pop_back();
      return pushGeneric(base);
    }
    default:
      return fail();
    }
  }
}

/// Only the root object keeps its keys as text (R5.2.11, E12).
bool JsonWalker::numericKeysHere() const {
  return options_.keys == JsonKeys::Numeric && (frames_.size() > 1 || options_.convertRootKeys);
}

/// A key that the tree does not hold at this place. Moves past it unless the object must become
/// generic, which then reads the key again.
KeyNode *JsonWalker::newKey(KeyTree &tree, KeyNode *parent, bool &generic) {
  const uint32_t start = at_;
  std::string_view key;
  bool hasEscape = false, isAscii = false;
  if (!stringBytes(key, hasEscape, isAscii))
    return nullptr;
  if (hasEscape) {
    scratch_.clear();
    if (!unescape(scratch_, key)) {
      fail();
      return nullptr;
    }
    key = scratch_;
  }
  KeyVerdict verdict = KeyVerdict::NoShape;
  KeyNode *node = nullptr;
  // Keys that may become integers never enter the tree: a shape has only text keys.
  if (options_.keys == JsonKeys::String || !isNumericKey(key))
    node = tree.add(parent, key, verdict);
  if (verdict == KeyVerdict::Duplicate)
    fail();
  if (verdict == KeyVerdict::NoShape) {
    generic = true;
    at_ = start;
  }
  return node;
}

/// Puts the keys read so far before their values.
void JsonWalker::makeGeneric(Frame &frame) {
  frame.kind = ContainerKind::Generic;
  const size_t count = values_.size() - frame.base;
  for (size_t i = 0; i < count; ++i)
    values_.push(Value::null());
  for (size_t i = count; i-- > 0;) {
    Value &value = values_[frame.base + i];
    values_[frame.base + 2 * i + 1] = std::move(value);
    values_[frame.base + 2 * i] =
        runtime::shapeKey(*frame.node->shape, static_cast<uint32_t>(i))->value();
  }
}

bool JsonWalker::pushGenericKey() {
  const bool numeric = numericKeysHere();
  if (!string())
    return false;
  Value &key = values_[values_.size() - 1];
  if (numeric && isNumericKey(key.text())) {
    JsonNumber number = convertNumber(key.text(), JsonNumbers::Safe);
    if (number.kind == NumberKind::Int)
      key = Value::integer(number.integer);
    else if (number.kind == NumberKind::Big)
      key = heap_.bigInt(number.big);
    else
      return limit("object key beyond the limit of integers");
  }
  return true;
}

bool JsonWalker::limit(std::string message) {
  limitMessage_ = std::move(message);
  return fail(WalkFailure::ValueLimit);
}

/// Whether the memory limit leaves room for the array of a container.
bool JsonWalker::mayTake(size_t values) {
  return heap_.mayAllocate(values * sizeof(Value)) || fail(WalkFailure::Memory);
}

bool JsonWalker::pushList(size_t base) {
  const size_t count = values_.size() - base;
  if (count == 0) { // nobody needs the items
    values_.push(heap_.list());
    return true;
  }
  if (count > runtime::kMaxListLength)
    return limit(fmt::format("list length limit of {} exceeded", runtime::kMaxListLength));
  if (!mayTake(count))
    return false;
  heap_.gatherList(&values_[base], static_cast<uint32_t>(count));
  values_.gathered(base);
  return true;
}

bool JsonWalker::pushShaped(size_t base, const runtime::Shape &shape) {
  const size_t count = values_.size() - base;
  if (!mayTake(count))
    return false;
  if (count == 0) { // none of the keys was needed
    values_.push(heap_.object());
    return true;
  }
  heap_.gatherObject(&shape, &values_[base], static_cast<uint32_t>(count));
  values_.gathered(base);
  return true;
}

bool JsonWalker::pushGeneric(size_t base) {
  const size_t count = (values_.size() - base) / 2;
  if (!mayTake(count * 2))
    return false;
  Value made = heap_.object();
  runtime::ObjectObject &object = *made.asObject();
  for (size_t i = 0; i < count; ++i) {
    Value &key = values_[base + 2 * i];
    auto set = runtime::setKey(heap_, object, key, std::move(values_[base + 2 * i + 1]));
    if (!set) {
      if (set.error().id() == TrapId::MemoryLimit)
        return fail(WalkFailure::Memory);
      return limit(set.error().info().message);
    }
    if (object.size != i + 1)
      return fail(); // a key that was there before
  }
  values_.shrink(base);
  values_.push(std::move(made));
  return true;
}

} // namespace branchline::format
