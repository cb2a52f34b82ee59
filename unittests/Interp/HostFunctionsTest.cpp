// Functions of the host: how programs reach them, what they can do, and how they fail.
#include "InterpFixture.h"

#include "branchline/Lang/Builtins.h"

namespace branchline::interp {
namespace {

using runtime::Context;
using runtime::Heap;
using runtime::HostCallback;
using runtime::HostRegistry;
using runtime::Result;
using runtime::Value;

class HostFunctions : public testing::Test {
protected:
  void add(const std::string &name, uint8_t minArgs, uint8_t maxArgs, HostCallback callback) {
    ASSERT_TRUE(registry_.add({name, minArgs, maxArgs, std::move(callback)}));
    names_.push_back(name);
  }
  std::string runText(const std::string &text) {
    const Compiled compiled = compile(text, names_);
    context_.host = &registry_;
    return run(compiled, context_);
  }

  Heap heap_;
  HostRegistry registry_;
  std::vector<std::string> names_;
  Context context_{heap_};
};

TEST_F(HostFunctions, GetArgumentsAndGiveAValue) {
  add("HOST_JOIN", 0, kAnyCount, [](Context &context, std::span<Value> args) -> Result<Value> {
    std::string text;
    for (const Value &arg : args)
      EXPECT_TRUE(runtime::appendText(text, arg));
    return context.heap.string(text);
  });
  EXPECT_EQ(runText("OUTPUT { a: HOST_JOIN(), b: HOST_JOIN(1, [2], \"x\") }"), "{a=, b=1[2]x}");
}

TEST_F(HostFunctions, MayKeepTheirArguments) {
  std::vector<Value> kept;
  add("KEEP", 1, 1, [&](Context &, std::span<Value> args) -> Result<Value> {
    kept.push_back(args[0]);
    return args[0];
  });
  EXPECT_EQ(runText("LET l = [1]\nLET k = KEEP(l)\nAPPEND TO l 2\nOUTPUT { l: l, k: k }"),
            "{l=[1, 2], k=[1]}");
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].list()->size, 1u) << "a value that somebody holds does not change";
}

TEST_F(HostFunctions, CheckTheNumberOfArguments) {
  auto nothing = [](Context &, std::span<Value>) -> Result<Value> { return Value(); };
  add("ONE", 1, 1, nothing);
  add("MANY", 2, kAnyCount, nothing);
  EXPECT_EQ(runText("OUTPUT { a: TRY ONE(1, 2) CATCH(e) -> e.message,"
                    " b: TRY MANY(1) CATCH(e) -> e.message, c: MANY(1, 2, 3) }"),
            "{a=ONE expects 1 to 1 arguments, got 2, b=MANY expects at least 2 arguments, got 1, "
            "c=null}");
}

TEST_F(HostFunctions, FailWithAnErrorThatCanBeCaught) {
  add("FAIL", 0, 1, [](Context &, std::span<Value>) -> Result<Value> {
    return runtime::trap<TrapId::HostFailure>("the host is closed");
  });
  EXPECT_EQ(runText("OUTPUT { e: TRY FAIL() CATCH(e) -> e }"),
            "{e={message=the host is closed, type=HostException}}");
  EXPECT_EQ(runText("OUTPUT { e: FAIL() }"), "HostException: the host is closed");
}

TEST_F(HostFunctions, CallBackIntoTheProgram) {
  add("TWICE", 2, 2, [](Context &context, std::span<Value> args) -> Result<Value> {
    Value value = args[1];
    for (int i = 0; i < 2; ++i) {
      Result<Value> next = context.caller->call(args[0], {&value, 1});
      if (!next)
        return next;
      value = *next;
    }
    return value;
  });
  EXPECT_EQ(runText("LET n = 0\n"
                    "LET f = (x) -> {\n SET n = n + 1\n RETURN x * 10\n}\n"
                    "LET v = TWICE(f, 7)\n"
                    "LET nested = TWICE((x) -> TWICE((y) -> y + 1, x), 0)\n"
                    "LET e = TRY TWICE((x) -> 1 // x, 1) CATCH(e) -> e.message\n"
                    "LET fails = TRY TWICE((x) -> 1 // x, 0) CATCH(e) -> e.message\n"
                    "OUTPUT { v: v, n: n, nested: nested, e: e, fails: fails }"),
            "{v=700, n=2, nested=4, e=1, fails=Division by zero}");
  EXPECT_EQ(context_.depth, 0u);
}

TEST_F(HostFunctions, CallbacksCountAsCalls) {
  add("CALL", 1, 1, [](Context &context, std::span<Value> args) -> Result<Value> {
    return context.caller->call(args[0], {});
  });
  context_.limits.callDepth = 20;
  EXPECT_EQ(runText("LET f = NULL\nSET f = () -> CALL(f)\nOUTPUT { v: f() }"),
            "StackOverflowError: call depth limit of 20 exceeded");
}

TEST_F(HostFunctions, MayAddOutputs) {
  add("EMIT", 1, 1, [](Context &context, std::span<Value> args) -> Result<Value> {
    context.emit(args[0]);
    return Value();
  });
  EXPECT_EQ(runText("OUTPUT 1\n"
                    "TRY {\n LET a = EMIT(\"dropped with the block\")\n THROW \"no\"\n"
                    "} CATCH (e) {\n LET b = EMIT([2, 3])\n}\n"
                    "OUTPUT 4"),
            "[1, 2, 3, 4]");
}

TEST_F(HostFunctions, ComeAfterTheLibrary) {
  auto nothing = [](Context &, std::span<Value>) -> Result<Value> { return Value(); };
  const Result<void> taken = registry_.add({"UPPER", 1, 1, nothing});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().info().message, "Std fn 'UPPER' already defined");
  EXPECT_EQ(taken.error().id(), TrapId::LibraryArgument);
}

TEST_F(HostFunctions, MissingAtRunTimeIsAnError) {
  names_ = {"GONE"};
  EXPECT_EQ(runText("OUTPUT { v: TRY GONE(1) CATCH(e) -> e }"),
            "{v={message=FUNC 'GONE' undefined, type=IllegalStateException}}");
  const Compiled compiled = compile("OUTPUT { v: GONE(1) }", names_);
  Context bare(heap_);
  EXPECT_EQ(run(compiled, bare), "IllegalStateException: FUNC 'GONE' undefined");
}

} // namespace
} // namespace branchline::interp
