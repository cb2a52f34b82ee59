// What the tests of library functions share: short makers of values, callbacks written in C++, and
// one text for the result of a call in which every kind of value looks different.
#pragma once

#include "branchline/Runtime/Builtins.h"
#include "branchline/Runtime/Objects.h"
#include "branchline/Runtime/Ops.h"

#include <gtest/gtest.h>

#include <functional>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace branchline::runtime {

class BuiltinsFixture : public testing::Test, public FunctionCaller {
protected:
  using Callback = std::function<Result<Value>(std::span<Value> args)>;
  using Entry = std::pair<Value, Value>;

  BuiltinsFixture() { context.caller = this; }
  ~BuiltinsFixture() = default;

  // --- Values ---
  static Value i(int64_t number) { return Value::integer(number); }
  static Value f(double number) { return Value::real(number); }
  Value s(std::string_view text) { return heap.string(text); }
  Value list(std::initializer_list<Value> items) {
    return heap.list(std::span<const Value>(items.begin(), items.size()));
  }
  Value object(std::initializer_list<Entry> entries) {
    Value made = heap.object();
    for (const Entry &entry : entries)
      EXPECT_TRUE(setKey(heap, *made.asObject(), entry.first, entry.second));
    return made;
  }
  /// A big integer or decimal from its text, as DEC reads it.
  Value dec(std::string_view text) { return valueOf("DEC", {s(text)}); }
  Value fn(Callback callback) {
    callbacks_.push_back(std::move(callback));
    return heap.function(nullptr, static_cast<uint32_t>(callbacks_.size() - 1), {});
  }

  // --- Calls ---
  Result<Value> run(std::string_view name, std::vector<Value> args) {
    const std::optional<Builtin> builtin = findBuiltin(name);
    EXPECT_TRUE(builtin.has_value()) << name;
    return callBuiltin(context, *builtin, args);
  }
  Value valueOf(std::string_view name, std::vector<Value> args) {
    Result<Value> result = run(name, std::move(args));
    EXPECT_TRUE(result) << name << ": " << (result ? "" : result.error().info().message);
    return result ? *result : Value::null();
  }
  /// The result as `show` writes it, or `TYPE: message` of the error.
  std::string call(std::string_view name, std::vector<Value> args) {
    Result<Value> result = run(name, std::move(args));
    if (!result)
      return result.error().info().type + ": " + result.error().info().message;
    return show(*result);
  }

  /// Like program text: strings quoted, big integers with `n`, decimals with `m`.
  static std::string show(const Value &value) {
    switch (value.tag()) {
    case Tag::String:
      return '"' + std::string(value.text()) + '"';
    case Tag::List:
      return '[' + showAll(value.list()->items()) + ']';
    case Tag::Set:
      return "set[" + showAll(value.object<SetObject>()->items()) + ']';
    case Tag::Object: {
      std::string out;
      for (uint32_t at = 0; at < value.asObject()->size; ++at)
        out += (at == 0 ? "" : ", ") + show(keyAt(*value.asObject(), at)) + ": " +
               show(valueAt(*value.asObject(), at));
      return '{' + out + '}';
    }
    case Tag::BigInt:
      return plain(value) + 'n';
    case Tag::Decimal:
      return plain(value) + 'm';
    case Tag::Bytes:
      return "bytes " + std::string(value.object<BytesObject>()->view());
    case Tag::Null:
    case Tag::Unbound:
    case Tag::Bool:
    case Tag::Int:
    case Tag::Float:
    case Tag::Function:
    case Tag::Sequence:
    case Tag::Handle:
    case Tag::Iterator:
    case Tag::Cell:
    case Tag::JsonText:
      break;
    }
    return plain(value);
  }

  Heap heap;
  Context context{heap};
  const Value null = Value::null();
  const Value yes = Value::boolean(true);
  const Value no = Value::boolean(false);

private:
  Result<Value> call(const Value &function, std::span<Value> args) override {
    return callbacks_[function.object<FunctionObject>()->functionId](args);
  }
  static std::string plain(const Value &value) {
    std::string out;
    EXPECT_TRUE(appendText(out, value));
    return out;
  }
  static std::string showAll(std::span<const Value> items) {
    std::string out;
    for (size_t at = 0; at < items.size(); ++at)
      out += (at == 0 ? "" : ", ") + show(items[at]);
    return out;
  }

  std::vector<Callback> callbacks_;
};

} // namespace branchline::runtime
