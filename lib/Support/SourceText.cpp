// Line table of a source text. Only LF starts a new line (R1.1.2).
#include "branchline/Support/SourceText.h"

#include "branchline/Support/Utf8.h"

#include <algorithm>

namespace branchline {

SourceText::SourceText(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  lineStarts_.push_back(0);
  for (uint32_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n')
      lineStarts_.push_back(i + 1);
}

LineColumn SourceText::lineColumn(uint32_t offset) const {
  offset = std::min<uint32_t>(offset, static_cast<uint32_t>(text_.size()));
  auto next = std::upper_bound(lineStarts_.begin(), lineStarts_.end(), offset);
  uint32_t line = static_cast<uint32_t>(next - lineStarts_.begin());
  uint32_t start = lineStarts_[line - 1];
  std::string_view before = std::string_view(text_).substr(start, offset - start);
  return {line, static_cast<uint32_t>(utf8::utf16Length(before)) + 1};
}

std::string_view SourceText::line(uint32_t number) const {
  if (number == 0 || number > lineStarts_.size())
    return {};
  uint32_t start = lineStarts_[number - 1];
  uint32_t end = number < lineStarts_.size() ? lineStarts_[number] - 1
                                             : static_cast<uint32_t>(text_.size());
  std::string_view line = std::string_view(text_).substr(start, end - start);
  if (!line.empty() && line.back() == '\r')
    line.remove_suffix(1);
  return line;
}

} // namespace branchline
