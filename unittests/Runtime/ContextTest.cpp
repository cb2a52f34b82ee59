// Run limits, emitting and collapsing outputs.
#include "RuntimeFixture.h"

#include "branchline/Runtime/Context.h"

namespace branchline::runtime {
namespace {

class ContextTest : public RuntimeFixture {
protected:
  Context context{heap};
};

TEST_F(ContextTest, EmitAndCollapse) { // R2.1.4, R2.11.11, E6
  EXPECT_EQ(kindText(*context.collapse()), "Null null");
  context.emit(null());
  context.emit(list({}));
  EXPECT_TRUE(context.outputs.empty());
  context.emit(object({{s("a"), i(1)}}));
  EXPECT_EQ(kindText(*context.collapse()), "LinkedHashMap {a=1}");
  context.emit(list({i(1), null(), list({i(2)})}));
  context.emit(set({i(3)}));
  context.emit(s("text"));
  EXPECT_EQ(kindText(*context.collapse()), "ArrayList [{a=1}, 1, null, [2], [3], text]");
}

TEST_F(ContextTest, SafePointSeesTheMemoryLimit) {
  heap.setMemoryLimit(1000);
  EXPECT_EQ(show(context.safePoint()), "ok");
  Value text = s(std::string(2000, 'x'));
  Result<void> result = context.safePoint();
  EXPECT_EQ(show(result), "LimitExceeded: memory limit of 1000 bytes exceeded");
  EXPECT_FALSE(result.error().catchable());
}

TEST_F(ContextTest, SafePointSeesDeadlineAndInterrupt) {
  context.limits.deadlineMs = 60'000;
  EXPECT_EQ(show(context.safePoint()), "ok");
  context.started -= std::chrono::minutes(2);
  EXPECT_EQ(show(context.safePoint()), "LimitExceeded: deadline of 60000 ms exceeded");
  context.limits.deadlineMs = 0;
  std::atomic<bool> interrupt = false;
  context.interrupt = &interrupt;
  EXPECT_EQ(show(context.safePoint()), "ok");
  interrupt = true;
  EXPECT_EQ(show(context.safePoint()), "LimitExceeded: interrupted");
  interrupt = false;
  context.cancelled = true;
  EXPECT_EQ(show(context.safePoint()), "LimitExceeded: interrupted");
}

TEST_F(ContextTest, ReserveChecksBeforeAllocating) {
  heap.setMemoryLimit(1 << 20);
  EXPECT_EQ(show(reserve(heap, 1000)), "ok");
  EXPECT_EQ(show(reserve(heap, UINT64_MAX)),
            "LimitExceeded: memory limit of 1048576 bytes exceeded");
}

} // namespace
} // namespace branchline::runtime
