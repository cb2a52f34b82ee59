// The texts of value limits, so that every kernel says the same. \rule D8
#pragma once

#include "branchline/Runtime/Heap.h"
#include "branchline/Runtime/Trap.h"

namespace branchline::runtime {

/// Growth by less than this is not checked beforehand; safe points notice it.
inline constexpr uint64_t kUncheckedBytes = 64 * 1024;

Unexpected<Trap> nestingTrap();
Unexpected<Trap> stringSizeTrap();
Unexpected<Trap> listSizeTrap();
Unexpected<Trap> objectSizeTrap();
Unexpected<Trap> integerSizeTrap();
Unexpected<Trap> decimalSizeTrap();
Unexpected<Trap> memoryTrap(const Heap &heap);

} // namespace branchline::runtime
