// The plain, strict JSON parser that names what is wrong with a document and where. It follows the
// grammar one function per rule, keeps a stack of its own and builds nothing. The reader's fast
// path accepts exactly the documents in which this one finds nothing.
#include "JsonNumber.h"
#include "JsonText.h"

#include "branchline/Format/JsonReader.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Support/Utf8.h"

#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace branchline::format {
namespace {

/// Longest number quoted by a message about limits; others quote all of it.
constexpr size_t kMaxQuotedNumber = 64;

class Diagnosis {
public:
  Diagnosis(std::string_view text, const JsonReadOptions &options)
      : text_(text), options_(options) {}

  std::optional<Error> run() {
    if (!document() && !error_)
      error_ = error::make<error::Id::JsonRejected>();
    return std::move(error_);
  }

private:
  struct Container {
    bool isObject;
    std::string key; // whose value is being parsed
    size_t keyAt = 0;
    std::unordered_set<std::string> keys;
  };
  enum class Step : uint8_t { Failed, Done, Opened };

  // --- Errors ---

  LineColumn placeOf(size_t offset) const {
    LineColumn place{1, 1};
    const std::string_view before = text_.substr(0, offset);
    for (const char c : before)
      place.line += c == '\n';
    const size_t lineStart = before.rfind('\n') + 1; // npos + 1 is 0
    place.column = static_cast<uint32_t>(utf8::utf16Length(before.substr(lineStart)) + 1);
    return place;
  }

  bool failAs(Error error, size_t offset) {
    error.at = placeOf(offset);
    error_ = std::move(error);
    return false;
  }

  /// The position of the unit `more` units after the character at `offset`. \rule R5.2.10
  size_t position(size_t offset, size_t more = 0) const {
    return utf8::utf16Length(text_.substr(0, offset)) + more + 1;
  }

  template <error::Id kId> bool failAt(size_t offset, size_t more = 0) {
    return failAs(error::make<kId>(position(offset, more)), offset);
  }

  /// The whole character at an offset; a message shows no half of a surrogate pair.
  std::string_view characterAt(size_t offset) const {
    size_t end = offset;
    utf8::decode(text_, end);
    return text_.substr(offset, end - offset);
  }

  bool failAtEnd() { return failAt<error::Id::JsonEnd>(text_.size()); }

  // --- Grammar ---

  bool atEnd() const { return at_ == text_.size(); }
  char here() const { return text_[at_]; }
  bool isHere(char c) const { return !atEnd() && here() == c; }

  void skipSpace() {
    while (!atEnd() && (here() == ' ' || here() == '\t' || here() == '\n' || here() == '\r'))
      ++at_;
  }

  bool document() {
    if (const size_t bad = utf8::findInvalid(text_); bad != std::string_view::npos)
      return failAs(error::make<error::Id::JsonMalformedUtf8>(bad), bad);
    if (isBlankText(text_))
      return true;
    Step step = value();
    while (step != Step::Failed && !open_.empty())
      step = step == Step::Opened ? firstItem() : nextItem();
    if (step == Step::Failed)
      return false;
    skipSpace();
    return atEnd() || failAt<error::Id::JsonTrailingContent>(at_);
  }

  static Step done(bool ok) { return ok ? Step::Done : Step::Failed; }

  Step value() {
    skipSpace();
    if (atEnd())
      return done(failAtEnd());
    switch (here()) {
    case '{':
      return open(true);
    case '[':
      return open(false);
    case '"': {
      std::string ignored;
      return done(string(ignored));
    }
    case 't':
      return done(literal("true"));
    case 'f':
      return done(literal("false"));
    case 'n':
      return done(literal("null"));
    default:
      if (here() == '-' || isDigit(here()))
        return done(number());
      return done(
          failAs(error::make<error::Id::JsonCharacter>(characterAt(at_), position(at_)), at_));
    }
  }

  Step open(bool isObject) {
    if (open_.size() >= options_.maxDepth)
      return done(failAs(error::make<error::Id::JsonDepth>(options_.maxDepth, position(at_)), at_));
    ++at_;
    open_.push_back({isObject, {}, 0, {}});
    return Step::Opened;
  }

  Step close() {
    ++at_;
    open_.pop_back();
    return Step::Done;
  }

  Step firstItem() {
    skipSpace();
    if (open_.back().isObject)
      return isHere('}') ? close() : member();
    return isHere(']') ? close() : value();
  }

  /// What may follow an element or a member whose value is complete.
  Step nextItem() { return open_.back().isObject ? afterMember() : afterElement(); }

  Step afterMember() {
    Container &object = open_.back();
    if (!object.keys.insert(object.key).second)
      return done(failAs(error::make<error::Id::JsonDuplicateKey>(object.key), object.keyAt));
    skipSpace();
    if (atEnd())
      return done(failAt<error::Id::JsonUnterminatedObject>(at_));
    if (here() == '}')
      return close();
    if (here() != ',')
      return done(failAt<error::Id::JsonObjectComma>(at_));
    ++at_;
    skipSpace();
    if (isHere('}'))
      return done(failAt<error::Id::JsonObjectTrailingComma>(at_));
    return member();
  }

  Step afterElement() {
    skipSpace();
    if (atEnd())
      return done(failAt<error::Id::JsonUnterminatedArray>(at_));
    if (here() == ']')
      return close();
    if (here() != ',')
      return done(failAt<error::Id::JsonArrayComma>(at_));
    ++at_;
    skipSpace();
    if (isHere(']'))
      return done(failAt<error::Id::JsonArrayTrailingComma>(at_));
    return value();
  }

