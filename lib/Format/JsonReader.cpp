// Puts the two halves of reading together: the token index and the walker. A rejected document is
// read again by the diagnosing parser, which knows the message and the place.
#include "branchline/Format/JsonReader.h"

#include "JsonRejection.h"
#include "JsonWalker.h"
#include "TokenIndex.h"

#include "branchline/Lang/Errors.h"

#include <algorithm>
#include <utility>

namespace branchline::format {

using runtime::Value;

Error explainRejection(WalkFailure failure, std::string_view text, const JsonReadOptions &options,
                       const runtime::Heap &heap, const std::string &limitMessage) {
  switch (failure) {
  case WalkFailure::None:
  case WalkFailure::Malformed:
    if (std::optional<Error> found = diagnoseJson(text, options))
      return std::move(*found);
    return error::make<error::Id::JsonRejected>();
  case WalkFailure::ValueLimit:
    return error::make<error::Id::JsonValueLimit>(limitMessage);
  case WalkFailure::Memory:
    return error::make<error::Id::JsonMemory>(heap.memoryLimit());
  }
  BL_UNREACHABLE("a walk ends in one of its ways");
}

struct JsonReader::Impl {
  runtime::Heap &heap;
  JsonReadOptions options;
  JsonWalker walker;
  TokenIndex tokens;

  Impl(runtime::Heap &heapUsed, const JsonReadOptions &chosen, const ReadPlan *plan)
      : heap(heapUsed), options(chosen), walker(heapUsed, chosen, plan) {}

  Expected<Value, Error> read(std::string_view text);
};

Expected<Value, Error> JsonReader::Impl::read(std::string_view text) {
  const uint64_t limit = std::min(options.maxBytes, kMaxJsonBytes);
  if (text.size() > limit)
    return Unexpected(error::make<error::Id::JsonSize>(text.size(), limit));
  if (isBlankText(text))
    return options.blankIsEmptyObject ? heap.object() : Value::null();
  if (!tokens.reserve(text.size()))
    return Unexpected(error::make<error::Id::JsonMemory>(heap.memoryLimit()));
  Value value;
  WalkFailure failure = WalkFailure::Malformed;
  if (tokens.scan(text)) {
    walker.begin(text, tokens.positions());
    failure = walker.walk(0, tokens.count(), value);
  }
  if (failure == WalkFailure::None)
    return value;
  return Unexpected(explainRejection(failure, text, options, heap, walker.limitMessage()));
}

JsonReader::JsonReader(runtime::Heap &heap, const JsonReadOptions &options, const ReadPlan *plan)
    : impl_(std::make_unique<Impl>(heap, options, plan)) {}

JsonReader::~JsonReader() = default;

Expected<Value, Error> JsonReader::read(std::string_view text) { return impl_->read(text); }

Expected<Value, Error> readJson(runtime::Heap &heap, std::string_view text,
                                const JsonReadOptions &options, const ReadPlan *plan) {
  JsonReader reader(heap, options, plan);
  return reader.read(text);
}

} // namespace branchline::format
