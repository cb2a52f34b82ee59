// The grammar around the items, token by token, with a stack of its own.
#include "SplitScanner.h"

#include <algorithm>

namespace branchline::stream {

using error::Id;

namespace {

constexpr std::string_view kJsonSpace = " \t\n\r";

const char *kindOf(char first) {
  switch (first) {
  case '{':
    return "an object";
  case '"':
    return "a string";
  case 't':
  case 'f':
    return "a boolean";
  case 'n':
    return "null";
  default:
    return "a number";
  }
}

} // namespace

SplitScanner::Progress SplitScanner::scan(const Part &part) {
  part_ = &part;
  while (!mistake_ && (expect_ == Expect::Item ? items() : step()))
    ;
  part_ = nullptr;
  // The item that is not complete is seen again, with what comes behind it.
  return {expect_ == Expect::Item ? itemBegin_ : at_, mistake_};
}

bool SplitScanner::step() {
  at_ = std::min(part_->text.find_first_not_of(kJsonSpace, at_), part_->text.size());
  if (atEnd())
    return part_->isLast && endOfDocument();
  switch (expect_) {
  case Expect::Value:
    return value();
  case Expect::ElementOrEnd:
    return here() == ']' ? close() : value();
  case Expect::Element:
    return here() == ']' ? fail(Id::JsonArrayTrailingComma) : value();
  case Expect::MemberOrEnd:
    return here() == '}' ? close() : member();
  case Expect::Member:
    return here() == '}' ? fail(Id::JsonObjectTrailingComma) : member();
  case Expect::Colon:
    if (here() != ':')
      return failAtCharacter(Id::JsonColon);
    ++at_;
    expect_ = Expect::Value;
    return true;
  case Expect::CommaOrEnd:
    return commaOrEnd();
  case Expect::Nothing:
    return fail(Id::JsonTrailingContent);
  case Expect::Item:
    break;
  }
  BL_UNREACHABLE("items have a scanner of their own");
}

bool SplitScanner::endOfDocument() {
  if (expect_ == Expect::Nothing)
    return false;
  if (expect_ != Expect::CommaOrEnd && expect_ != Expect::MemberOrEnd && expect_ != Expect::Member)
    return fail(Id::JsonEnd);
  if (expect_ != Expect::CommaOrEnd)
    return fail(Id::JsonObjectKey);
  if (!valueDone())
    return false;
  return fail(levels_.back().isObject ? Id::JsonUnterminatedObject : Id::JsonUnterminatedArray);
}

/// A mistake at the current position, unless what stands there is not even text.
bool SplitScanner::fail(Id id) {
  if (!atEnd()) {
    Token token = unexpected(*part_, at_, id);
    if (token.state == Token::State::Cut)
      return false;
    if (token.mistake.id != id)
      return fail(token);
  }
  return fail(Mistake{id, at_});
}

// --- Values ---

/// Whether the path leads to, or through, the value that begins here.
bool SplitScanner::isOnPath() const {
  if (found_ || onPath_ != levels_.size())
    return false;
  if (levels_.empty())
    return true;
  const Level &level = levels_.back();
  const format::OutputPath::Segment &segment = path_.segments()[levels_.size() - 1];
  if (level.isObject)
    return level.key == segment.key;
  return segment.index && *segment.index >= 0 &&
         static_cast<uint64_t>(*segment.index) == level.index;
}

std::string SplitScanner::pathWords() const {
  return path_.empty() ? "the document" : fmt::format("`{}`", pathText_);
}

bool SplitScanner::value() {
  const char first = here();
  const bool onPath = isOnPath();
  const bool isTarget = onPath && levels_.size() == path_.segments().size();
  const bool opens = first == '{' || first == '[';
  Token token = Token::whole(at_ + 1);
  if (first == '"')
    token = scanString(*part_, at_);
  else if (first == 't')
    token = scanLiteral(*part_, at_, "true");
  else if (first == 'f')
    token = scanLiteral(*part_, at_, "false");
  else if (first == 'n')
    token = scanLiteral(*part_, at_, "null");
  else if (first == '-' || (first >= '0' && first <= '9'))
    token = scanNumber(*part_, at_);
  else if (!opens)
    return failAtCharacter(Id::JsonCharacter);
  if (token.state != Token::State::Whole)
    return fail(token);
  if (isTarget && first != '[')
    return fail(Mistake{Id::SplitNoArray, at_, 0, kindOf(first)});
  if (onPath && !opens)
    return fail(Id::SplitNothing);
  if (opens)
    return open(first == '{', onPath);
  at_ = token.end;
  expect_ = levels_.empty() ? Expect::Nothing : Expect::CommaOrEnd;
  return true;
}

bool SplitScanner::open(bool isObject, bool onPath) {
  if (levels_.size() >= maxDepth_)
    return fail(Id::JsonDepth);
  ++at_;
  levels_.push_back({isObject});
  expect_ = isObject ? Expect::MemberOrEnd : Expect::ElementOrEnd;
  if (!onPath)
    return true;
  onPath_ = levels_.size();
  if (onPath_ > path_.segments().size()) {
    found_ = true;
    expect_ = Expect::Item;
    itemBegin_ = at_;
  }
  return true;
}

bool SplitScanner::close() {
  if (!found_ && onPath_ == levels_.size())
    return fail(Id::SplitNothing); // what the path leads on to did not come
  ++at_;
  levels_.pop_back();
  expect_ = levels_.empty() ? Expect::Nothing : Expect::CommaOrEnd;
  return true;
}

bool SplitScanner::member() {
  if (here() != '"')
    return fail(Id::JsonObjectKey);
  const Token token = scanString(*part_, at_);
  if (token.state != Token::State::Whole)
    return fail(token);
  Level &object = levels_.back();
  object.hasNewKey = true;
  object.keyAt = placeOf(at_);
  object.key = unescaped(part_->text.substr(at_ + 1, token.end - at_ - 2));
  at_ = token.end;
  expect_ = Expect::Colon;
  return true;
}

/// Remembers the key of a complete member. \returns false when it was there before
bool SplitScanner::valueDone() {
  Level &level = levels_.back();
  // Once, though the part may end before it is clear what stands behind the value.
  if (!std::exchange(level.hasNewKey, false) || level.keys.insert(level.key).second)
    return true;
  return fail(Mistake{Id::JsonDuplicateKey, at_, 0, level.key});
}

bool SplitScanner::commaOrEnd() {
  if (!valueDone())
    return false;
  Level &level = levels_.back();
  if (here() == (level.isObject ? '}' : ']'))
    return close();
  if (here() != ',')
    return fail(level.isObject ? Id::JsonObjectComma : Id::JsonArrayComma);
  ++at_;
  ++level.index;
  expect_ = level.isObject ? Expect::Member : Expect::Element;
  return true;
}

// --- Items ---

/// Scans blocks up to the end of the part or of the array. \returns whether the array has ended
bool SplitScanner::items() {
  const std::string_view text = part_->text;
  while (at_ < text.size()) {
    const size_t size = std::min(BlockScanner::kBytes, text.size() - at_);
    const BlockMasks masks = blocks_.scan(text.data() + at_, size);
    const auto closes = static_cast<uint64_t>(std::popcount(masks.closes));
    if (depth_ > closes) { // no item ends here
      depth_ += static_cast<uint64_t>(std::popcount(masks.opens)) - closes;
    } else if (walkBlock(masks.opens | masks.closes | masks.commas)) {
      return true;
    } else if (mistake_) {
      return false;
    }
    at_ += size;
  }
  return part_->isLast && endInItem();
}

/// \returns whether the array has ended; `at_` is behind it then
bool SplitScanner::walkBlock(uint64_t bits) {
  for (; bits != 0; bits &= bits - 1) {
    const size_t at = at_ + static_cast<size_t>(std::countr_zero(bits));
    const char c = part_->text[at];
    if (c == ',') {
      if (depth_ == 0 && !endItem(at, false))
        return false;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if (depth_ != 0) {
      --depth_;
    } else if (c == '}') {
      (void)takeIfWhole(at);
      return fail(Mistake{Id::JsonArrayComma, at});
    } else {
      if (!endItem(at, true))
        return false;
      at_ = at;
      return close();
    }
  }
  return false;
}

/// Takes what stands between two commas, or a bracket, for an item.
bool SplitScanner::endItem(size_t end, bool isLast) {
  const std::string_view text = part_->text.substr(itemBegin_, end - itemBegin_);
  const size_t first = text.find_first_not_of(kJsonSpace);
  if (first == std::string_view::npos) {
    if (!isLast)
      return fail(Mistake{Id::JsonCharacter, end, 0, ","});
    return !hasItems_ || fail(Mistake{Id::JsonArrayTrailingComma, end});
  }
  const size_t size = text.find_last_not_of(kJsonSpace) + 1 - first;
  items_.push_back({static_cast<uint32_t>(itemBegin_ + first), static_cast<uint32_t>(size), 0});
  itemBegin_ = end + 1;
  hasItems_ = true;
  return true;
}

/// The document ends before the array does.
bool SplitScanner::endInItem() {
  if (blocks_.inString())
    return fail(Id::JsonUnterminatedString);
  if (depth_ != 0)
    return fail(Id::JsonEnd);
  return fail(takeIfWhole(at_) ? Id::JsonUnterminatedArray : Id::JsonEnd);
}

/// An item that the array breaks off behind is delivered when nothing of it can be missing.
/// \returns whether there is something of an item
bool SplitScanner::takeIfWhole(size_t end) {
  const std::string_view text = part_->text.substr(itemBegin_, end - itemBegin_);
  const size_t last = text.find_last_not_of(kJsonSpace);
  if (last == std::string_view::npos)
    return false;
  // Brackets and quotes end their value; the end of `12` may be missing.
  if (std::string_view("}]\"").find(text[last]) != std::string_view::npos) {
    (void)endItem(end, true);
    itemBegin_ = end;
  }
  return true;
}

// --- What was found, and where ---

void SplitScanner::takeItems(std::string_view text, std::vector<format::RecordSpan> &items) {
  uint64_t line = 0;
  size_t counted = 0;
  for (format::RecordSpan &item : items_) {
    line += countLineFeeds(text.substr(counted, item.offset - counted));
    counted = item.offset;
    item.line = static_cast<uint32_t>(line);
  }
  items.assign(items_.begin(), items_.end());
  items_.clear();
}

LineColumn SplitScanner::placeOf(size_t at) {
  marked_.advance(part_->text.substr(mark_, at - mark_));
  mark_ = at;
  return marked_.lineColumn();
}

void SplitScanner::forget(std::string_view text) {
  marked_.advance(text.substr(mark_));
  mark_ = 0;
  at_ -= text.size();
  itemBegin_ -= std::min(itemBegin_, text.size());
}

Error SplitScanner::errorOf(const Mistake &mistake, std::string_view text, uint64_t byte) const {
  DocumentPlace place = marked_;
  place.advance(text.substr(mark_, mistake.at - mark_));
  const uint64_t position = place.units() + mistake.more + 1;
  const error::Info &info = error::info(mistake.id);
  const auto format = fmt::runtime(info.format);
  Error error;
  error.code = info.code;
  error.hint = info.hint;
  error.at = place.lineColumn();
  switch (mistake.id) {
  case Id::JsonDuplicateKey:
    error.message = fmt::format(format, mistake.quoted);
    error.at = levels_.back().keyAt;
    break;
  case Id::JsonMalformedUtf8:
    error.message = fmt::format(format, byte + mistake.at);
    break;
  case Id::JsonDepth:
    error.message = fmt::format(format, maxDepth_, position);
    break;
  case Id::SplitNoArray:
    error.message = fmt::format(format, pathWords(), mistake.quoted);
    break;
  case Id::SplitNothing:
    error.message = fmt::format(format, pathText_);
    break;
  default:
    error.message = mistake.quoted.empty() ? fmt::format(format, position)
                                           : fmt::format(format, mistake.quoted, position);
    break;
  }
  return error;
}

} // namespace branchline::stream
