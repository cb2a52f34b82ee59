// Strings as values: concatenation, and positions counted in UTF-16 units without scanning long
// strings again and again. Leaves out: the text form of other values (Ops.h) and what library
// functions do with text.
#pragma once

#include "branchline/Runtime/Heap.h"
#include "branchline/Runtime/Trap.h"

#include <cstddef>
#include <string_view>

namespace branchline::runtime {

/// Number of UTF-16 units of a string.
/// \param string    a String value, borrowed.
/// \complexity      O(1) for ASCII strings and for the long strings asked about last; else O(n).
/// \rule R2.2.3
size_t unitLength(Heap &heap, const Value &string);

/// Byte offset of the `unit`-th UTF-16 unit; past the end it is the size of the text.
/// \param splitPair set when the unit is the second half of a pair; the offset is that of the pair.
/// \complexity      O(1) for ASCII strings and for the long strings asked about last; else O(n).
/// \rule R2.2.3
size_t unitOffset(Heap &heap, const Value &string, size_t unit, bool &splitPair);

/// Units [begin, end) as a string; a cut pair leaves an unpaired surrogate. Bounds past the end are
/// the end. Shares the bytes of borrowed strings.
/// \complexity      O(result) for ASCII strings and for the long strings asked about last.
/// \rule R3.2.11
Value unitSubstring(Heap &heap, const Value &string, size_t begin, size_t end);

/// Two strings joined into one, halves of a surrogate pair that meet included.
/// \complexity      O(a + b); O(b) amortised when `a` is the result of the last concatenation onto
///                  the same text, so that building a text piece by piece is linear.
/// \errors          ValueLimit, MemoryLimit
/// \rule R2.8.1
Result<Value> concatText(Heap &heap, const Value &a, const Value &b);

/// A hash of bytes; equal within one process only, so nothing a program sees may depend on it.
uint64_t hashText(std::string_view text) noexcept;

} // namespace branchline::runtime
