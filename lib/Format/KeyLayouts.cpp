// Rendering the keys of a shape.
#include "KeyLayouts.h"

#include "Escape.h"

#include "branchline/Support/Utf8.h"

#include <algorithm>

namespace branchline::format {

void KeyLayouts::render(KeyLayout &layout, const runtime::Shape *shape) {
  layout.shape = shape;
  layout.keys.clear();
  layout.text.clear();
  const uint32_t count = runtime::shapeSize(*shape);
  for (uint32_t slot = 0; slot < count; ++slot)
    layout.keys.push_back({0, 0, slot});
  auto textOf = [&](const KeyLayout::Key &key) {
    return runtime::shapeKey(*shape, key.slot)->text();
  };
  if (format_ == JsonFormat::Canonical)
    std::sort(layout.keys.begin(), layout.keys.end(),
              [&](const KeyLayout::Key &a, const KeyLayout::Key &b) {
                return utf8::compareUtf16(textOf(a), textOf(b)) < 0;
              });
  for (KeyLayout::Key &key : layout.keys) {
    key.offset = static_cast<uint32_t>(layout.text.size());
    // In the pretty layout a line break comes before the key.
    if (format_ != JsonFormat::Pretty)
      layout.text += key.offset == 0 ? '{' : ',';
    sink_.begin(layout.text, 0);
    writeQuoted(sink_, textOf(key), format_);
    (void)sink_.finish(); // there is no bound
    layout.text += format_ == JsonFormat::Pretty ? ": " : ":";
    key.length = static_cast<uint32_t>(layout.text.size() - key.offset);
  }
  layout.text.append(KeyLayout::kPadding, '\0');
}

} // namespace branchline::format
