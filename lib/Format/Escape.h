// JSON strings: quotes around text, with the characters escaped that a format escapes.
#pragma once

#include "branchline/Format/JsonOptions.h"

#include <string_view>

namespace branchline::format {

class TextSink;

/// Writes a quoted string. \param text UTF-8/WTF-8. \rule R5.4.8, R5.5.2, D44
void writeQuoted(TextSink &sink, std::string_view text, JsonFormat format);

/// Text as UTF-8: an unpaired surrogate becomes `?`. \rule R5.4.9
void writeReplacingSurrogates(TextSink &sink, std::string_view text);

} // namespace branchline::format
