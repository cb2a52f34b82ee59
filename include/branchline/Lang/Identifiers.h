// Which characters make up an identifier: XID_Start and XID_Continue of Unicode 14.
// Leaves out: normalisation; two spellings of one text are two names (D11).
#pragma once

#include <cstdint>

namespace branchline {

/// True for `_` and XID_Start, supplementary planes included. \complexity O(log ranges) \rule D11
bool isIdentifierStart(uint32_t codePoint);

/// True for XID_Continue, which includes `_` and digits. \complexity O(log ranges) \rule D11
bool isIdentifierContinue(uint32_t codePoint);

} // namespace branchline
