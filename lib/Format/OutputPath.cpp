// Parsing and following output paths.
#include "branchline/Format/OutputPath.h"

#include "branchline/Format/JsonReader.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Numeric/NumberText.h"
#include "branchline/Runtime/Objects.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace branchline::format {

using runtime::Value;

namespace {

/// Bytes of the character of the set W that `text` starts with, or 0.
size_t leadingBlank(std::string_view text) {
  for (size_t length = 1; length <= std::min<size_t>(3, text.size()); ++length)
    if (isBlankText(text.substr(0, length)))
      return length;
  return 0;
}

size_t trailingBlank(std::string_view text) {
  for (size_t length = 1; length <= std::min<size_t>(3, text.size()); ++length)
    if (isBlankText(text.substr(text.size() - length)))
      return length;
  return 0;
}

std::string_view trim(std::string_view text) {
  while (const size_t length = leadingBlank(text))
    text.remove_prefix(length);
  while (const size_t length = trailingBlank(text))
    text.remove_suffix(length);
  return text;
}

std::string_view withoutQuotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == text.back() &&
                      (text.front() == '\'' || text.front() == '"');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

std::optional<int32_t> indexOf(std::string_view text) {
  const std::optional<int64_t> number = parseInt64(text);
  if (!number || *number < std::numeric_limits<int32_t>::min() ||
      *number > std::numeric_limits<int32_t>::max())
    return std::nullopt;
  return static_cast<int32_t>(*number);
}

} // namespace

Expected<OutputPath, Error> OutputPath::parse(std::string_view text) {
  OutputPath path;
  if (isBlankText(text))
    return path;
  for (size_t at = 0; at < text.size();) {
    const size_t stop = std::min(text.find_first_of(".[", at), text.size());
    if (stop != at)
      path.segments_.push_back({std::string(text.substr(at, stop - at)), std::nullopt});
    at = stop + 1;
    if (stop == text.size() || text[stop] == '.')
      continue;
    const size_t close = text.find(']', at);
    if (close == std::string_view::npos)
      return Unexpected(error::make<error::Id::OutputPathOpen>(text));
    const std::string_view inside = trim(text.substr(at, close - at));
    if (inside.empty())
      return Unexpected(error::make<error::Id::OutputPathEmptyIndex>(text));
    const std::string_view key = withoutQuotes(inside);
    path.segments_.push_back({std::string(key), indexOf(key)});
    at = close + 1;
  }
  return path;
}

Value OutputPath::select(runtime::Heap &heap, const Value &value) const {
  Value current = value;
  for (const Segment &segment : segments_) {
    if (current.isObject()) {
      const Value *found = runtime::findField(heap, *current.asObject(), segment.key);
      if (found == nullptr)
        return Value::null();
      current = Value(*found);
    } else if (current.isList() && segment.index && *segment.index >= 0 &&
               static_cast<uint32_t>(*segment.index) < current.list()->size) {
      current = Value(current.list()->data[*segment.index]);
    } else {
      return Value::null();
    }
  }
  return current;
}

} // namespace branchline::format
