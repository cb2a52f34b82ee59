// Where in a document something stands, counted while its text goes by and is forgotten.
#pragma once

#include "branchline/Support/SourceText.h"

#include <cstdint>
#include <string_view>

namespace branchline::stream {

/// Line feeds of a text. \complexity O(bytes), some bytes a cycle
uint64_t countLineFeeds(std::string_view text);

/// A place that only moves forward. Malformed UTF-8 is counted somehow.
class DocumentPlace {
public:
  /// Moves past a text. \complexity O(bytes), some bytes a cycle
  void advance(std::string_view text);

  LineColumn lineColumn() const {
    return {static_cast<uint32_t>(line_), static_cast<uint32_t>(column_)};
  }
  /// UTF-16 units of the document before this place.
  uint64_t units() const { return units_; }

private:
  uint64_t line_ = 1;
  uint64_t column_ = 1;
  uint64_t units_ = 0;
};

} // namespace branchline::stream
