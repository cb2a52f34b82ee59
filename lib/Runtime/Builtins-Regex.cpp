// MATCH and REPLACE (section 3.8): the library's side of regular expressions. Patterns and matching
// are in Regex.h.
#include "BuiltinSupport.h"

#include "branchline/Runtime/Regex.h"

#include <algorithm>
#include <optional>

namespace branchline::runtime::library {

namespace {

Result<std::shared_ptr<const Regex>> compilePattern(Context &context, const Value &pattern) {
  BL_TRY(const Value text, textOrEmpty(context.heap, pattern));
  auto regex = context.regexes.get(text.text());
  if (!regex)
    return fail(TrapId::LibraryPattern, std::move(regex).error().message);
  return std::move(*regex);
}

Unexpected<Trap> failBacktracking(std::string_view name) {
  return fail(TrapId::ValueLimit, fmt::format("{}: pattern backtracks too much", name));
}

Unexpected<Trap> failMalformed(std::string_view name) {
  return failArgument(fmt::format("{}: malformed text", name));
}

Unexpected<Trap> failReplace(ReplaceError error, std::optional<Trap> stopped) {
  switch (error.kind) {
  case ReplaceError::Kind::IllegalArgument:
    return failArgument(std::move(error.message));
  case ReplaceError::Kind::IndexOutOfBounds:
    return fail(TrapId::LibraryIndex, std::move(error.message));
  case ReplaceError::Kind::LimitExceeded:
    return failBacktracking("REPLACE");
  case ReplaceError::Kind::ResultTooLong:
    return stringSizeTrap();
  case ReplaceError::Kind::Stopped:
    return Unexpected<Trap>(std::move(*stopped));
  case ReplaceError::Kind::MalformedText:
    return failMalformed("REPLACE");
  }
  BL_UNREACHABLE("closed enum");
}

} // namespace

Result<Value> builtinMATCH(Context &context, Args args) {
  if (!args[0].isString())
    return failState("MATCH: first arg must be string");
  Heap &heap = context.heap;
  BL_TRY(const std::shared_ptr<const Regex> regex, compilePattern(context, args[1]));
  const std::string_view subject = args[0].text();
  RegexMatcher matcher(*regex, subject, context.regexes.scratch());
  Value result = heap.list();
  std::string storage;
  Pulse pulse;
  MatchStatus status;
  while ((status = matcher.next()) == MatchStatus::Match) {
    if (pulse.due())
      BL_CHECK(context.safePoint());
    const std::string_view found = matcher.text(storage);
    const bool inSubject = found.data() >= subject.data() &&
                           found.data() + found.size() <= subject.data() + subject.size();
    // Half of a surrogate pair is not a part of the subject's bytes.
    const auto begin = static_cast<size_t>(found.data() - subject.data());
    BL_TRY(Value part,
           inSubject ? slice(heap, args[0], begin, begin + found.size()) : makeString(heap, found));
    BL_CHECK(append(heap, *result.list(), std::move(part)));
  }
  switch (status) {
  case MatchStatus::Match:
  case MatchStatus::NoMatch:
    return result;
  case MatchStatus::LimitExceeded:
    return failBacktracking("MATCH");
  case MatchStatus::MalformedText:
    return failMalformed("MATCH");
  }
  BL_UNREACHABLE("closed enum");
}

Result<Value> builtinREPLACE(Context &context, Args args) {
  if (!args[0].isString())
    return failState("REPLACE: first arg must be string");
  BL_TRY(const std::shared_ptr<const Regex> regex, compilePattern(context, args[1]));
  BL_TRY(const Value replacement, textOrEmpty(context.heap, args[2]));
  std::optional<Trap> stopped;
  ReplaceLimits limits;
  limits.maxBytes = kMaxStringBytes;
  limits.poll = [&] {
    auto check = context.safePoint();
    if (!check)
      stopped = std::move(check).error();
    return !stopped.has_value();
  };
  auto replaced =
      replaceAll(*regex, args[0].text(), replacement.text(), context.regexes.scratch(), limits);
  if (!replaced)
    return failReplace(std::move(replaced).error(), std::move(stopped));
  if (!replaced->has_value())
    return std::move(args[0]);
  return makeString(context.heap, **replaced);
}

} // namespace branchline::runtime::library