  Step member() {
    if (!isHere('"'))
      return done(failAt<error::Id::JsonObjectKey>(at_));
    open_.back().keyAt = at_;
    open_.back().key.clear();
    if (!string(open_.back().key))
      return Step::Failed;
    skipSpace();
    if (atEnd())
      return done(failAtEnd());
    if (here() != ':')
      return done(failAs(error::make<error::Id::JsonColon>(characterAt(at_), position(at_)), at_));
    ++at_;
    return value();
  }

  bool literal(std::string_view word) {
    if (text_.substr(at_, word.size()) != word)
      return failAs(error::make<error::Id::JsonLiteral>(word, position(at_)), at_);
    at_ += word.size();
    return true;
  }

  // --- Strings ---

  bool string(std::string &out) {
    const size_t begin = ++at_;
    for (;; ++at_) {
      if (atEnd())
        return failAt<error::Id::JsonUnterminatedString>(at_);
      if (static_cast<unsigned char>(here()) < 0x20)
        return failAt<error::Id::JsonControlCharacter>(at_ + 1);
      if (here() == '"')
        break;
      if (here() == '\\' && !escape())
        return false;
    }
    unescape(out, text_.substr(begin, at_ - begin));
    ++at_;
    return true;
  }

  /// Moves from the backslash to the last character of the escape.
  bool escape() {
    ++at_;
    if (atEnd())
      return failAt<error::Id::JsonUnterminatedEscape>(at_);
    if (here() != 'u') {
      if (std::string_view("\"\\/bfnrt").find(here()) == std::string_view::npos)
        return failAs(error::make<error::Id::JsonEscape>(characterAt(at_), position(at_, 1)), at_);
      return true;
    }
    int32_t unit = 0;
    if (!unicodeEscape(unit))
      return false;
    if (!isHighSurrogate(unit))
      return true;
    const size_t after = at_ + 1;
    if (text_.substr(after, 2) != "\\u")
      return failAt<error::Id::JsonSurrogatePair>(after);
    at_ = after + 1;
    if (!unicodeEscape(unit))
      return false;
    return isLowSurrogate(unit) || failAt<error::Id::JsonSurrogatePair>(at_ + 1);
  }

  /// Moves from the `u` to the last of the four hex digits.
  bool unicodeEscape(int32_t &unit) {
    const size_t digits = at_ + 1;
    size_t end = digits;
    // The four units are counted before they are looked at.
    for (size_t units = 0; units < 4;) {
      if (end == text_.size())
        return failAt<error::Id::JsonUnicodeEscape>(digits);
      const size_t start = end;
      utf8::decode(text_, end);
      units += end - start == 4 ? 2 : 1;
    }
    for (at_ = digits; at_ != digits + 4; ++at_) {
      const char c = here();
      const char lower = static_cast<char>(c | 0x20);
      if (!isDigit(c) && (lower < 'a' || lower > 'f'))
        return failAs(error::make<error::Id::JsonUnicodeEscape>(position(at_, 1)), at_);
    }
    unit = hexUnit(text_.data() + digits);
    --at_;
    return true;
  }

  // --- Numbers ---

  bool digits() {
    const size_t begin = at_;
    while (!atEnd() && isDigit(here()))
      ++at_;
    return at_ != begin || failAt<error::Id::JsonNumber>(at_);
  }

  bool number() {
    const size_t begin = at_;
    if (here() == '-') {
      ++at_;
      if (atEnd())
        return failAtEnd();
    }
    if (isHere('0'))
      ++at_;
    else if (!digits())
      return false;
    if (isHere('.')) {
      ++at_;
      if (!digits())
        return false;
    }
    if (isHere('e') || isHere('E')) {
      ++at_;
      if (isHere('+') || isHere('-'))
        ++at_;
      if (!digits())
        return false;
    }
    return checkNumber(begin, text_.substr(begin, at_ - begin));
  }

  bool checkNumber(size_t begin, std::string_view token) {
    switch (convertNumber(token, options_.numbers).kind) {
    case NumberKind::Int:
    case NumberKind::Float:
    case NumberKind::Big:
    case NumberKind::Decimal:
      return true;
    case NumberKind::UnsafeInteger:
      return failAs(error::make<error::Id::JsonUnsafeInteger>(token), begin);
    case NumberKind::HugeInteger:
      return failAs(error::make<error::Id::JsonHugeInteger>(token), begin);
    case NumberKind::UnsafeDecimal:
      return failAs(error::make<error::Id::JsonUnsafeDecimal>(token), begin);
    case NumberKind::HugeDecimal:
      return failAs(error::make<error::Id::JsonHugeDecimal>(token), begin);
    case NumberKind::Limit:
      break;
    }
    std::string quoted(token.substr(0, kMaxQuotedNumber));
    if (quoted.size() != token.size())
      quoted += "...";
    return failAs(error::make<error::Id::JsonNumberLimit>(quoted), begin);
  }

  std::string_view text_;
  const JsonReadOptions &options_;
  size_t at_ = 0;
  std::vector<Container> open_;
  std::optional<Error> error_;
};

} // namespace

std::optional<Error> diagnoseJson(std::string_view text, const JsonReadOptions &options) {
  return Diagnosis(text, options).run();
}

} // namespace branchline::format
