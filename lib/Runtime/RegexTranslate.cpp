// Writes PCRE2 patterns. The options UTF and DOTALL are assumed, newline is LF.
#include "RegexTranslate.h"

#include "RegexClasses.h"

#include <algorithm>
#include <fmt/format.h>

namespace branchline::runtime::regex {
namespace {

// PCRE2's bound for counted repetition.
constexpr uint32_t kMaxCount = 65535;
constexpr size_t kMaxHooks = 255;
constexpr const char *kNever = "(?:(?!))";
constexpr const char *kTooComplex = "Pattern is too complex";

class Translator {
public:
  Translator(unsigned groupCount, const TranslateOptions &options) : options_(options) {
    result_.groupNumber.resize(groupCount + 1);
    for (unsigned i = 0; i <= groupCount; ++i)
      result_.groupNumber[i] = i;
  }

  Translation run(const Node &root) {
    // Marking groups shift the numbers of those behind them, which back-references may name
    // before they are opened: the second round knows all numbers.
    for (int round = 0; round < 2; ++round) {
      out_.clear();
      result_.hooks.clear();
      opened_ = 0;
      marks_ = 0;
      hookNumbers_[0] = hookNumbers_[1] = hookNumbers_[2] = 0;
      out_ += "(?:";
      emit(root);
      out_ += ')';
      if (options_.endHook)
        emitHook({HookSpec::Kind::EndsHere});
      if (marks_ == 0)
        break;
    }
    result_.pattern = std::move(out_);
    return std::move(result_);
  }

private:
  void emit(const Node &node);
  void emitSequence(const Node &node);
  void emitAlternation(const Node &node);
  void emitGroup(const char *open, const Node &node);
  void emitRepeat(const Node &node);
  void emitLongRepeat(const std::string &atom, const Node &node);
  void emitBackReference(const Node &node);
  void emitLookBehind(const Node &node);
  void emitBoundary(const Node &node);
  void emitHook(HookSpec hook);
  void emitSharedHook(HookSpec::Kind kind, size_t slot);
  void emitChar(const Node &node);
  bool isNativeLookBehind(const Node &body) const;
  void fail(const char *why) {
    if (result_.error.empty())
      result_.error = why;
  }

