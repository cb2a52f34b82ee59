// PRINT, and the functions for finding mistakes: CHECKPOINT, ASSERT and EXPLAIN
// (sections 3.3, 3.11).
#include "BuiltinSupport.h"

namespace branchline::runtime::library {

namespace {

// One line of PRINT: lists without brackets, objects as pairs. \rule R3.3.9
Result<void> addLine(TextBuilder &out, const Value &value) {
  if (value.isList()) {
    bool first = true;
    for (const Value &item : value.list()->items()) {
      if (!first)
        BL_CHECK(out.add(", "));
      first = false;
      BL_CHECK(out.addForm(item));
    }
  } else if (value.isObject()) {
    const ObjectObject &object = *value.asObject();
    for (uint32_t i = 0; i < object.size; ++i) {
      BL_CHECK(out.add(i == 0 ? "(" : ", ("));
      BL_CHECK(out.addForm(keyAt(object, i)));
      BL_CHECK(out.add(", "));
      BL_CHECK(out.addForm(valueAt(object, i)));
      BL_CHECK(out.add(")"));
    }
  } else {
    BL_CHECK(out.addForm(value));
  }
  return out.add("\n");
}

} // namespace

Result<Value> builtinPRINT(Context &context, Args args) {
  for (const Value &value : args) {
    TextBuilder line(context.heap);
    BL_CHECK(addLine(line, value));
    if (context.print)
      context.print(line.text());
  }
  return Value::null();
}

Result<Value> builtinCHECKPOINT(Context &, Args) { return Value::boolean(true); }

Result<Value> builtinASSERT(Context &context, Args args) {
  if (libraryTruthy(args[0]))
    return Value::boolean(true);
  if (args.size() < 2 || args[1].isNull())
    return failState("ASSERT failed");
  BL_TRY(const Value text, textOf(context.heap, args[1]));
  return failState(std::string(text.text()));
}

Result<Value> builtinEXPLAIN(Context &context, Args args) {
  if (!args[0].isString())
    return failArgument(std::string(info(Builtin::EXPLAIN).usage));
  Value result = context.heap.object();
  BL_CHECK(setField(context.heap, *result.asObject(), "var", args[0]));
  BL_CHECK(setField(context.heap, *result.asObject(), "info",
                    Value::borrowed("no provenance", Ascii::Yes)));
  return result;
}

} // namespace branchline::runtime::library
