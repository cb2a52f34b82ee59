// The functions on shared memory (section 3.12); the store itself is SharedStore.h.
#include "BuiltinSupport.h"

namespace branchline::runtime::library {

namespace {

// The checks that both functions begin with, in this order. \rule R3.12.2, R3.12.3
Result<void> checkShared(Context &context, std::string_view name, Args args) {
  if (!args[0].isString())
    return failState(fmt::format("{}: resource must be string", name));
  if (!args[1].isString())
    return failState(fmt::format("{}: key must be string", name));
  if (context.shared == nullptr)
    return trap<TrapId::SharedNotConfigured>();
  return {};
}

} // namespace

Result<Value> builtinAWAIT_SHARED(Context &context, Args args) {
  BL_CHECK(checkShared(context, "AWAIT_SHARED", args));
  return context.shared->await(args[0].text(), args[1].text());
}

Result<Value> builtinSHARED_WRITE(Context &context, Args args) {
  BL_CHECK(checkShared(context, "SHARED_WRITE", args));
  BL_CHECK(context.shared->write(args[0].text(), args[1].text(), args[2]));
  return std::move(args[2]);
}

} // namespace branchline::runtime::library
