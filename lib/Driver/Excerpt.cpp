// Cuts at character boundaries, so that what is printed is UTF-8 again.
#include "Excerpt.h"

#include "branchline/Support/Utf8.h"

#include <algorithm>
#include <fmt/format.h>

namespace branchline::driver {
namespace {

constexpr size_t kContext = 36; // bytes on each side of the caret

bool continuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

size_t boundaryBefore(std::string_view text, size_t offset) {
  while (offset > 0 && offset < text.size() && continuesCharacter(text[offset]))
    --offset;
  return offset;
}

/// The line of that number, or nothing when there are fewer.
std::optional<std::string_view> lineOf(std::string_view text, uint32_t number) {
  for (uint32_t line = 1; line < number; ++line) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos)
      return std::nullopt;
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

} // namespace

size_t offsetOfColumn(std::string_view line, uint32_t column) {
  size_t offset = 0;
  for (uint32_t unit = 1; unit < column && offset < line.size(); ++unit)
    if (utf8::decode(line, offset) >= 0x10000)
      ++unit;
  return offset;
}

SourceRange rangeAt(const SourceText &source, LineColumn at) {
  const std::string_view line = source.line(at.line);
  if (line.data() == nullptr)
    return {};
  const size_t lineStart = static_cast<size_t>(line.data() - source.text().data());
  const auto begin = static_cast<uint32_t>(lineStart + offsetOfColumn(line, at.column));
  return {begin, begin};
}

std::string renderExcerpt(std::string_view document, LineColumn at, uint32_t firstLine) {
  const std::optional<std::string_view> line = lineOf(document, at.line - firstLine + 1);
  if (!line || line->empty() || utf8::findInvalid(*line) != std::string_view::npos)
    return {};
  const size_t caret = offsetOfColumn(*line, at.column);
  const size_t begin = boundaryBefore(*line, caret > kContext ? caret - kContext : 0);
  const size_t end = boundaryBefore(*line, std::min(line->size(), caret + kContext));
  std::string shown(line->substr(begin, end - begin));
  // Control characters would move the caret away from its place, or worse.
  for (char &c : shown)
    if (static_cast<unsigned char>(c) < 0x20)
      c = ' ';
  size_t width = 0;
  for (size_t i = begin; i < caret; ++width)
    utf8::decode(*line, i);
  const std::string_view before = begin > 0 ? "..." : "";
  return fmt::format("{:5} | {}{}{}\n{:5} | {:>{}}\n", at.line, before, shown,
                     end < line->size() ? "..." : "", "", "^", before.size() + width + 1);
}

} // namespace branchline::driver
