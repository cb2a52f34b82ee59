// Line table of a source text. Only LF starts a new line (R1.1.2).
#include "branchline/Support/SourceText.h"

#include "branchline/Support/Utf8.h"

#include <algorithm>

namespace branchline {

/// Bytes between two places at which the number of units is remembered.
static constexpr uint32_t kMarkDistance = 1024;

SourceText::SourceText(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  uint32_t units = 0;
  for (size_t at = 0; at < text_.size(); at += kMarkDistance) {
    unitMarks_.push_back(units);
    units +=
        static_cast<uint32_t>(utf8::utf16Length(std::string_view(text_).substr(at, kMarkDistance)));
  }
  isAscii_ = units == text_.size(); // other characters have fewer units than bytes
  lineStarts_.push_back(0);
  for (uint32_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n')
      lineStarts_.push_back(i + 1);
}

uint32_t SourceText::unitsBefore(uint32_t offset) const {
  uint32_t mark = offset / kMarkDistance;
  if (mark >= unitMarks_.size()) // the end of a text that fills its last stretch
    mark = unitMarks_.empty() ? 0 : static_cast<uint32_t>(unitMarks_.size()) - 1;
  uint32_t from = mark * kMarkDistance;
  uint32_t known = unitMarks_.empty() ? 0 : unitMarks_[mark];
  return known + static_cast<uint32_t>(
                     utf8::utf16Length(std::string_view(text_).substr(from, offset - from)));
}

LineColumn SourceText::lineColumn(uint32_t offset) const {
  offset = std::min<uint32_t>(offset, static_cast<uint32_t>(text_.size()));
  auto next = std::upper_bound(lineStarts_.begin(), lineStarts_.end(), offset);
  uint32_t line = static_cast<uint32_t>(next - lineStarts_.begin());
  uint32_t start = lineStarts_[line - 1];
  if (isAscii_)
    return {line, offset - start + 1};
  uint32_t units = offset - start <= kMarkDistance
                       ? static_cast<uint32_t>(utf8::utf16Length(
                             std::string_view(text_).substr(start, offset - start)))
                       : unitsBefore(offset) - unitsBefore(start);
  return {line, units + 1};
}

std::string_view SourceText::line(uint32_t number) const {
  if (number == 0 || number > lineStarts_.size())
    return {};
  uint32_t start = lineStarts_[number - 1];
  uint32_t end =
      number < lineStarts_.size() ? lineStarts_[number] - 1 : static_cast<uint32_t>(text_.size());
  std::string_view line = std::string_view(text_).substr(start, end - start);
  if (!line.empty() && line.back() == '\r')
    line.remove_suffix(1);
  return line;
}

} // namespace branchline
