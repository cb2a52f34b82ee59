// Replacement texts: parsing `$1`, `${name}` and `\c`, and replacing all matches.
#include "branchline/Runtime/Regex.h"
#include "branchline/Support/Utf8.h"

namespace branchline::runtime {
namespace {

using Kind = ReplaceError::Kind;

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A replacement is a row of literal texts, each followed by a group.
struct Piece {
  static constexpr unsigned kNoGroup = ~0u;
  std::string literal;
  unsigned group = kNoGroup;
};

class ReplacementParser {
public:
  ReplacementParser(const Regex &regex, std::string_view text) : regex_(regex), text_(text) {}

  Expected<std::vector<Piece>, ReplaceError> parse() {
    std::vector<Piece> pieces(1);
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (c == '\\') {
        if (++at_ == text_.size())
          return illegal("character to be escaped is missing");
        pieces.back().literal += text_[at_++];
      } else if (c == '$') {
        ++at_;
        Expected<unsigned, ReplaceError> group = parseGroup();
        if (!group)
          return Unexpected(group.error());
        pieces.back().group = *group;
        pieces.emplace_back();
      } else {
        pieces.back().literal += c;
        ++at_;
      }
    }
    return pieces;
  }

private:
  static Unexpected<ReplaceError> illegal(std::string message) {
    return Unexpected(ReplaceError{Kind::IllegalArgument, std::move(message)});
  }

  // Behind `$`.
  Expected<unsigned, ReplaceError> parseGroup() {
    if (at_ == text_.size())
      return illegal("Illegal group reference: group index is missing");
    if (text_[at_] == '{') {
      ++at_;
      return parseName();
    }
    if (!isDigit(text_[at_]))
      return illegal("Illegal group reference");
    unsigned number = static_cast<unsigned>(text_[at_++] - '0');
    while (at_ < text_.size() && isDigit(text_[at_])) {
      unsigned longer = number * 10 + static_cast<unsigned>(text_[at_] - '0');
      if (longer > regex_.groupCount())
        break;
      number = longer;
      ++at_;
    }
    if (number > regex_.groupCount())
      return Unexpected(ReplaceError{Kind::IndexOutOfBounds, "No group " + std::to_string(number)});
    return number;
  }

  // Behind `${`. The order of the checks is R3.8.3's.
  Expected<unsigned, ReplaceError> parseName() {
    size_t start = at_;
    while (at_ < text_.size() && (isLetter(text_[at_]) || isDigit(text_[at_])))
      ++at_;
    std::string name(text_.substr(start, at_ - start));
    if (name.empty())
      return illegal("named capturing group has 0 length name");
    if (at_ == text_.size() || text_[at_] != '}')
      return illegal("named capturing group is missing trailing '}'");
    if (isDigit(name[0]))
      return illegal("capturing group name {" + name + "} starts with digit character");
    unsigned number = regex_.groupNumber(name);
    if (number == 0)
      return illegal("No group with name {" + name + "}");
    ++at_;
    return number;
  }

  const Regex &regex_;
  std::string_view text_;
  size_t at_ = 0;
};

Unexpected<ReplaceError> failure(MatchStatus status) {
  if (status == MatchStatus::MalformedText)
    return Unexpected(ReplaceError{Kind::MalformedText, "text is not well-formed"});
  return Unexpected(ReplaceError{Kind::LimitExceeded, "pattern backtracks too much"});
}

} // namespace

Expected<std::optional<std::string>, ReplaceError>
replaceAll(const Regex &regex, std::string_view subject, std::string_view replacement,
           MatchScratch &scratch, const ReplaceLimits &limits) {
  constexpr unsigned kMatchesPerPoll = 256;
  RegexMatcher matcher(regex, subject, scratch);
  MatchStatus status = matcher.next();
  if (status == MatchStatus::NoMatch)
    return std::optional<std::string>();
  if (status != MatchStatus::Match)
    return failure(status);
  auto pieces = ReplacementParser(regex, replacement).parse();
  if (!pieces)
    return Unexpected(pieces.error());

  std::string out;
  out.reserve(std::min(subject.size(), limits.maxBytes));
  size_t copied = 0;
  for (unsigned count = 1; status == MatchStatus::Match; ++count) {
    appendSlice(out, subject, copied, matcher.begin());
    for (const Piece &piece : *pieces) {
      utf8::appendText(out, piece.literal);
      if (piece.group != Piece::kNoGroup && matcher.begin(piece.group) != RegexMatcher::npos)
        appendSlice(out, subject, matcher.begin(piece.group), matcher.end(piece.group));
      if (out.size() > limits.maxBytes)
        return Unexpected(ReplaceError{Kind::ResultTooLong, "result is too long"});
    }
    copied = matcher.end();
    if (count % kMatchesPerPoll == 0 && limits.poll && !limits.poll())
      return Unexpected(ReplaceError{Kind::Stopped, "stopped"});
    status = matcher.next();
  }
  if (status != MatchStatus::NoMatch)
    return failure(status);
  appendSlice(out, subject, copied, subject.size());
  if (out.size() > limits.maxBytes)
    return Unexpected(ReplaceError{Kind::ResultTooLong, "result is too long"});
  return std::optional<std::string>(std::move(out));
}

} // namespace branchline::runtime
