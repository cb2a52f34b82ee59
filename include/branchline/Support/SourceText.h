// A program text with its name and line table, and positions in it.
// Positions are byte offsets; lines and columns are computed when something is printed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace branchline {

/// Half-open range of byte offsets in one source text.
struct SourceRange {
  uint32_t begin = 0;
  uint32_t end = 0;
};

/// A place as people count: both 1-based, columns in UTF-16 code units (a tab is one). \rule R1.1.2
struct LineColumn {
  uint32_t line = 1;
  uint32_t column = 1;
  bool operator==(const LineColumn &) const = default;
};

/// An immutable source text. \threads any number may read.
class SourceText {
public:
  /// \param name   what diagnostics call the text (a path as given, or `<stdin>`).
  /// \param text   UTF-8, at most 4 GiB - 1; taken over.
  SourceText(std::string name, std::string text);

  std::string_view name() const { return name_; }
  std::string_view text() const { return text_; }
  /// \param offset  byte offset, clamped to the end of the text. \complexity O(log lines), also on
  ///                very long lines
  LineColumn lineColumn(uint32_t offset) const;
  /// The text of a 1-based line without its line end; empty when there is no such line.
  std::string_view line(uint32_t number) const;
  uint32_t lineCount() const { return static_cast<uint32_t>(lineStarts_.size()); }

private:
  uint32_t unitsBefore(uint32_t offset) const;

  std::string name_;
  std::string text_;
  std::vector<uint32_t> lineStarts_;
  bool isAscii_ = true;
  std::vector<uint32_t> unitMarks_; // UTF-16 units before every kMarkDistance-th byte
};

} // namespace branchline
