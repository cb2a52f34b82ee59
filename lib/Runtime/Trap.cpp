// Building traps, the object a handler sees, and the texts of value limits.
#include "branchline/Runtime/Trap.h"

#include "HeapImpl.h"
#include "Limits.h"

#include "branchline/Runtime/Objects.h"
#include "branchline/Runtime/Ops.h"

namespace branchline::runtime {

Trap makeTrapText(TrapId id, std::string message) {
  auto made = std::make_unique<TrapInfo>();
  made->id = id;
  made->message = std::move(message);
  made->type = std::string(branchline::info(id).type);
  return Trap(std::move(made));
}

namespace {

// The text of a field of a thrown object; nothing when the field is missing or null.
Result<bool> fieldText(const Value &thrown, std::string_view name, std::string &out) {
  if (!thrown.isObject())
    return false;
  ObjectObject &object = *thrown.asObject();
  const Value *field = findField(*object.heap, object, name);
  if (!field || field->isNull())
    return false;
  BL_CHECK(appendText(out, *field));
  return true;
}

Result<Trap> buildThrown(const Value &thrown) {
  std::string message;
  BL_TRY(bool hasMessage, fieldText(thrown, "message", message));
  if (!hasMessage)
    BL_CHECK(appendText(message, thrown));
  std::string type;
  BL_TRY(bool hasType, fieldText(thrown, "type", type));
  Trap made = makeTrapText(TrapId::Thrown, std::move(message));
  if (hasType)
    made.info().type = std::move(type);
  made.info().thrown = thrown;
  made.info().hasThrown = true;
  return made;
}

} // namespace

Trap makeThrown(const Value &thrown) {
  Result<Trap> made = buildThrown(thrown);
  return made ? std::move(*made) : std::move(made).error();
}

Value errorObject(Heap &heap, const Trap &trap) {
  const TrapInfo &info = trap.info();
  Value fields[3] = {heap.string(info.message), heap.string(info.type), info.thrown};
  Value object = objectOfShape(heap, heap.impl().errorShape, std::span<Value>(fields, 2));
  if (info.hasThrown) {
    // Three keys are far below every limit.
    [[maybe_unused]] Result<void> set =
        setField(heap, *object.asObject(), "value", std::move(fields[2]));
    BL_ASSERT(set, "an object of three keys");
  }
  return object;
}

Unexpected<Trap> nestingTrap() {
  return trap<TrapId::ValueLimit>(
      fmt::format("value nesting limit of {} exceeded", kMaxValueDepth));
}
Unexpected<Trap> stringSizeTrap() {
  return trap<TrapId::ValueLimit>(
      fmt::format("string size limit of {} bytes exceeded", kMaxStringBytes));
}
Unexpected<Trap> listSizeTrap() {
  return trap<TrapId::ValueLimit>(
      fmt::format("list size limit of {} items exceeded", kMaxListLength));
}
Unexpected<Trap> objectSizeTrap() {
  return trap<TrapId::ValueLimit>(
      fmt::format("object size limit of {} keys exceeded", kMaxObjectKeys));
}
Unexpected<Trap> integerSizeTrap() {
  return trap<TrapId::ValueLimit>(
      fmt::format("integer size limit of {} bits exceeded", kMaxBigBits));
}
Unexpected<Trap> decimalSizeTrap() {
  return trap<TrapId::ValueLimit>(
      fmt::format("decimal limit of scale {} or {} bits exceeded", kMaxDecimalScale, kMaxBigBits));
}
Unexpected<Trap> memoryTrap(const Heap &heap) {
  return trap<TrapId::MemoryLimit>(heap.memoryLimit());
}

} // namespace branchline::runtime
