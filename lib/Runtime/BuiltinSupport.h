// What the files of the library share: prototypes of all functions, errors with the texts of part
// 3, argument conversions, and builders of lists and texts that check limits before they build.
// Leaves out: what single functions do.
#pragma once

#include "Limits.h"

#include "branchline/Runtime/Builtins.h"
#include "branchline/Runtime/Objects.h"
#include "branchline/Runtime/Ops.h"

#include <new>
#include <span>
#include <string>
#include <string_view>

namespace branchline::runtime::library {

using Args = std::span<Value>;

// The number of arguments has been checked; arguments may be moved from.
#define BL_BUILTIN(Name, Min, Max, Usage, Module, Effect, Res, Rule, Doc)                          \
  Result<Value> builtin##Name(Context &context, Args args);
#include "branchline/Lang/Builtins.def"

// --- Errors; the letters are the tags of R3.1.2 ---

Unexpected<Trap> fail(TrapId id, std::string text);
/// ⟨S⟩: a value of the wrong kind.
inline Unexpected<Trap> failState(std::string text) {
  return fail(TrapId::LibraryState, std::move(text));
}
/// ⟨A⟩: a value out of range.
inline Unexpected<Trap> failArgument(std::string text) {
  return fail(TrapId::LibraryArgument, std::move(text));
}
/// ⟨N⟩: a text that is no number where the platform's parser used to speak.
inline Unexpected<Trap> failNumberFormat(std::string text) {
  return fail(TrapId::LibraryNumberFormat, std::move(text));
}

// --- Long loops ---

/// Says when a loop should look at the limits of the run: once in 1024 turns.
class Pulse {
public:
  bool due() { return (++turns_ & 1023) == 0; }

private:
  uint32_t turns_ = 0;
};

// --- Argument conversions ---

/// IDX: an index or count. \rule R3.2.1, D1
/// \errors LibraryArgument: a text that is no integer, or an integer beyond 64 bits.
/// IndexNotInteger for other kinds.
Result<int64_t> toIndex(const Value &value);

/// The text form, or the empty text for null (SPLIT, JOIN, MATCH, …).
Result<Value> textOrEmpty(Heap &heap, const Value &value);

/// Without the characters of WS at both ends. \rule R3.2.9
std::string_view trimSpace(std::string_view text);

/// A number that may need more than 64 bits, as a value.
template <class Narrow> Value narrowed(Heap &heap, const Narrow &number) {
  return number.big ? heap.bigInt(*number.big) : Value::integer(number.small);
}

// --- Lists ---

/// An empty list with room for `count` items. \errors ValueLimit, MemoryLimit
Result<Value> newList(Heap &heap, uint64_t count);

/// Adds an item to a list that has room for it and that nobody else sees.
inline void push(const Value &list, Value item) {
  ListObject &object = *list.list();
  BL_ASSERT(object.size < object.capacity, "push needs room");
  new (object.data + object.size) Value(std::move(item));
  ++object.size;
}

/// Adds items to a list that has room for them.
void pushAll(const Value &list, std::span<const Value> items);

/// The value of the argument as a list or object that may be changed: itself when nobody else sees
/// it, otherwise a copy with room for `extra` more entries. \errors MemoryLimit
Result<Value> takeList(Heap &heap, Value &list, size_t extra);
Result<Value> takeObject(Heap &heap, Value &object, size_t extra);

// --- Texts ---

/// Bytes [begin, end) of a string, which must be ends of characters. Shares the bytes of strings
/// that outlive the run. \errors MemoryLimit
Result<Value> slice(Heap &heap, const Value &string, size_t begin, size_t end);

/// A string value from finished text. \errors ValueLimit, MemoryLimit
Result<Value> makeString(Heap &heap, std::string_view text, Ascii ascii = Ascii::Unknown);

/// Raises ValueLimit for more than kMaxStringBytes.
Result<void> checkStringBytes(uint64_t bytes);

/// Puts a text together; keeps the rule that halves of a surrogate pair that meet are joined.
class TextBuilder {
public:
  explicit TextBuilder(Heap &heap) : heap_(heap) {}
  /// Makes room for a text of at least `bytes`, which would otherwise be found too long only when
  /// most of it is there. \errors ValueLimit, MemoryLimit
  Result<void> expect(uint64_t bytes) { return grow(bytes); }
  /// \errors ValueLimit, MemoryLimit
  Result<void> add(std::string_view text);
  /// Adds the text form of a value. \errors ValueLimit, MemoryLimit
  Result<void> addForm(const Value &value);
  std::string_view text() const { return text_; }
  /// \errors MemoryLimit
  Result<Value> finish() { return makeString(heap_, text_); }

private:
  Result<void> grow(uint64_t more);
  Heap &heap_;
  std::string text_;
};

} // namespace branchline::runtime::library
