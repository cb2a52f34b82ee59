// One way to go through lists, sets and sequences, for loops of the language and library alike.
#pragma once

#include "branchline/Runtime/Heap.h"
#include "branchline/Runtime/Trap.h"

#include <optional>

namespace branchline::runtime {

/// True for List, Set and Sequence. \rule R2.11.9
bool isIterable(const Value &value);

/// An iterator value over a snapshot of `iterable` (its kind must satisfy isIterable).
Value makeIterator(Heap &heap, const Value &iterable);

/// The next item, or nothing at the end. \param iterator made by makeIterator
std::optional<Value> nextItem(Heap &heap, const Value &iterator);

} // namespace branchline::runtime
