// The value of the language: 16 bytes, a tag and a payload; machine numbers and booleans live
// inside, the rest is a pointer to a counted object of a Heap or to bytes somebody else keeps.
// Leaves out: what operations mean (Ops.h) and how objects are laid out (Heap.h).
#pragma once

#include "branchline/Support/Assert.h"

#include <cstdint>
#include <string_view>
#include <utility>

namespace branchline::runtime {

class Heap;

/// What a value is. `Unbound` is the state of a variable that no one has bound; it is never the
/// operand of an operation. `Iterator` and `Cell` live only in frames of engines. `JsonText` stands
/// for a part of the input that the program only passes on: no operation ever looks at one.
enum class Tag : uint8_t {
  Null,
  Unbound,
  Bool,
  Int,
  Float,
  String,
  BigInt,
  Decimal,
  Bytes,
  List,
  Object,
  Set,
  Function,
  Sequence,
  Handle,
  Iterator,
  Cell,
  JsonText,
};

/// Whether a string is known to be all ASCII, known not to be, or not looked at yet.
enum class Ascii : uint8_t { Unknown = 0, Yes = 1, No = 2 };

/// First word of every counted object. Counts are not atomic: a heap belongs to one thread.
struct HeapObject {
  uint32_t refs;
  Tag tag;
  uint8_t flags;
  uint16_t sizeClass; // of Heap's allocator
  Heap *heap;
};

struct StringObject;
struct BigIntObject;
struct DecimalObject;
struct BytesObject;
struct ListObject;
struct ObjectObject;
struct SetObject;
struct FunctionObject;
struct SequenceObject;
struct HandleObject;
struct IteratorObject;
struct CellObject;

/// Destroys an object whose count reached zero; iterative, so depth does not matter.
void destroyObject(HeapObject *object) noexcept;

/// A counted reference to, or an immediate, value. Copying counts; moving does not.
class Value {
public:
  constexpr Value() noexcept : head_(0), payload_{} {}
  Value(const Value &other) noexcept {
    copyFrom(other);
    retain();
  }
  Value(Value &&other) noexcept {
    copyFrom(other);
    other.forget();
  }
  // The old object goes last: `other` may lie inside it, as in `list = list[0]`.
  Value &operator=(const Value &other) noexcept {
    other.retain();
    Value old;
    old.copyFrom(*this);
    copyFrom(other);
    return *this;
  }
  Value &operator=(Value &&other) noexcept {
    if (this != &other) {
      Value old;
      old.copyFrom(*this);
      copyFrom(other);
      other.forget();
    }
    return *this;
  }
  ~Value() { release(); }

  static Value null() noexcept { return {}; }
  static Value unbound() noexcept { return Value(headOf(Tag::Unbound)); }
  static Value boolean(bool b) noexcept {
    Value v(headOf(Tag::Bool));
    v.payload_.integer = b;
    return v;
  }
  static Value integer(int64_t i) noexcept {
    Value v(headOf(Tag::Int));
    v.payload_.integer = i;
    return v;
  }
  static Value real(double d) noexcept {
    Value v(headOf(Tag::Float));
    v.payload_.real = d;
    return v;
  }
  /// A string whose bytes somebody keeps alive for the whole run (the input buffer, constants,
  /// symbols of a shape). \param text UTF-8/WTF-8, shorter than 2^31 bytes
  static Value borrowed(std::string_view text, Ascii ascii = Ascii::Unknown) noexcept {
    Value v(headOf(Tag::String) | uint64_t(ascii) << kAsciiShift |
            uint64_t(text.size()) << kLengthShift);
    v.payload_.chars = text.data();
    return v;
  }
  /// A JSON value as its text, exactly as a compact writer would write it; somebody keeps the bytes
  /// alive for the whole run. \param text shorter than 2^31 bytes. \param depth levels of nesting
  static Value jsonText(std::string_view text, uint16_t depth) noexcept {
    Value v(headOf(Tag::JsonText) | uint64_t(depth) << kDepthShift |
            uint64_t(text.size()) << kLengthShift);
    v.payload_.chars = text.data();
    return v;
  }
  /// Takes over one count of an object that is not a string.
  static Value adopt(HeapObject *object) noexcept {
    Value v(headOf(object->tag) | kCounted);
    v.payload_.object = object;
    return v;
  }
  /// Takes over one count of a string object whose bytes start at `chars`.
  static Value adoptString(const char *chars, uint32_t length, Ascii ascii) noexcept {
    Value v(headOf(Tag::String) | kCounted | uint64_t(ascii) << kAsciiShift |
            uint64_t(length) << kLengthShift);
    v.payload_.chars = chars;
    return v;
  }

