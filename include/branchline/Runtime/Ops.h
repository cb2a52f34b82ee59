// The meaning of every operation, once for all engines (style: Runtime/Ops). Engines differ in
// dispatch only. All functions are reentrant; `heap` is the session's.
#pragma once

#include "branchline/Lang/Operators.h"
#include "branchline/Runtime/Heap.h"
#include "branchline/Runtime/Trap.h"

#include <string>

namespace branchline::runtime {

// --- Kinds ---

/// The class name used in messages: `Null`, `Int`, `ArrayList`, … \rule D6
std::string_view className(const Value &value);
/// The name in messages of library functions, `got Null` included: D6 replaced the `null` of R3.1.1
/// and 3-Q3.1, so it is the class name. \rule D6
std::string_view kindName(const Value &value);

/// Truth in IF, CASE, WHERE, `!`, `&&`, `||`. \rule R2.4.1
bool truthy(const Value &value);
/// The library's truth: the empty string is false. \rule R3.2.5
bool libraryTruthy(const Value &value);

// --- Text ---

/// Appends the text form. \rule R2.6, R3.2.6, D6. \errors ValueLimit (depth, length)
Result<void> appendText(std::string &out, const Value &value);
/// The text form as a string value; a String is returned as it is.
Result<Value> textOf(Heap &heap, const Value &value);
/// Whether a string is all ASCII; remembers the answer in the value.
bool textIsAscii(const Value &string);
/// Number of UTF-16 units of a string. \complexity O(1) for ASCII and for remembered strings
size_t utf16Length(const Value &string);

// --- Equality and order ---

/// `==`. \rule R2.5.1. \errors CompareMixedPrecision, ValueLimit (depth)
Result<bool> equals(const Value &a, const Value &b);
/// Strict equality. \rule R2.5.2, D1, D2, D7. \errors ValueLimit (depth)
Result<bool> strictEquals(const Value &a, const Value &b);
/// Order of numbers: negative, 0, positive. \rule R2.5.3. \errors CompareMixedPrecision
Result<int> compareNumbers(const Value &a, const Value &b);
/// `<`, `<=`, `>`, `>=` (op must be one of them). \rule R2.5.4
Result<bool> compare(BinaryOp op, const Value &a, const Value &b);
/// The library's order CMP of SORT, MIN and MAX. \rule R3.2.4
Result<int> libraryCompare(const Value &a, const Value &b);

// --- Arithmetic and the like: operands are borrowed, results owned. \rule R2.7, R2.8 ---

Result<Value> add(Heap &heap, const Value &a, const Value &b);
Result<Value> subtract(Heap &heap, const Value &a, const Value &b);
Result<Value> multiply(Heap &heap, const Value &a, const Value &b);
Result<Value> divide(Heap &heap, const Value &a, const Value &b);
Result<Value> integerDivide(Heap &heap, const Value &a, const Value &b);
Result<Value> remainder(Heap &heap, const Value &a, const Value &b);
Result<Value> negate(Heap &heap, const Value &a);
Result<Value> concatLists(Heap &heap, const Value &a, const Value &b);
/// Any binary operator but `??`, `&&` and `||`, which are control flow.
Result<Value> binary(Heap &heap, BinaryOp op, const Value &a, const Value &b);
/// Numeric sum of the library's ADD: like `add` for numbers only. \rule R3.2.10
Result<Value> addNumbers(Heap &heap, const Value &a, const Value &b);

// --- Reading members. \rule R2.10 ---

/// `.name`. \errors NameOnList, NotIndexable
Result<Value> getName(Heap &heap, const Value &base, std::string_view name);
/// `.123` with an Int or BigInt key. \errors IndexOutOfBounds, NotIndexable
Result<Value> getStaticIndex(Heap &heap, const Value &base, const Value &index);
/// `[key]` and `.[path]`. \errors ComputedKeyNegative, ComputedKeyKind, IndexOutOfBounds,
/// IndexNotInteger, NotIndexable
Result<Value> getKey(Heap &heap, const Value &base, const Value &key);
/// The key check of object literals and reads. \rule R2.9.4
Result<void> checkComputedKey(const Value &key);
/// The key check of OUTPUT, MODIFY and write paths. \rule R2.9.5
Result<void> checkObjectKey(const Value &key);

/// A copy with every key of objects, through objects and lists, turned into text. \rule R2.1.5
/// Shares whatever has only string keys already.
Result<Value> stringifyKeys(Heap &heap, const Value &value);

} // namespace branchline::runtime
