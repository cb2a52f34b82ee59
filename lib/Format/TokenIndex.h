// The first half of reading, done by simdjson: finds the structural characters of a text and the
// starts of its scalars, and checks UTF-8, quotes and control characters on the way.
#pragma once

#include <cstdint>
#include <memory>
#include <simdjson.h>
#include <string_view>

namespace branchline::format {

/// The tokens of one text after another; keeps its memory.
class TokenIndex {
public:
  TokenIndex();

  /// Makes room for a text of so many bytes. False when there is no memory.
  bool reserve(size_t bytes);

  /// \param text  not blank, with room for it
  /// \returns     false when a string is open, or has control characters, or the text is no UTF-8
  bool scan(std::string_view text);

  /// Where tokens start, and behind them the size of the text.
  const uint32_t *positions() const { return scanner_->structural_indexes.get(); }
  uint32_t count() const { return scanner_->n_structural_indexes; }

private:
  std::unique_ptr<simdjson::internal::dom_parser_implementation> scanner_;
  bool checkUtf8_;
};

} // namespace branchline::format