  Tag tag() const noexcept { return static_cast<Tag>(head_ & 0xFF); }
  bool is(Tag tag) const noexcept { return this->tag() == tag; }
  bool isNull() const noexcept { return is(Tag::Null); }
  bool isUnbound() const noexcept { return is(Tag::Unbound); }
  bool isBool() const noexcept { return is(Tag::Bool); }
  bool isInt() const noexcept { return is(Tag::Int); }
  bool isFloat() const noexcept { return is(Tag::Float); }
  bool isString() const noexcept { return is(Tag::String); }
  bool isList() const noexcept { return is(Tag::List); }
  bool isObject() const noexcept { return is(Tag::Object); }
  bool isFunction() const noexcept { return is(Tag::Function); }
  /// Int, Float, BigInt or Decimal.
  bool isNumber() const noexcept {
    return isInt() || isFloat() || is(Tag::BigInt) || is(Tag::Decimal);
  }

  bool asBool() const noexcept { return payload_.integer != 0; }
  int64_t asInt() const noexcept { return payload_.integer; }
  double asFloat() const noexcept { return payload_.real; }
  /// The levels of nesting in a JsonText.
  uint16_t jsonDepth() const noexcept { return static_cast<uint16_t>(head_ >> kDepthShift); }
  /// The bytes of a string or a JsonText; valid as long as this value (or another holder) lives.
  std::string_view text() const noexcept { return {payload_.chars, head_ >> kLengthShift}; }
  /// What is known about the characters; `textIsAscii` in Ops.h finds out.
  Ascii ascii() const noexcept { return static_cast<Ascii>(head_ >> kAsciiShift & 3); }
  /// Remembers what was found out; does not change the value.
  void noteAscii(Ascii ascii) const noexcept {
    head_ = (head_ & ~(uint64_t(3) << kAsciiShift)) | uint64_t(ascii) << kAsciiShift;
  }
  template <class T> T *object() const noexcept { return reinterpret_cast<T *>(payload_.object); }
  ListObject *list() const noexcept { return object<ListObject>(); }
  ObjectObject *asObject() const noexcept { return object<ObjectObject>(); }

  bool isCounted() const noexcept { return (head_ & kCounted) != 0; }
  /// The counted object behind this value; only when `isCounted`.
  HeapObject *header() const noexcept;
  /// True when this is the only reference to its object, so that it may be changed in place.
  bool isUnique() const noexcept { return isCounted() && header()->refs == 1; }
  /// The same object (or the same bytes), not merely an equal one.
  bool sameObject(const Value &other) const noexcept {
    return tag() == other.tag() && payload_.integer == other.payload_.integer &&
           head_ >> kLengthShift == other.head_ >> kLengthShift;
  }

private:
  static constexpr uint64_t kCounted = 1u << 8;
  static constexpr unsigned kAsciiShift = 9;
  static constexpr unsigned kDepthShift = 16;
  static constexpr unsigned kLengthShift = 32;

  static constexpr uint64_t headOf(Tag tag) { return static_cast<uint64_t>(tag); }
  explicit Value(uint64_t head) noexcept : head_(head), payload_{} {}
  void copyFrom(const Value &other) noexcept {
    head_ = other.head_;
    payload_ = other.payload_;
  }
  void forget() noexcept { head_ = headOf(Tag::Null); }
  void retain() const noexcept {
    if (isCounted())
      ++header()->refs;
  }
  void release() noexcept {
    if (isCounted() && --header()->refs == 0)
      destroyObject(header());
  }

  // Tag, counted, what is known of the characters, levels of JSON text, bytes of text; from the
  // lowest bit on. One word, not five members: storing those apart would make whoever loads the
  // word next wait for all of them.
  mutable uint64_t head_;
  union Payload {
    int64_t integer;
    double real;
    const char *chars;
    HeapObject *object;
  } payload_;
};

static_assert(sizeof(Value) == 16, "engines and native code rely on two words");

/// A counted string: the characters follow the header.
struct StringObject : HeapObject {
  uint32_t capacity; // bytes
  uint32_t length;   // bytes used; a value may see a prefix of them
  static StringObject *fromChars(const char *chars) noexcept {
    return reinterpret_cast<StringObject *>(const_cast<char *>(chars) - sizeof(StringObject));
  }
  char *chars() noexcept { return reinterpret_cast<char *>(this) + sizeof(StringObject); }
};

inline HeapObject *Value::header() const noexcept {
  return isString() ? StringObject::fromChars(payload_.chars) : payload_.object;
}

} // namespace branchline::runtime
