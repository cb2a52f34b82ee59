// Breadcrumbs over long strings; see TextIndex.h.
#include "TextIndex.h"

#include "branchline/Support/Utf8.h"

#include <algorithm>

namespace branchline::runtime {

void TextIndex::clear() {
  for (Entry &entry : entries_)
    entry = Entry();
  oldest_ = 0;
}

TextIndex::Entry &TextIndex::entryFor(const Value &string) {
  // Concatenation may extend a string in place, so the same address may come back with more bytes;
  // what was there before is still the same.
  const std::string_view text = string.text();
  for (Entry &entry : entries_) {
    if (!entry.string.isString() || entry.string.text().data() != text.data())
      continue;
    if (text.size() > entry.string.text().size()) {
      entry.string = string;
      scan(entry);
    }
    return entry;
  }
  Entry &entry = entries_[oldest_];
  oldest_ = (oldest_ + 1) % kEntries;
  entry.string = string;
  entry.crumbs.clear();
  entry.scanned = 0;
  entry.units = 0;
  scan(entry);
  return entry;
}

void TextIndex::scan(Entry &entry) {
  const std::string_view text = entry.string.text();
  size_t units = entry.units;
  size_t offset = entry.scanned;
  while (offset < text.size()) {
    const auto lead = static_cast<unsigned char>(text[offset]);
    const size_t width = lead >= 0xF0 ? 2 : 1;
    const size_t due = entry.crumbs.size() * kStep;
    if (due < units + width)
      entry.crumbs.push_back(static_cast<uint32_t>(offset * 2 + (due != units)));
    units += width;
    offset += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }
  entry.scanned = text.size();
  entry.units = units;
}

size_t TextIndex::lengthOfPrefix(const Entry &entry, size_t bytes) {
  // The last crumb at or before the end; the rest is less than one step.
  const auto after = std::upper_bound(entry.crumbs.begin(), entry.crumbs.end(), bytes * 2 + 1);
  const size_t crumb = static_cast<size_t>(after - entry.crumbs.begin()) - 1;
  const size_t offset = entry.crumbs[crumb] / 2;
  const size_t units = crumb * kStep - entry.crumbs[crumb] % 2;
  return units + utf8::utf16Length(entry.string.text().substr(offset, bytes - offset));
}

size_t TextIndex::length(const Value &string) {
  const Entry &entry = entryFor(string);
  const size_t bytes = string.text().size();
  return bytes == entry.scanned ? entry.units : lengthOfPrefix(entry, bytes);
}

size_t TextIndex::offset(const Value &string, size_t unit, bool &splitPair) {
  const Entry &entry = entryFor(string);
  const std::string_view text = string.text();
  splitPair = false;
  if (unit >= entry.units)
    return text.size();
  const size_t crumb = unit / kStep;
  const size_t start = entry.crumbs[crumb] / 2;
  if (start >= text.size())
    return text.size();
  // A crumb on the second half of a pair stands at the pair, one unit earlier.
  const size_t rest = unit % kStep + entry.crumbs[crumb] % 2;
  return start + utf8::offsetOfUnit(text.substr(start), rest, splitPair);
}

} // namespace branchline::runtime
