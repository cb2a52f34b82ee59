// Upper and lower case of text by Unicode's full mappings, independent of any locale.
// Leaves out: title case and case folding.
#pragma once

#include <string>
#include <string_view>

namespace branchline::runtime {

/// The text in upper case; one character may become several (`ß` gives `SS`).
/// \param text UTF-8; unpaired surrogates pass through
/// \complexity O(n), eight bytes a step for ASCII
/// \rule R3.7.11
std::string upperCase(std::string_view text);

/// The text in lower case; a capital sigma at the end of a word becomes a final one.
/// \param text UTF-8; unpaired surrogates pass through
/// \complexity O(n), eight bytes a step for ASCII
/// \rule R3.7.11, D25 (Unicode's Final_Sigma condition)
std::string lowerCase(std::string_view text);

/// The same for text that is known to be ASCII. \param to  room for as many bytes
void upperCaseAscii(char *to, std::string_view text);
void lowerCaseAscii(char *to, std::string_view text);

} // namespace branchline::runtime
