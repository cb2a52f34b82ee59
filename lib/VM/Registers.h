// Registers as two words: how the machine writes values without the copies and checks of general
// assignment, and what it keeps in iterator registers. Private to VM.
#pragma once

#include "branchline/Runtime/Heap.h"
#include "branchline/Runtime/IteratorState.h"
#include "branchline/Runtime/Value.h"

#include <bit>
#include <cstring>

namespace branchline::vm {

using runtime::Tag;
using runtime::Value;

static_assert(std::endian::native == std::endian::little, "the head of a value is taken apart");

/// A value as it lies in memory: the tag is the lowest byte of `head`, bit 8 says counted.
struct Bits {
  uint64_t head;
  uint64_t payload;
};

constexpr uint64_t headOf(Tag tag) { return static_cast<uint64_t>(tag); }

inline Bits bitsOf(const Value &value) {
  Bits bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}
/// Overwrites without releasing what was there.
inline void setBits(Value &value, Bits bits) {
  std::memcpy(static_cast<void *>(&value), &bits, sizeof(bits));
}
inline void setHead(Value &value, uint64_t head) {
  std::memcpy(static_cast<void *>(&value), &head, sizeof(head));
}

/// Gives up the reference in a register; its bits stay as they are.
[[gnu::noinline]] void releaseCounted(Value &value) noexcept;

inline void release(Value &value) noexcept {
  if (value.isCounted()) [[unlikely]]
    releaseCounted(value);
}

// The new value is complete before the old one goes: it may lie inside the old one.

inline void putBits(Value &to, Bits bits) noexcept {
  release(to);
  setBits(to, bits);
}
inline void putInt(Value &to, int64_t value) noexcept {
  putBits(to, {headOf(Tag::Int), static_cast<uint64_t>(value)});
}
inline void putFloat(Value &to, double value) noexcept {
  putBits(to, {headOf(Tag::Float), std::bit_cast<uint64_t>(value)});
}
inline void putBool(Value &to, bool value) noexcept {
  putBits(to, {headOf(Tag::Bool), static_cast<uint64_t>(value)});
}
inline void putNull(Value &to) noexcept { putBits(to, {headOf(Tag::Null), 0}); }
inline void putUnbound(Value &to) noexcept { putBits(to, {headOf(Tag::Unbound), 0}); }
inline void putCopy(Value &to, const Value &from) noexcept {
  const Bits bits = bitsOf(from);
  if (from.isCounted())
    ++from.header()->refs;
  putBits(to, bits);
}
/// Moves a value out of a register, which is null afterwards; unbound becomes null.
inline Bits takeBits(Value &from) noexcept {
  Bits bits = bitsOf(from);
  if (from.isUnbound())
    bits.head = headOf(Tag::Null);
  setHead(from, headOf(Tag::Null));
  return bits;
}
inline void putTaken(Value &to, Value &from) noexcept { putBits(to, takeBits(from)); }
inline void putValue(Value &to, Value &&from) noexcept {
  const Bits bits = bitsOf(from);
  setHead(from, headOf(Tag::Null));
  putBits(to, bits);
}
inline Value take(Value &from) noexcept {
  Value taken;
  setBits(taken, takeBits(from));
  return taken;
}

/// What an operation sees of a register: an unbound variable reads as null. \rule R2.3.4
inline const Value &known(const Value &value, const Value &null) {
  return value.isUnbound() ? null : value;
}

// --- Iterator registers ---
// As in Runtime/IteratorState.h. Exhausted: anything not listed there; frames start with the
// unbound state.

inline constexpr unsigned kStepShift = runtime::kIteratorStepShift;
inline constexpr unsigned kCountShift = runtime::kIteratorCountShift;

inline void putRange(Value &iterator, int64_t first, uint32_t count, bool down) noexcept {
  const uint64_t step = down ? 0xFFFF : 1;
  putBits(iterator, {headOf(Tag::Int) | step << kStepShift | uint64_t(count) << kCountShift,
                     static_cast<uint64_t>(first)});
}

/// The next number of a range. \param iterator of Tag::Int
inline bool nextOfRange(Value &iterator, int64_t &number) noexcept {
  Bits bits = bitsOf(iterator);
  if (bits.head >> kCountShift == 0)
    return false;
  number = static_cast<int64_t>(bits.payload);
  bits.head -= uint64_t(1) << kCountShift;
  // The number after the last one may lie outside 64 bits; it is never given out.
  bits.payload +=
      static_cast<uint64_t>(static_cast<int64_t>(static_cast<int16_t>(bits.head >> kStepShift)));
  setBits(iterator, bits);
  return true;
}

inline void putListIterator(Value &iterator, const Value &list) noexcept {
  putCopy(iterator, list); // lists use only the lower half of the head
}

/// The next item of a list. \param iterator of Tag::List
inline const Value *nextOfList(Value &iterator) noexcept {
  const Bits bits = bitsOf(iterator);
  const runtime::ListObject &list = *iterator.list();
  const uint64_t next = bits.head >> kCountShift;
  if (next >= list.size)
    return nullptr;
  setHead(iterator, bits.head + (uint64_t(1) << kCountShift));
  return &list.data[next];
}

} // namespace branchline::vm
