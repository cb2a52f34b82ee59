// Sets of value kinds, as statically known for an SSA value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace branchline::ir {

/// A set of kinds; the empty set belongs to instructions without a result.
struct KindSet {
  uint32_t bits = 0;
  constexpr KindSet operator|(KindSet other) const { return {bits | other.bits}; }
  constexpr KindSet operator&(KindSet other) const { return {bits & other.bits}; }
  constexpr bool operator==(const KindSet &) const = default;
  constexpr bool contains(KindSet other) const { return (bits & other.bits) == other.bits; }
  constexpr bool empty() const { return bits == 0; }
};

namespace kinds {
inline constexpr KindSet Null{1u << 0};
inline constexpr KindSet Bool{1u << 1};
inline constexpr KindSet Int{1u << 2};
inline constexpr KindSet Float{1u << 3};
inline constexpr KindSet BigInt{1u << 4};
inline constexpr KindSet Decimal{1u << 5};
inline constexpr KindSet String{1u << 6};
inline constexpr KindSet Bytes{1u << 7};
inline constexpr KindSet List{1u << 8};
inline constexpr KindSet Object{1u << 9};
inline constexpr KindSet Set{1u << 10};
inline constexpr KindSet Function{1u << 11};
inline constexpr KindSet Sequence{1u << 12};
inline constexpr KindSet Handle{1u << 13};
inline constexpr KindSet Unbound{1u << 14};
inline constexpr KindSet Iterator{1u << 15};
inline constexpr KindSet Number = Int | Float | BigInt | Decimal;
/// Every kind a program can see.
inline constexpr KindSet Any{(1u << 14) - 1};
/// Any, or the unbound state of a variable.
inline constexpr KindSet Raw = Any | Unbound;
} // namespace kinds

/// `any`, `raw`, `int|float`, … as printed after a value.
std::string kindText(KindSet kinds);

/// The set that one word of `kindText` stands for.
std::optional<KindSet> kindNamed(std::string_view word);

} // namespace branchline::ir
