// Shared memory as the embedder sees it: seeded from outside, read afterwards, or not there at all.
#include "InterpFixture.h"

#include "branchline/Runtime/SharedStore.h"

namespace branchline::interp {
namespace {

using runtime::Context;
using runtime::Heap;
using runtime::ResourceKind;
using runtime::SharedStore;
using runtime::Value;

class SharedMemory : public testing::Test {
protected:
  std::string runText(const std::string &text) {
    const Compiled compiled =
        compile("SHARED one SINGLE\nSHARED many MANY\nTRANSFORM T {\n" + text + "\n}");
    return run(compiled, context_);
  }
  void useStore() {
    store_.declare("one", ResourceKind::Single);
    store_.declare("many", ResourceKind::Many);
    context_.shared = &store_;
  }
  std::string textOf(std::string_view resource, std::string_view key) {
    const runtime::Result<Value> value = store_.await(resource, key);
    if (!value)
      return value.error().info().message;
    std::string text;
    EXPECT_TRUE(runtime::appendText(text, *value));
    return text;
  }

  Heap heap_;
  SharedStore store_;
  Context context_{heap_};
};

TEST_F(SharedMemory, IsSeededFromOutside) {
  useStore();
  ASSERT_TRUE(store_.seed("one", "k", Value::integer(5)));
  ASSERT_TRUE(store_.seed("many", "nothing", Value()));
  EXPECT_EQ(runText("OUTPUT { k: AWAIT one.k, nothing: AWAIT many.nothing, keys: KEYS(one) }"),
            "{k=5, nothing=null, keys=[k]}");
}

TEST_F(SharedMemory, WritesStayForTheHost) {
  useStore();
  EXPECT_EQ(runText("one[\"a\"] = [1]\nmany[\"b\"] = 2\nmany[\"b\"] = 3"), "null");
  EXPECT_EQ(textOf("one", "a"), "[1]");
  EXPECT_EQ(textOf("many", "b"), "3");
}

TEST_F(SharedMemory, WritesBeforeAnErrorStay) {
  useStore();
  EXPECT_EQ(runText("one[\"a\"] = 1\none[\"a\"] = 2"),
            "IllegalStateException: SHARED_WRITE: one[a] is already set");
  EXPECT_EQ(textOf("one", "a"), "1");
}

TEST_F(SharedMemory, StoredValuesDoNotChange) {
  useStore();
  EXPECT_EQ(runText("LET l = [1]\nmany[\"l\"] = l\nAPPEND TO l 2\nLET m = AWAIT many.l\n"
                    "APPEND TO m 3\nOUTPUT { l: l, m: m, stored: AWAIT many.l }"),
            "{l=[1, 2], m=[1, 3], stored=[1]}");
}

/// The trap of a run that must fail.
TrapId trapOf(Context &context, const std::string &text) {
  const Compiled compiled = compile("SHARED s MANY\nTRANSFORM T {\n" + text + "\n}");
  const auto result = interp::run(*compiled.program, *compiled.module->findTransform("T"), context);
  EXPECT_FALSE(result) << text;
  return result ? TrapId::Interrupted : result.error().id();
}

TEST_F(SharedMemory, WithoutAStoreEveryUseIsAnError) {
  EXPECT_EQ(trapOf(context_, "OUTPUT { v: AWAIT s.k }"), TrapId::SharedStoreMissing);
  EXPECT_EQ(trapOf(context_, "s[\"k\"] = 1"), TrapId::SharedNotConfigured);
  EXPECT_EQ(trapOf(context_, "OUTPUT { v: SHARED_WRITE(\"s\", \"k\", 1) }"),
            TrapId::SharedNotConfigured);
  EXPECT_EQ(trapOf(context_, "OUTPUT { v: KEYS(s) }"), TrapId::SharedNotConfigured);
}

TEST_F(SharedMemory, UndeclaredInTheStoreIsUnknown) {
  context_.shared = &store_;
  EXPECT_EQ(trapOf(context_, "OUTPUT { v: AWAIT s.k }"), TrapId::SharedUnknown);
  EXPECT_EQ(trapOf(context_, "s[\"k\"] = 1"), TrapId::SharedUnknown);
}

} // namespace
} // namespace branchline::interp
