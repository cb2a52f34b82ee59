// The shared store and the registry of host functions.
#include "RuntimeFixture.h"

#include "branchline/Lang/Builtins.h"
#include "branchline/Runtime/HostFunctions.h"
#include "branchline/Runtime/SharedStore.h"

namespace branchline::runtime {
namespace {

class SharedStoreTest : public RuntimeFixture {
protected:
  SharedStore store;
};

TEST_F(SharedStoreTest, SingleKeysAreWrittenOnce) { // R12.5
  store.declare("cfg", ResourceKind::Single);
  EXPECT_EQ(show(store.write("cfg", "a", i(1))), "ok");
  EXPECT_EQ(show(store.write("cfg", "b", i(2))), "ok");
  EXPECT_EQ(show(store.write("cfg", "a", i(1))),
            "IllegalStateException: SHARED_WRITE: cfg[a] is already set");
  EXPECT_EQ(show(store.await("cfg", "a")), "Int 1");
}

TEST_F(SharedStoreTest, ManyKeysAreOverwrittenInPlace) { // R12.6, D27
  store.declare("m", ResourceKind::Many);
  for (const char *key : {"z", "a", "z", "k"})
    EXPECT_TRUE(store.write("m", key, s(key)));
  EXPECT_TRUE(store.write("m", "z", i(9)));
  EXPECT_EQ(*store.keys("m"), (std::vector<std::string>{"z", "a", "k"}));
  EXPECT_EQ(show(store.await("m", "z")), "Int 9");
}

TEST_F(SharedStoreTest, Errors) {
  const std::string unknown = "IllegalArgumentException: Unknown shared resource: x";
  EXPECT_EQ(show(store.write("x", "k", null())), unknown);
  EXPECT_EQ(show(store.seed("x", "k", i(1))), unknown);
  EXPECT_EQ(show(store.await("x", "k")), unknown);
  EXPECT_FALSE(store.keys("x"));
  EXPECT_FALSE(store.has("x"));
  store.declare("x", ResourceKind::Single);
  EXPECT_TRUE(store.has("x"));
  EXPECT_EQ(show(store.await("x", "k")), "IllegalStateException: AWAIT deadlock: x[k]"); // D26
  EXPECT_EQ(show(store.write("x", "k", null())),
            "NullPointerException: SHARED_WRITE: null cannot be stored");
  EXPECT_TRUE(store.keys("x")->empty()) << "the key is not used up";
}

TEST_F(SharedStoreTest, SeedsMayBeNull) {
  store.declare("x", ResourceKind::Single);
  EXPECT_TRUE(store.seed("x", "k", null()));
  EXPECT_EQ(show(store.await("x", "k")), "Null null");
  EXPECT_EQ(show(store.seed("x", "k", i(1))),
            "IllegalStateException: SHARED_WRITE: x[k] is already set");
}

TEST_F(SharedStoreTest, DeclaringAgainEmpties) {
  store.declare("x", ResourceKind::Single);
  EXPECT_TRUE(store.write("x", "k", i(1)));
  store.declare("x", ResourceKind::Many);
  EXPECT_TRUE(store.keys("x")->empty());
  EXPECT_TRUE(store.write("x", "k", i(1)));
  EXPECT_TRUE(store.write("x", "k", i(2)));
}

TEST_F(SharedStoreTest, ClearKeepsTheResourcesAndNothingElse) {
  SharedStore store;
  EXPECT_TRUE(store.empty());
  store.declare("x", ResourceKind::Single);
  ASSERT_TRUE(store.write("x", "k", i(1)));
  EXPECT_GT(store.bytes(), 0u);
  store.clear();
  EXPECT_EQ(store.bytes(), 0u);
  EXPECT_FALSE(store.empty());
  EXPECT_TRUE(store.keys("x")->empty());
  EXPECT_TRUE(store.write("x", "k", i(2)));
}

TEST(HostRegistryTest, NamesAreUniqueAndFound) { // R3.1.3
  HostRegistry registry;
  auto add = [&registry](std::string name) {
    Result<void> result = registry.add({std::move(name), 0, kAnyCount, nullptr});
    return result ? "ok" : result.error().info().type + ": " + result.error().info().message;
  };
  for (const char *name : {"ZED", "ALPHA", "MIDDLE"})
    EXPECT_EQ(add(name), "ok");
  EXPECT_EQ(add("ALPHA"), "IllegalArgumentException: Std fn 'ALPHA' already defined");
  EXPECT_EQ(add("UPPER"), "IllegalArgumentException: Std fn 'UPPER' already defined");
  EXPECT_EQ(add(" \t"), "IllegalArgumentException: Std fn name must be non-blank");
  EXPECT_EQ(add(""), "IllegalArgumentException: Std fn name must be non-blank");
  ASSERT_NE(registry.find("MIDDLE"), nullptr);
  EXPECT_EQ(registry.find("MIDDLE")->name, "MIDDLE");
  EXPECT_EQ(registry.find("OTHER"), nullptr);
  EXPECT_EQ(registry.all().front().name, "ZED");
}

} // namespace
} // namespace branchline::runtime