  TranslateOptions options_;
  Translation result_;
  std::string out_;
  uint32_t opened_ = 0; // PCRE2 groups so far
  uint32_t marks_ = 0;  // those that have no number of ours
  size_t hookNumbers_[3] = {};
};

// The terminators other than \n, which needs care behind \r.
constexpr const char *kOtherTerminators = "[\\r\\x{85}\\x{2028}\\x{2029}]";

void Translator::emit(const Node &node) {
  switch (node.kind) {
  case NodeKind::Empty:
    return;
  case NodeKind::Char:
    return emitChar(node);
  case NodeKind::Class:
    return printClass(out_, node.expr);
  case NodeKind::Sequence:
    return emitSequence(node);
  case NodeKind::Alternation:
    return emitAlternation(node);
  case NodeKind::Capture:
    result_.groupNumber[node.group] = ++opened_;
    return emitGroup("(", node);
  case NodeKind::Group:
    return emitGroup("(?:", node);
  case NodeKind::Atomic:
    result_.keepBacktracking = true;
    return emitGroup("(?>", node);
  case NodeKind::LookAhead:
    // PCRE2 counts what a look-ahead sees and what then matches it as two: `(?=a)(?:x|)a`.
    result_.plainSearch |= !node.negated;
    return emitGroup(node.negated ? "(?!" : "(?=", node);
  case NodeKind::LookBehind:
    return emitLookBehind(node);
  case NodeKind::Repeat:
    return emitRepeat(node);
  case NodeKind::BackReference:
    return emitBackReference(node);
  case NodeKind::InputStart:
    out_ += "\\A";
    return;
  case NodeKind::InputEnd:
    out_ += "\\z";
    return;
  case NodeKind::FinalEnd:
    if (node.unixLines)
      out_ += "\\Z";
    else
      out_ += fmt::format("(?:\\z|(?=\\r\\n\\z|{}\\z)|(?<!\\r)(?=\\n\\z))", kOtherTerminators);
    return;
  case NodeKind::LineStart:
    if (node.unixLines)
      out_ += "(?:(?!\\z)(?:\\A|(?<=\\n)))";
    else
      out_ += "(?:(?!\\z)(?:\\A|(?<=[\\n\\x{85}\\x{2028}\\x{2029}])|(?<=\\r)(?!\\n)))";
    return;
  case NodeKind::LineEnd:
    if (node.unixLines)
      out_ += "(?=\\n|\\z)";
    else
      out_ += fmt::format("(?:\\z|(?={})|(?<!\\r)(?=\\n))", kOtherTerminators);
    return;
  case NodeKind::LastMatch:
    return emitSharedHook(HookSpec::Kind::LastMatch, 0);
  case NodeKind::WordBoundary:
    return emitBoundary(node);
  case NodeKind::LineBreak:
    out_ += "(?:\\r\\n|[\\n-\\r\\x{85}\\x{2028}\\x{2029}])";
    return;
  case NodeKind::Cluster:
    out_ += "\\X";
    return;
  }
}

void Translator::emitChar(const Node &node) {
  if (node.fold == Fold::None)
    return printLiteral(out_, node.point);
  uint32_t lower = node.point | 0x20;
  out_ += '[';
  out_ += static_cast<char>(lower - 0x20);
  out_ += static_cast<char>(lower);
  out_ += ']';
}

// PCRE2 starts faster on caseless text than on classes, so runs of letters use that. Its notion of
// case is Unicode's: `k` and `s` equal non-ASCII characters there and stay classes.
void Translator::emitSequence(const Node &node) {
  bool caseless = false;
  for (const NodePtr &child : node.children) {
    uint32_t lower = child->point | 0x20;
    bool letter = lower >= 'a' && lower <= 'z';
    bool wanted = false;
    if (child->kind == NodeKind::Char && child->point < 0x80)
      wanted = child->fold == Fold::Ascii ? lower != 'k' && lower != 's' : caseless && !letter;
    if (wanted && !caseless)
      out_ += "(?i:";
    if (!wanted && caseless)
      out_ += ')';
    caseless = wanted;
    if (wanted)
      printLiteral(out_, child->point);
    else
      emit(*child);
  }
  if (caseless)
    out_ += ')';
}

void Translator::emitAlternation(const Node &node) {
  for (size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0)
      out_ += '|';
    emit(*node.children[i]);
  }
}

void Translator::emitGroup(const char *open, const Node &node) {
  out_ += open;
  emit(*node.children.front());
  out_ += ')';
}

void Translator::emitRepeat(const Node &node) {
  const Node &child = *node.children.front();
  size_t start = out_.size();
  // Behind what comes before an atomic group, PCRE2 overlooks that the group may match nothing.
  if (node.mode == RepeatMode::Possessive || child.kind == NodeKind::LineBreak)
    result_.keepBacktracking = true;
  bool oneUnit = child.kind == NodeKind::Char || child.kind == NodeKind::Class ||
                 child.kind == NodeKind::Capture || child.kind == NodeKind::Group ||
                 child.kind == NodeKind::Atomic;
  // A repeated line break is not given back in part: CRLF stays one (R3.8.4).
  if (!oneUnit)
    out_ += child.kind == NodeKind::LineBreak ? "(?>" : "(?:";
  emit(child);
  if (!oneUnit)
    out_ += ')';
  bool longCount = node.min > kMaxCount || (node.max != kUnbounded && node.max > kMaxCount);
  if (longCount) {
    std::string atom = out_.substr(start);
    out_.resize(start);
    if (child.kind != NodeKind::Char && child.kind != NodeKind::Class)
      return fail(kTooComplex);
    return emitLongRepeat(atom, node);
  }
  if (node.min == 0 && node.max == kUnbounded)
    out_ += '*';
  else if (node.min == 1 && node.max == kUnbounded)
    out_ += '+';
  else if (node.min == 0 && node.max == 1)
    out_ += '?';
  else if (node.max == kUnbounded)
    out_ += fmt::format("{{{},}}", node.min);
  else
    out_ += fmt::format("{{{},{}}}", node.min, node.max);
  if (node.mode == RepeatMode::Reluctant)
    out_ += '?';
  else if (node.mode == RepeatMode::Possessive)
    out_ += '+';
}

// Counts beyond PCRE2's: x{100000} is x{65535}x{34465}. Bounded, since each piece costs space.
void Translator::emitLongRepeat(const std::string &atom, const Node &node) {
  constexpr uint32_t kMaxPieces = 64;
  const char *mode = node.mode == RepeatMode::Reluctant ? "?" : "";
  out_ += node.mode == RepeatMode::Possessive ? "(?>" : "(?:";
  uint32_t pieces = 0;
  for (uint32_t left = node.min; left > 0 && pieces <= kMaxPieces; ++pieces) {
    uint32_t count = std::min(left, kMaxCount);
    out_ += fmt::format("{}{{{}}}", atom, count);
    left -= count;
  }
  if (node.max == kUnbounded)
    out_ += fmt::format("{}*{}", atom, mode);
  else
    for (uint32_t left = node.max - node.min; left > 0 && pieces <= kMaxPieces; ++pieces) {
      uint32_t count = std::min(left, kMaxCount);
      out_ += fmt::format("{}{{0,{}}}{}", atom, count, mode);
      left -= count;
    }
  out_ += ')';
  if (pieces > kMaxPieces)
    fail(kTooComplex);
}

void Translator::emitBackReference(const Node &node) {
  if (node.group == 0) {
    out_ += kNever;
    return;
  }
  uint32_t number = result_.groupNumber[node.group];
  switch (node.fold) {
  case Fold::None:
    out_ += fmt::format("\\g{{{}}}", number);
    return;
  case Fold::Unicode:
    out_ += fmt::format("(?i:\\g{{{}}})", number);
    return;
  case Fold::Ascii:
    break;
  }
  // PCRE2 finds the candidate with Unicode case; the hook checks that it differs in ASCII case
  // only. An empty group marks where the candidate starts.
  ++marks_;
  uint32_t mark = ++opened_;
  out_ += fmt::format("(?:()(?i:\\g{{{}}})", number);
  emitHook({HookSpec::Kind::FoldedRef, mark, number});
  out_ += ')';
}

// PCRE2 wants each alternative of a look-behind to have one length.
bool Translator::isNativeLookBehind(const Node &body) const {
  if (options_.hookLookBehinds)
    return false;
  if (body.kind == NodeKind::Alternation) {
    for (const NodePtr &child : body.children) {
      MatchLength length = matchLength(*child);
      if (length.min != length.max)
        return false;
    }
    return true;
  }
  MatchLength length = matchLength(body);
  return length.min == length.max;
}

void Translator::emitLookBehind(const Node &node) {
  const Node &body = *node.children.front();
  if (isNativeLookBehind(body))
    return emitGroup(node.negated ? "(?<!" : "(?<=", node);
  if (containsKind(body, NodeKind::Capture) || containsKind(body, NodeKind::BackReference))
    return fail("Look-behind group with capturing groups must have a fixed length");
  MatchLength length = matchLength(body);
  HookSpec hook{node.negated ? HookSpec::Kind::NotLookBehind : HookSpec::Kind::LookBehind};
  hook.body = &body;
  hook.minLength = length.min;
  hook.maxLength = length.max;
  emitHook(hook);
}

void Translator::emitBoundary(const Node &node) {
  if (node.unicode) {
    std::string word;
    printClass(word, predefinedClass('w', true));
    if (node.negated)
      out_ += fmt::format("(?:(?<={0})(?={0})|(?<!{0})(?!{0}))", word);
    else
      out_ += fmt::format("(?:(?<={0})(?!{0})|(?<!{0})(?={0}))", word);
    return;
  }
  // Without PCRE2_UCP, \b is about ASCII word characters. Marks are for the hook (R3.8.6).
  const char *plain = node.negated ? "\\B" : "\\b";
  if (options_.asciiSubject) {
    out_ += plain;
    return;
  }
  result_.asksBoundary = true;
  HookSpec::Kind kind = node.negated ? HookSpec::Kind::NotBoundary : HookSpec::Kind::Boundary;
  size_t slot = node.negated ? 2 : 1;
  out_ += "(?(?=\\p{Mn})";
  emitSharedHook(kind, slot);
  out_ += "|(?(?<=\\p{Mn})";
  emitSharedHook(kind, slot);
  out_ += '|';
  out_ += plain;
  out_ += "))";
}

void Translator::emitHook(HookSpec hook) {
  if (result_.hooks.size() >= kMaxHooks)
    return fail(kTooComplex);
  result_.hooks.push_back(hook);
  result_.keepBacktracking = true; // hooks fail, which PCRE2 does not expect of callouts
  out_ += fmt::format("(?C{})", result_.hooks.size());
}

void Translator::emitSharedHook(HookSpec::Kind kind, size_t slot) {
  if (hookNumbers_[slot] == 0) {
    emitHook({kind});
    hookNumbers_[slot] = result_.hooks.size();
  } else {
    out_ += fmt::format("(?C{})", hookNumbers_[slot]);
  }
}

} // namespace

Translation translate(const Node &root, unsigned groupCount, const TranslateOptions &options) {
  return Translator(groupCount, options).run(root);
}

} // namespace branchline::runtime::regex
