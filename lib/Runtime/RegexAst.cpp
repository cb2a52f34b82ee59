// Measurements on parsed patterns.
#include "RegexAst.h"

#include <algorithm>

namespace branchline::runtime::regex {
namespace {

uint32_t clamp(uint64_t value) {
  return static_cast<uint32_t>(std::min<uint64_t>(value, kUnbounded));
}

uint32_t sum(uint32_t a, uint32_t b) { return clamp(uint64_t(a) + b); }

uint32_t product(uint32_t a, uint32_t b) { return clamp(uint64_t(a) * b); }

// A character, a class, or a non-capturing group of just one.
bool isSingleAtom(const Node &node) {
  if (node.kind == NodeKind::Char || node.kind == NodeKind::Class)
    return true;
  bool plain = node.kind == NodeKind::Group || node.kind == NodeKind::Atomic ||
               node.kind == NodeKind::Sequence;
  return plain && node.children.size() == 1 && isSingleAtom(*node.children.front());
}

MatchLength repeatLength(const Node &node) {
  MatchLength length = matchLength(*node.children.front());
  length.min = product(length.min, node.min);
  if (node.max != kUnbounded) {
    length.max = product(length.max, node.max);
  } else if (length.max != 0) {
    length.obvious = length.obvious && isSingleAtom(*node.children.front());
    length.max = kUnbounded;
    length.openEnds += 1;
  }
  return length;
}

} // namespace

MatchLength matchLength(const Node &node) {
  switch (node.kind) {
  case NodeKind::Empty:
  case NodeKind::LookAhead:
  case NodeKind::LookBehind:
  case NodeKind::InputStart:
  case NodeKind::InputEnd:
  case NodeKind::FinalEnd:
  case NodeKind::LineStart:
  case NodeKind::LineEnd:
  case NodeKind::LastMatch:
  case NodeKind::WordBoundary:
    return {};
  case NodeKind::Char:
  case NodeKind::Class:
    return {1, 1, true, 0};
  case NodeKind::LineBreak:
    return {1, 2, true, 0};
  case NodeKind::Cluster:
    return {1, kUnbounded, true, 1};
  case NodeKind::BackReference:
    return {0, kUnbounded, false, 0};
  case NodeKind::Capture:
  case NodeKind::Group:
  case NodeKind::Atomic:
    return matchLength(*node.children.front());
  case NodeKind::Repeat:
    return repeatLength(node);
  case NodeKind::Sequence:
  case NodeKind::Alternation:
    break;
  }
  MatchLength total;
  bool first = true;
  for (const NodePtr &child : node.children) {
    MatchLength length = matchLength(*child);
    if (node.kind == NodeKind::Sequence) {
      total.min = sum(total.min, length.min);
      total.max = sum(total.max, length.max);
    } else {
      total.min = first ? length.min : std::min(total.min, length.min);
      total.max = std::max(total.max, length.max);
    }
    total.obvious = total.obvious && length.obvious;
    total.openEnds += length.openEnds;
    first = false;
  }
  return total;
}

void simplifyLookBehind(Node &body) {
  if (body.kind == NodeKind::Alternation || body.kind == NodeKind::Group) {
    for (NodePtr &child : body.children)
      simplifyLookBehind(*child);
  } else if (body.kind == NodeKind::Sequence) {
    // Once the first element may be left out altogether, the next one is first.
    for (NodePtr &child : body.children) {
      simplifyLookBehind(*child);
      if (child->kind != NodeKind::Repeat || child->max != 0)
        return;
    }
  } else if (body.kind == NodeKind::Repeat && body.mode != RepeatMode::Possessive &&
             !containsKind(body, NodeKind::Capture)) {
    // A possessive repetition may take what the rest needs, and a group remembers its text.
    body.max = body.min;
  }
}

bool containsKind(const Node &node, NodeKind kind) {
  return node.kind == kind ||
         std::any_of(node.children.begin(), node.children.end(),
                     [&](const NodePtr &child) { return containsKind(*child, kind); });
}

} // namespace branchline::runtime::regex
