// The common ways of runtime calls as LLVM bitcode: this file is compiled by clang when the library
// is built, linked into modules that use it, and inlined there. A kernel has the type and meaning
// of the call of its name, which it makes when the common way is not the one to take; so it refers
// to nothing by name. Leaves out how the ways go (NativeInline.h), which the calls share.
#include "branchline/Runtime/NativeInline.h"

#include <type_traits>

namespace branchline::runtime {
namespace {

/// Gives up an operand that dies, without the code that takes objects apart.
[[gnu::always_inline]] inline void drop(NativeState *state, Value *value) {
  if (value->isCounted())
    state->calls.Drop(value);
}

[[gnu::always_inline]] inline void dropOperands(NativeState *state, Value *a, Value *b,
                                                uint32_t what) {
  if (what & kKillsA)
    drop(state, a);
  if (what & kKillsB)
    drop(state, b);
}

/// A member that objects of the cached shape have. Counting is left to calls: what is found is
/// mostly in the input and not counted, and the base always is.
[[gnu::always_inline]] inline bool knownMember(NativeState *state, Value *out, Value *base,
                                               NameCache *cache, uint32_t kills) {
  if (!isCached(*base, *cache) || cache->slot == kNoSlot)
    return false;
  uint64_t words[2];
  __builtin_memcpy(words, base->asObject()->values + cache->slot, sizeof words);
  __builtin_memcpy(static_cast<void *>(out), words, sizeof words);
  if (out->isCounted())
    state->calls.Retain(words[0], words[1]);
  if (kills)
    state->calls.Drop(base);
  return true;
}

} // namespace

extern "C" {

[[gnu::always_inline]] Status GetName(NativeState *state, Value *out, Value *base, NameCache *cache,
                                      uint32_t kills) {
  if (!knownMember(state, out, base, cache, kills)) [[unlikely]]
    return state->calls.GetName(state, out, base, cache, kills);
  return 1;
}

[[gnu::always_inline]] Status GetText(NativeState *state, Value *out, Value *base, NameCache *cache,
                                      uint32_t kills) {
  if (!knownMember(state, out, base, cache, kills)) [[unlikely]]
    return state->calls.GetText(state, out, base, cache, kills);
  return 1;
}

[[gnu::always_inline]] uint32_t NextItem(NativeState *state, uint64_t head, uint64_t payload,
                                         uint64_t *next, Value *out) {
  if (static_cast<Tag>(head & 0xFF) != Tag::List) [[unlikely]]
    return state->calls.NextItem(state, head, payload, next, out);
  return nextOfList(*reinterpret_cast<const ListObject *>(payload), *next, out);
}

// Machine numbers hold no counts: where they are the operands, there is nothing to give up.

[[gnu::always_inline]] Status Binary(NativeState *state, Value *out, Value *a, Value *b,
                                     uint32_t what) {
  if (numberArithmetic(static_cast<BinaryOp>(what & 0xFF), *a, *b, out)) [[likely]]
    return 1;
  return state->calls.Binary(state, out, a, b, what);
}

[[gnu::always_inline]] uint32_t Compare(NativeState *state, Value *a, Value *b, uint32_t what) {
  const auto op = static_cast<BinaryOp>(what & 0xFF);
  bool truth = false;
  if (numberComparison(op, *a, *b, truth)) [[likely]]
    return truth;
  if (textComparison(op, *a, *b, truth)) {
    dropOperands(state, a, b, what);
    return truth;
  }
  return state->calls.Compare(state, a, b, what);
}

[[gnu::always_inline]] Status SumStep(NativeState *state, Value *out, uint32_t builtin,
                                      const Value *sum, const Value *item) {
  if (numberArithmetic(BinaryOp::Add, *sum, *item, out)) [[likely]]
    return 1;
  return state->calls.SumStep(state, out, builtin, sum, item);
}

} // extern "C"

#define BL_KERNEL(Name)                                                                            \
  static_assert(std::is_same_v<decltype(&Name), decltype(RuntimeCalls::Name)>,                     \
                #Name " differs from the runtime call");
#include "Kernels.def"

} // namespace branchline::runtime
