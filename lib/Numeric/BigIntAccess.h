// Write access to the GMP number inside a BigInt, for this library only. Writing is safe only on a
// value that was just default-constructed or copied: a view must never be written.
#pragma once

#include "branchline/Numeric/BigInt.h"

namespace branchline {

/// The key to a BigInt's GMP number.
struct BigIntAccess {
  /// The number for writing. \param value owned limbs, not a view.
  static mpz_ptr write(BigInt &value) noexcept { return value.value_; }
};

} // namespace branchline
