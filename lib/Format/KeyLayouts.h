// How the keys of shaped objects look in one output format: escaped, with their punctuation and in
// the order they are written. Rendered once for a shape that is met again, then copied. Bounded;
// shapes that collide push each other out.
#pragma once

#include "TextSink.h"

#include "branchline/Format/JsonOptions.h"
#include "branchline/Runtime/Objects.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::format {

/// The rendered keys of one shape.
struct KeyLayout {
  struct Key {
    uint32_t offset; // in `text`
    uint32_t length;
    uint32_t slot; // of the value
  };
  const runtime::Shape *shape = nullptr;
  const runtime::Shape *candidate = nullptr; // asked for last
  std::vector<Key> keys;                     // in the order they are written
  std::string text;                          // with kPadding bytes more than the keys need

  static constexpr size_t kPadding = 32;
};

/// Layouts by shape for one format.
class KeyLayouts {
public:
  explicit KeyLayouts(JsonFormat format) : format_(format), table_(kSize) {}

  /// The layout of a shape, or null when it is not worth rendering: only a shape that is asked for
  /// twice in a row at its place in the table gets one.
  const KeyLayout *find(const runtime::Shape *shape) {
    KeyLayout &layout = table_[slotOf(shape)];
    if (layout.shape == shape)
      return &layout;
    if (layout.candidate != shape) {
      layout.candidate = shape;
      return nullptr;
    }
    render(layout, shape);
    return &layout;
  }

private:
  static constexpr size_t kSize = 128;
  static size_t slotOf(const runtime::Shape *shape) {
    const auto bits = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(shape));
    return static_cast<size_t>(bits * 0x9E37'79B9'7F4A'7C15u >> 57);
  }
  void render(KeyLayout &layout, const runtime::Shape *shape);

  JsonFormat format_;
  TextSink sink_;
  std::vector<KeyLayout> table_;
};

} // namespace branchline::format
