// Short pieces of source and input texts around a place, for messages.
#pragma once

#include "branchline/Support/SourceText.h"

#include <optional>
#include <string>
#include <string_view>

namespace branchline::driver {

/// Byte offset of a column of a line. \param line WTF-8 without its line end
size_t offsetOfColumn(std::string_view line, uint32_t column);

/// The range of the one character at a place of a program; empty range at the end of a line.
SourceRange rangeAt(const SourceText &source, LineColumn at);

/// The part of a document around a place with a caret below it, at most about 80 columns: documents
/// often are one long line. Empty when the place is not in the text or the line is not UTF-8.
/// \param firstLine  the number of the first line of `document`
/// \complexity O(bytes up to the end of the line)
std::string renderExcerpt(std::string_view document, LineColumn at, uint32_t firstLine = 1);

} // namespace branchline::driver
