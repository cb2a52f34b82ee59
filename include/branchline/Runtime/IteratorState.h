// How engines that keep iterators in registers hand them to each other.
// A list being gone through: the list itself, with the next index where strings keep their length.
// Numbers of a range: Tag::Int, payload the next number, step in bits 16-31, numbers left in 32-63.
// Sets and sequences: a value of Tag::Iterator (Runtime/Iteration.h).
#pragma once

namespace branchline::runtime {

inline constexpr unsigned kIteratorStepShift = 16;
/// Of a range's numbers left, and of a list's next index.
inline constexpr unsigned kIteratorCountShift = 32;

} // namespace branchline::runtime
