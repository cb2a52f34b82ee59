// Walks a value and writes its JSON text to a sink; one emitter serves one format. Leaves out: the
// raw form and the framing of texts (JsonWriter.cpp).
#pragma once

#include "KeyLayouts.h"
#include "TextSink.h"

#include "branchline/Format/JsonWriter.h"

#include <optional>
#include <span>
#include <string_view>

namespace branchline::format {

/// Writes values one after another into whatever its sink stands for at the time.
class JsonEmitter {
public:
  JsonEmitter(const JsonWriteOptions &options, TextSink &sink)
      : options_(options), sink_(sink), layouts_(options.format) {}

  /// Writes a value that is inside `depth` containers. False when there is an error or the sink is
  /// full.
  bool value(const runtime::Value &value, uint32_t depth);
  /// The error that stopped `value`, or null pointer when the sink was full.
  std::optional<Error> takeError();

  /// Whether a key was written that is no string, since they were forgotten.
  bool wroteOtherKeys() const { return otherKeys_; }
  void forgetKeys() { otherKeys_ = false; }

  /// The text of a key of an object. \param scratch holds it where it is not the key's own
  std::string_view keyText(const runtime::Value &key, std::string &scratch);

private:
  bool pretty() const { return options_.format == JsonFormat::Pretty; }
  bool canonical() const { return options_.format == JsonFormat::Canonical; }
  bool fail(Error error);

  bool jsonText(const runtime::Value &value, uint32_t depth);
  bool integer(int64_t value);
  bool bigInteger(const runtime::Value &value);
  bool decimal(const runtime::Value &value);
  bool real(double value);
  bool canonicalReal(double value);
  /// A long text of digits, in quotes or bare.
  void digits(std::string_view text, bool inQuotes);

  bool list(std::span<const runtime::Value> items, uint32_t depth);
  bool set(const runtime::Value &set, uint32_t depth);
  bool sequence(const runtime::Value &sequence, uint32_t depth);
  bool object(const runtime::ObjectObject &object, uint32_t depth);
  bool withLayout(const runtime::ObjectObject &object, const KeyLayout &layout, uint32_t depth);
  bool withoutLayout(const runtime::ObjectObject &object, uint32_t from, uint32_t depth);
  bool sorted(const runtime::ObjectObject &object, uint32_t from, uint32_t depth);
  bool member(const runtime::ObjectObject &object, uint32_t slot, bool first, uint32_t depth);
  bool checkDepth(uint32_t depth);
  void lineBreak(uint32_t depth);
  /// What stands before an item: comma or opening bracket, and the line break.
  void beforeItem(char bracket, bool first, uint32_t depth);
  void closeContainer(char bracket, uint32_t depth);

  const JsonWriteOptions options_;
  TextSink &sink_;
  KeyLayouts layouts_;
  std::optional<Error> error_;
  bool otherKeys_ = false;
};

} // namespace branchline::format
