// The order in which the items of a set are written. Leaves out: writing them.
#pragma once

#include "branchline/Format/JsonOptions.h"
#include "branchline/Runtime/Heap.h"

#include <cstdint>
#include <span>
#include <vector>

namespace branchline::format {

/// The items of a set in the order of their rank and value; items that are equal there keep their
/// order.
/// \param numbers  the mode of the output; canonical texts that decide are written in it
/// \param depth    containers around the items
/// \rule R5.6.1-R5.6.3, 5-Q13
std::vector<const runtime::Value *> orderedItems(std::span<const runtime::Value> items,
                                                 JsonNumbers numbers, uint32_t depth);

} // namespace branchline::format
