// The text form of values and the names of their kinds. \rule R2.6, R3.2.6, D6
#include "branchline/Runtime/Ops.h"

#include "HeapImpl.h"
#include "Limits.h"

#include "branchline/Numeric/NumberText.h"
#include "branchline/Runtime/Objects.h"
#include "branchline/Support/Utf8.h"

namespace branchline::runtime {

std::string_view className(const Value &value) {
  switch (value.tag()) {
  case Tag::Null:
  case Tag::Unbound:
    return "Null";
  case Tag::Bool:
    return "Boolean";
  case Tag::Int:
    return "Int";
  case Tag::Float:
    return "Double";
  case Tag::String:
    return "String";
  case Tag::BigInt:
    return "BigInteger";
  case Tag::Decimal:
    return "BigDecimal";
  case Tag::Bytes:
    return "Bytes";
  case Tag::List:
    return "ArrayList";
  case Tag::Object:
    return "LinkedHashMap";
  case Tag::Set:
    return "Set";
  case Tag::Function:
    return "Function";
  case Tag::Sequence:
    return "Sequence";
  case Tag::Handle:
    return "SharedResourceHandle";
  case Tag::Iterator:
  case Tag::Cell:
  case Tag::JsonText:
    break;
  }
  BL_UNREACHABLE("programs never see this kind of value");
}

std::string_view kindName(const Value &value) { return className(value); }

namespace {

class TextWriter {
public:
  explicit TextWriter(std::string &out) : out_(out) {}

  Result<void> write(const Value &value, uint32_t depth) {
    switch (value.tag()) {
    case Tag::Null:
    case Tag::Unbound:
      out_ += "null";
      break;
    case Tag::Bool:
      out_ += value.asBool() ? "true" : "false";
      break;
    case Tag::Int:
      appendInt(out_, value.asInt());
      break;
    case Tag::Float:
      appendDouble(out_, value.asFloat());
      break;
    case Tag::String:
      utf8::appendText(out_, value.text());
      break;
    case Tag::BigInt:
      out_ += viewBigInt(value).toString();
      break;
    case Tag::Decimal:
      out_ += viewDecimal(value).toText();
      break;
    case Tag::Bytes:
      out_ += "<bytes>";
      break;
    case Tag::Function:
      out_ += "<function>";
      break;
    case Tag::Sequence:
      out_ += "<sequence>";
      break;
    case Tag::Handle:
      out_ += "SharedResourceHandle(name=";
      out_ += value.object<HandleObject>()->name.text();
      out_ += ')';
      break;
    case Tag::List:
      return writeItems(value.list()->items(), depth);
    case Tag::Set:
      return writeItems(value.object<SetObject>()->items(), depth);
    case Tag::Object:
      return writeEntries(*value.asObject(), depth);
    case Tag::Iterator:
    case Tag::Cell:
    case Tag::JsonText:
      BL_UNREACHABLE("programs never see this kind of value");
    }
    if (out_.size() > kMaxStringBytes)
      return stringSizeTrap();
    return {};
  }

private:
  Result<void> writeItems(std::span<const Value> items, uint32_t depth) {
    if (depth >= kMaxValueDepth)
      return nestingTrap();
    out_ += '[';
    bool first = true;
    for (const Value &item : items) {
      if (!first)
        out_ += ", ";
      first = false;
      BL_CHECK(write(item, depth + 1));
    }
    out_ += ']';
    return {};
  }

  Result<void> writeEntries(const ObjectObject &object, uint32_t depth) {
    if (depth >= kMaxValueDepth)
      return nestingTrap();
    out_ += '{';
    for (uint32_t i = 0; i < object.size; ++i) {
      if (i != 0)
        out_ += ", ";
      BL_CHECK(write(keyAt(object, i), depth + 1));
      out_ += '=';
      BL_CHECK(write(valueAt(object, i), depth + 1));
    }
    out_ += '}';
    return {};
  }

  std::string &out_;
};

} // namespace

Result<void> appendText(std::string &out, const Value &value) {
  return TextWriter(out).write(value, 0);
}

Result<Value> textOf(Heap &heap, const Value &value) {
  switch (value.tag()) {
  case Tag::String:
    return value;
  case Tag::Null:
  case Tag::Unbound:
    return Value::borrowed("null", Ascii::Yes);
  case Tag::Bool:
    return Value::borrowed(value.asBool() ? "true" : "false", Ascii::Yes);
  case Tag::Int: {
    char digits[kNumberBufferSize];
    return heap.string({digits, appendInt(digits, value.asInt())}, Ascii::Yes);
  }
  case Tag::Float: {
    char digits[kNumberBufferSize];
    return heap.string({digits, appendDouble(digits, value.asFloat())}, Ascii::Yes);
  }
  case Tag::Bytes:
    return Value::borrowed("<bytes>", Ascii::Yes);
  case Tag::Function:
    return Value::borrowed("<function>", Ascii::Yes);
  case Tag::Sequence:
    return Value::borrowed("<sequence>", Ascii::Yes);
  case Tag::BigInt:
  case Tag::Decimal:
  case Tag::List:
  case Tag::Object:
  case Tag::Set:
  case Tag::Handle:
  case Tag::Iterator:
  case Tag::Cell:
  case Tag::JsonText:
    break;
  }
  std::string text;
  BL_CHECK(appendText(text, value));
  if (text.size() >= kUncheckedBytes && !heap.mayAllocate(text.size()))
    return memoryTrap(heap);
  return heap.string(text);
}

} // namespace branchline::runtime
