// Identifier characters (D11).
#include "branchline/Lang/Identifiers.h"

#include <gtest/gtest.h>

namespace {

using namespace branchline;

TEST(Identifiers, Ascii) {
  for (uint32_t c = 0; c < 0x80; ++c) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    bool digit = c >= '0' && c <= '9';
    EXPECT_EQ(isIdentifierStart(c), letter) << c;
    EXPECT_EQ(isIdentifierContinue(c), letter || digit) << c;
  }
}

TEST(Identifiers, LettersOfEveryPlaneStart) {
  for (uint32_t c : {0xE9u, 0x131u, 0x17Fu, 0x3B1u, 0x5D0u, 0x65E5u, 0xFB00u, 0x2167u, 0x1D4B3u,
                     0x20000u, 0x3134Au})
    EXPECT_TRUE(isIdentifierStart(c) && isIdentifierContinue(c)) << std::hex << c;
}

TEST(Identifiers, MarksAndDigitsOnlyContinue) {
  for (uint32_t c : {0x301u, 0x663u, 0x966u, 0xB7u, 0x203Fu, 0xE0100u})
    EXPECT_TRUE(!isIdentifierStart(c) && isIdentifierContinue(c)) << std::hex << c;
}

TEST(Identifiers, TheRestDoesNeither) {
  for (uint32_t c : {0xA0u, 0xD7u, 0x200Bu, 0x2028u, 0x20ACu, 0xD800u, 0xDFFFu, 0xFEFFu, 0xFFFDu,
                     0x1F600u, 0x10FFFFu, 0x110000u, 0xFFFFFFFFu})
    EXPECT_FALSE(isIdentifierStart(c) || isIdentifierContinue(c)) << std::hex << c;
}

} // namespace
