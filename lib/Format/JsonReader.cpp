// Puts the two halves of reading together: simdjson finds the structural characters and checks
// UTF-8 and quotes, the walker builds values. A rejected document is read again by the diagnosing
// parser, which knows the message and the place.
#include "branchline/Format/JsonReader.h"

#include "JsonWalker.h"

#include "branchline/Lang/Errors.h"

#include <algorithm>
#include <simdjson.h>
#include <utility>

namespace branchline::format {

using runtime::Value;

namespace {

constexpr size_t kFirstCapacity = 4096;

/// The kernel for this processor. simdjson lets the environment name another one and answers a
/// wrong name with a kernel that refuses everything; the portable one then takes its place.
const simdjson::implementation &kernel() {
  const simdjson::implementation *active = simdjson::get_active_implementation();
  if (active->name() != "unsupported")
    return *active;
  const simdjson::implementation *portable = simdjson::get_available_implementations()["fallback"];
  return portable != nullptr ? *portable : *active;
}

} // namespace

struct JsonReader::Impl {
  runtime::Heap &heap;
  JsonReadOptions options;
  JsonWalker walker;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> scanner;
  // simdjson's portable kernel leaves UTF-8 to its own second half, which we do not use.
  bool checkUtf8;

  Impl(runtime::Heap &heapUsed, const JsonReadOptions &chosen)
      : heap(heapUsed), options(chosen), walker(heapUsed, chosen),
        checkUtf8(kernel().name() == "fallback") {}

  Expected<Value, Error> read(std::string_view text);

private:
  bool reserve(size_t bytes);
  Expected<Value, Error> rejected(std::string_view text) const;
};

/// Makes room for the positions of a text. False when there is no memory.
bool JsonReader::Impl::reserve(size_t bytes) {
  if (scanner != nullptr && scanner->capacity() >= bytes)
    return true;
  if (scanner == nullptr) {
    // The nesting depth concerns simdjson's second half only.
    return kernel().create_dom_parser_implementation(std::max(bytes, kFirstCapacity), 1, scanner) ==
           simdjson::SUCCESS;
  }
  const size_t wanted = std::min(std::max(bytes, scanner->capacity() * 2), size_t(kMaxJsonBytes));
  return scanner->allocate(wanted, 1) == simdjson::SUCCESS;
}

Expected<Value, Error> JsonReader::Impl::rejected(std::string_view text) const {
  if (std::optional<Error> found = diagnoseJson(text, options))
    return Unexpected(std::move(*found));
  return Unexpected(error::make<error::Id::JsonRejected>());
}

Expected<Value, Error> JsonReader::Impl::read(std::string_view text) {
  const uint64_t limit = std::min(options.maxBytes, kMaxJsonBytes);
  if (text.size() > limit)
    return Unexpected(error::make<error::Id::JsonSize>(text.size(), limit));
  if (isBlankText(text))
    return options.blankIsEmptyObject ? heap.object() : Value::null();
  if (!reserve(text.size()))
    return Unexpected(error::make<error::Id::JsonMemory>(heap.memoryLimit()));
  const auto *bytes = reinterpret_cast<const uint8_t *>(text.data());
  if (scanner->stage1(bytes, text.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS ||
      (checkUtf8 && !kernel().validate_utf8(text.data(), text.size())))
    return rejected(text);
  Value value;
  switch (
      walker.walk(text, scanner->structural_indexes.get(), scanner->n_structural_indexes, value)) {
  case WalkFailure::None:
    return value;
  case WalkFailure::Malformed:
    return rejected(text);
  case WalkFailure::ValueLimit:
    return Unexpected(error::make<error::Id::JsonValueLimit>(walker.limitMessage()));
  case WalkFailure::Memory:
    return Unexpected(error::make<error::Id::JsonMemory>(heap.memoryLimit()));
  }
  BL_UNREACHABLE("a walk ends in one of its ways");
}

JsonReader::JsonReader(runtime::Heap &heap, const JsonReadOptions &options)
    : impl_(std::make_unique<Impl>(heap, options)) {}

JsonReader::~JsonReader() = default;

Expected<Value, Error> JsonReader::read(std::string_view text) { return impl_->read(text); }

Expected<Value, Error> readJson(runtime::Heap &heap, std::string_view text,
                                const JsonReadOptions &options) {
  JsonReader reader(heap, options);
  return reader.read(text);
}

} // namespace branchline::format
