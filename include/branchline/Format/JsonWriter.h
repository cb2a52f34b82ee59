// Values to JSON text: pretty, compact and canonical, byte for byte as specified. Leaves out: where
// the text goes, and turning integer keys of objects that now collide into one (Ops.h,
// `stringifyKeys`, comes before).
#pragma once

#include "branchline/Format/JsonOptions.h"
#include "branchline/Support/Error.h"

#include <memory>
#include <string>

namespace branchline::format {

/// How values are written.
struct JsonWriteOptions {
  JsonFormat format = JsonFormat::Pretty;
  JsonNumbers numbers = JsonNumbers::Safe;
  /// Bound on the bytes of one text; 0 means none. \rule D23
  uint64_t maxBytes = 0;
  /// Nesting beyond this is an error. Writing uses the machine stack, some 300 bytes a level.
  uint32_t maxDepth = kMaxJsonDepth;
};

/// Writes values one after another. Remembers how the keys of objects look, so that many similar
/// objects cost no escaping of keys. Not thread-safe.
class JsonWriter {
public:
  explicit JsonWriter(const JsonWriteOptions &options = {});
  ~JsonWriter();
  JsonWriter(const JsonWriter &) = delete;
  JsonWriter &operator=(const JsonWriter &) = delete;

  /// Appends the text of a value, without a final newline.
  /// \param out       unchanged when there is an error.
  /// \param value     of one and the same heap in all calls; `Heap::reset` between them is fine.
  /// \errors          every row 42xx of Errors.def.
  /// \complexity      O(bytes written); sets are sorted first, and nested ones once more a level.
  /// \rule R5.4, R5.5, R5.6, D44
  [[nodiscard]] Expected<void, Error> write(std::string &out, const runtime::Value &value);

  /// Appends the raw form: nothing for null, strings and numbers without quotes, other values as
  /// `write`. An unpaired surrogate becomes `?`.
  /// \errors          those of `write`. \rule R5.17.2
  [[nodiscard]] Expected<void, Error> writeRaw(std::string &out, const runtime::Value &value);

  /// Whether the last text has a key that is no string: two of them may have become the same, which
  /// `stringifyKeys` would have settled.
  bool wroteOtherKeys() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Writes one value; see JsonWriter::write.
[[nodiscard]] Expected<void, Error> writeJson(std::string &out, const runtime::Value &value,
                                              const JsonWriteOptions &options = {});

/// Writes one value in raw form; see JsonWriter::writeRaw.
[[nodiscard]] Expected<void, Error> writeRaw(std::string &out, const runtime::Value &value,
                                             const JsonWriteOptions &options = {});

} // namespace branchline::format
