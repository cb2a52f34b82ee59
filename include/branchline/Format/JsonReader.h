// JSON text to values: RFC 8259 with the number kinds, key rules and messages of the language.
// Strings without escapes stay slices of the text. Leaves out: where the text comes from
// (InputBuffer.h) and how the members of the input become names.
#pragma once

#include "branchline/Format/JsonOptions.h"
#include "branchline/Support/Error.h"

#include <memory>
#include <optional>
#include <string_view>

namespace branchline::format {

struct ReadPlan;

/// What a document may be and how it is read.
struct JsonReadOptions {
  JsonNumbers numbers = JsonNumbers::Safe;
  JsonKeys keys = JsonKeys::String;
  /// With JsonKeys::Numeric: convert the keys of a root object too. \rule R5.2.11
  bool convertRootKeys = false;
  /// Blank text is the empty object; otherwise it is null. \rule R5.2.1
  bool blankIsEmptyObject = true;
  /// Nesting beyond this is an error. \rule 5-Q9
  uint32_t maxDepth = kMaxJsonDepth;
  /// Longer text is an error; at most kMaxJsonBytes is ever taken.
  uint64_t maxBytes = kMaxJsonBytes;
  /// Parts that a plan skips are looked at for quotes, UTF-8 and balanced brackets only: wrong
  /// grammar, numbers, escapes and repeated keys in them go unnoticed.
  bool trustInput = false;
};

/// Reads documents one after another. Remembers the objects it has seen, so that many similar
/// documents (or one with many similar records) cost no hashing of keys. Not thread-safe.
class JsonReader {
public:
  /// \param heap borrowed; its shapes must stay, so it outlives the reader. `Heap::reset` between
  ///             documents is fine.
  /// \param plan what is needed of the documents, borrowed; null: everything. Without effect when
  ///             keys may become integers.
  explicit JsonReader(runtime::Heap &heap, const JsonReadOptions &options = {},
                      const ReadPlan *plan = nullptr);
  ~JsonReader();
  JsonReader(const JsonReader &) = delete;
  JsonReader &operator=(const JsonReader &) = delete;

  /// The value of a document.
  /// \param text      borrowed until the value and everything made from it is gone: strings are
  ///                  slices of it. Bytes after it are not read.
  /// \errors          every row 41xx of Errors.def, with line and column.
  /// \complexity      O(bytes); nesting costs no machine stack.
  /// \rule R5.2.1-R5.2.11, D1, D8, E12
  [[nodiscard]] Expected<runtime::Value, Error> read(std::string_view text);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reads one document; see JsonReader::read.
[[nodiscard]] Expected<runtime::Value, Error> readJson(runtime::Heap &heap, std::string_view text,
                                                       const JsonReadOptions &options = {},
                                                       const ReadPlan *plan = nullptr);

/// What is wrong with a document, found by a plain second parser that keeps exact positions; it
/// builds nothing. The reader asks it only after its own rejection.
/// \returns         nothing when the document is well-formed. It knows no memory limit and no limit
///                  of single values.
/// \complexity      O(bytes), slower than reading.
/// \rule R5.2.10
[[nodiscard]] std::optional<Error> diagnoseJson(std::string_view text,
                                                const JsonReadOptions &options = {});

/// Whether a text is empty or has only characters of the set W. \rule R5.1.3
[[nodiscard]] bool isBlankText(std::string_view text);

} // namespace branchline::format
