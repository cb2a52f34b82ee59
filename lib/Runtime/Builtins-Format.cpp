// FORMAT: templates with {key} placeholders. \rule R3.7.15, R3.7.16
#include "BuiltinSupport.h"

#include "branchline/Numeric/NumberText.h"

#include <algorithm>

namespace branchline::runtime::library {

namespace {

// The value for a key among list items, or null pointer.
const Value *findItem(const ListObject &list, std::string_view key) {
  const std::optional<int64_t> index = parseInt64(key);
  if (!index || *index < 0 || *index >= static_cast<int64_t>(list.size))
    return nullptr;
  return &list.data[*index];
}

bool isIntegerKey(std::string_view key) {
  return !key.empty() && (key == "0" || key[0] != '0') &&
         std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The value of the first entry whose key has this text, or null pointer. The text `1` can be that
// of two keys, a string and an integer; both point into the same array of values.
const Value *findEntry(Heap &heap, const ObjectObject &object, std::string_view key) {
  const Value *byText = findField(heap, object, key);
  // Objects with a shape have string keys only.
  if (object.shape != nullptr || !isIntegerKey(key))
    return byText;
  const Value *byNumber = nullptr;
  if (const std::optional<int64_t> number = parseInt64(key)) {
    byNumber = findKey(heap, object, Value::integer(*number));
  } else {
    const ParsedBigInt parsed = parseBigInt(key);
    if (parsed.error == NumberError::None)
      byNumber = findKey(heap, object, heap.bigInt(parsed.value));
  }
  if (byText == nullptr || byNumber == nullptr)
    return byText == nullptr ? byNumber : byText;
  return std::min(byText, byNumber);
}

} // namespace

Result<Value> builtinFORMAT(Context &context, Args args) {
  Heap &heap = context.heap;
  if (!args[0].isString())
    return failState("FORMAT: template must be string");
  if (!args[1].isList() && !args[1].isObject())
    return failState("FORMAT: args must be list or object");
  const std::string_view text = args[0].text();
  TextBuilder out(heap);
  const size_t lastClose = text.rfind('}');
  Pulse pulse;
  size_t at = 0;
  while (at < text.size()) {
    if (pulse.due())
      BL_CHECK(context.safePoint());
    const size_t brace = std::min(text.size(), text.find_first_of("{}", at));
    BL_CHECK(out.add(text.substr(at, brace - at)));
    if (brace == text.size())
      break;
    at = brace + 1;
    if (at < text.size() && text[at] == text[brace]) { // `{{` or `}}`
      BL_CHECK(out.add(text.substr(brace, 1)));
      ++at;
      continue;
    }
    if (text[brace] == '}' || lastClose == std::string_view::npos || lastClose < at) {
      BL_CHECK(out.add(text.substr(brace, 1)));
      continue;
    }
    const size_t close = text.find('}', at);
    const std::string_view key = text.substr(at, close - at);
    const Value *found = args[1].isList() ? findItem(*args[1].list(), key)
                                          : findEntry(heap, *args[1].asObject(), key);
    at = close + 1;
    if (found != nullptr)
      BL_CHECK(out.addForm(*found));
    else
      BL_CHECK(out.add(text.substr(brace, at - brace)));
  }
  return out.finish();
}

} // namespace branchline::runtime::library
