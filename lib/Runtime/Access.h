// What reads and path writes share.
#pragma once

#include "branchline/Runtime/Heap.h"
#include "branchline/Runtime/Trap.h"

namespace branchline::runtime {

/// The position that `index` names in a list.
/// \errors IndexOutOfBounds; IndexNotInteger: neither Int nor BigInt. \rule R2.10.3, D3
Result<uint32_t> checkIndex(const ListObject &list, const Value &index);

} // namespace branchline::runtime
