// The public face of writing: frames one text, so that an error leaves no part of it behind, and
// adds the raw form.
#include "branchline/Format/JsonWriter.h"

#include "Escape.h"
#include "JsonEmitter.h"

#include "branchline/Lang/Errors.h"
#include "branchline/Numeric/NumberText.h"
#include "branchline/Runtime/Base64.h"

#include <utility>

namespace branchline::format {

using runtime::Tag;
using runtime::Value;

struct JsonWriter::Impl {
  JsonWriteOptions options;
  TextSink sink;
  JsonEmitter emitter;

  explicit Impl(const JsonWriteOptions &chosen) : options(chosen), emitter(chosen, sink) {}

  void begin(std::string &out) {
    sink.begin(out, options.maxBytes);
    emitter.forgetKeys();
  }
  bool raw(const Value &value);
  Expected<void, Error> finish(bool ok);
};

/// Writes what has a raw form of its own. \rule R5.17.2
bool JsonWriter::Impl::raw(const Value &value) {
  switch (value.tag()) {
  case Tag::Null:
    return true;
  case Tag::Int: {
    char *to = sink.room(kNumberBufferSize);
    sink.advance(appendInt(to, value.asInt()));
    return true;
  }
  case Tag::Float: {
    char *to = sink.room(kNumberBufferSize);
    sink.advance(appendDouble(to, value.asFloat()));
    return true;
  }
  case Tag::String:
    writeReplacingSurrogates(sink, value.text());
    return true;
  case Tag::BigInt:
    sink.put(runtime::viewBigInt(value).toString());
    return true;
  case Tag::Decimal:
    sink.put(runtime::viewDecimal(value).toText());
    return true;
  case Tag::Bytes:
    sink.put(runtime::base64Encode(value.object<runtime::BytesObject>()->view()));
    return true;
  case Tag::Bool:
  case Tag::List:
  case Tag::Object:
  case Tag::Set:
  case Tag::Function:
  case Tag::Sequence:
  case Tag::Handle:
  case Tag::Unbound:
  case Tag::Iterator:
  case Tag::Cell:
  case Tag::JsonText:
    break;
  }
  return emitter.value(value, 0);
}

Expected<void, Error> JsonWriter::Impl::finish(bool ok) {
  if (std::optional<Error> error = emitter.takeError()) {
    sink.rollBack();
    return Unexpected(std::move(*error));
  }
  if (!sink.finish() || !ok)
    return Unexpected(error::make<error::Id::OutputSize>(options.maxBytes));
  return {};
}

JsonWriter::JsonWriter(const JsonWriteOptions &options) : impl_(std::make_unique<Impl>(options)) {}

JsonWriter::~JsonWriter() = default;

Expected<void, Error> JsonWriter::write(std::string &out, const Value &value) {
  impl_->begin(out);
  return impl_->finish(impl_->emitter.value(value, 0));
}

Expected<void, Error> JsonWriter::writeRaw(std::string &out, const Value &value) {
  impl_->begin(out);
  return impl_->finish(impl_->raw(value));
}

bool JsonWriter::wroteOtherKeys() const { return impl_->emitter.wroteOtherKeys(); }

Expected<void, Error> writeJson(std::string &out, const Value &value,
                                const JsonWriteOptions &options) {
  return JsonWriter(options).write(out, value);
}

Expected<void, Error> writeRaw(std::string &out, const Value &value,
                               const JsonWriteOptions &options) {
  return JsonWriter(options).writeRaw(out, value);
}

} // namespace branchline::format
