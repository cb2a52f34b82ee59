// Where UTF-16 units are in long strings that are not ASCII: one breadcrumb every 256 units for the
// strings asked about last. Holds a reference to them, so that their memory is not used again.
#pragma once

#include "branchline/Runtime/Value.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace branchline::runtime {

class TextIndex {
public:
  /// Strings up to this many bytes are cheaper to scan.
  static constexpr size_t kMinBytes = 256;

  /// Number of units of a long string.
  size_t length(const Value &string);
  /// Byte offset of a unit of a long string; see unitOffset.
  size_t offset(const Value &string, size_t unit, bool &splitPair);
  /// Lets go of all strings.
  void clear();

private:
  static constexpr size_t kStep = 256;
  static constexpr size_t kEntries = 4;
  struct Entry {
    Value string;                 // the longest text seen at this address
    std::vector<uint32_t> crumbs; // [k]: offset * 2 + 1 if unit k * kStep is the second of a pair
    size_t scanned = 0;           // bytes the crumbs cover
    size_t units = 0;             // units in those bytes
  };
  Entry &entryFor(const Value &string);
  static void scan(Entry &entry);
  static size_t lengthOfPrefix(const Entry &entry, size_t bytes);

  std::array<Entry, kEntries> entries_;
  size_t oldest_ = 0;
};

} // namespace branchline::runtime
