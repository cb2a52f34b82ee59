// What the tests of values and kernels share: short makers of values, and one text for a result in
// which every kind of value looks different.
#pragma once

#include "branchline/Numeric/NumberText.h"
#include "branchline/Runtime/Objects.h"
#include "branchline/Runtime/Ops.h"
#include "branchline/Runtime/Trap.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>

namespace branchline::runtime {

class RuntimeFixture : public testing::Test {
protected:
  using Entry = std::pair<Value, Value>;

  static Value i(int64_t number) { return Value::integer(number); }
  static Value f(double number) { return Value::real(number); }
  static Value yes() { return Value::boolean(true); }
  static Value no() { return Value::boolean(false); }
  static Value null() { return Value::null(); }
  Value s(std::string_view text) { return heap.string(text); }
  Value big(std::string_view digits) { return heap.bigInt(parseBigInt(digits).value); }
  Value dec(std::string_view text) { return heap.decimal(parseDecimal(text).value); }
  Value list(std::initializer_list<Value> items) {
    return heap.list(std::span<const Value>(items.begin(), items.size()));
  }
  Value set(std::initializer_list<Value> items) {
    return heap.set(std::span<const Value>(items.begin(), items.size()));
  }
  Value object(std::initializer_list<Entry> entries) {
    Value made = heap.object();
    for (const Entry &entry : entries)
      EXPECT_TRUE(setKey(heap, *made.asObject(), entry.first, entry.second));
    return made;
  }
  /// `depth` lists inside each other.
  Value nested(size_t depth) {
    Value value = heap.list();
    for (size_t k = 1; k < depth; ++k) {
      Value outer = heap.list(1);
      EXPECT_TRUE(append(heap, *outer.list(), std::move(value)));
      value = std::move(outer);
    }
    return value;
  }

  static std::string kindText(const Value &value) {
    std::string text;
    EXPECT_TRUE(appendText(text, value));
    return std::string(className(value)) + " " + text;
  }
  /// `Int 3`, or `IllegalArgumentException: Division by zero`.
  static std::string show(const Result<Value> &result) {
    return result ? kindText(*result) : error(result.error());
  }
  static std::string show(const Result<void> &result) {
    return result ? "ok" : error(result.error());
  }
  static std::string show(const Result<bool> &result) {
    return result ? (*result ? "true" : "false") : error(result.error());
  }
  static std::string show(const Result<int> &result) {
    return result ? std::to_string(*result) : error(result.error());
  }
  static std::string error(const Trap &trap) {
    return trap.info().type + ": " + trap.info().message;
  }

  Heap heap;
};

} // namespace branchline::runtime
