// Base64 both ways, and which texts are refused.
#include "branchline/Runtime/Base64.h"

#include <gtest/gtest.h>

namespace branchline::runtime {
namespace {

std::string decoded(std::string_view text) {
  auto bytes = base64Decode(text);
  return bytes ? *bytes : "error: " + bytes.error().message;
}

TEST(Base64Test, Encodes) {
  EXPECT_EQ(base64Encode(""), "");
  EXPECT_EQ(base64Encode("f"), "Zg==");
  EXPECT_EQ(base64Encode("fo"), "Zm8=");
  EXPECT_EQ(base64Encode("foo"), "Zm9v");
  EXPECT_EQ(base64Encode("foob"), "Zm9vYg==");
  EXPECT_EQ(base64Encode("\xFB\xEF\xBF\xFF"), "+++//w==");
}

TEST(Base64Test, RoundTripsEveryByteAtEveryPlace) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
    ASSERT_EQ(decoded(base64Encode(bytes)), bytes);
    ASSERT_EQ(decoded(base64Encode(bytes.substr(bytes.size() / 2))),
              bytes.substr(bytes.size() / 2));
  }
}

TEST(Base64Test, PaddingMayBeMissingAndSurplusBitsAreIgnored) {
  EXPECT_EQ(decoded(""), "");
  EXPECT_EQ(decoded("aGk="), "hi");
  EXPECT_EQ(decoded("aGk"), "hi");
  EXPECT_EQ(decoded("aGl="), "hi");
  EXPECT_EQ(decoded("ab"), "i");
  EXPECT_EQ(decoded("AR=="), "\x01");
  EXPECT_EQ(decoded("+/+/"), "\xFB\xFF\xBF");
}

TEST(Base64Test, Errors) {
  struct Case {
    const char *text;
    size_t offset;
    const char *what;
  };
  for (const Case &row : {
           Case{"a", 1, "incomplete group"},
           Case{"=", 0, "misplaced padding"},
           Case{"!", 0, "invalid character"},
           Case{"AAAAA", 5, "incomplete group"},
           Case{"A===", 2, "incomplete group"},
           Case{"====", 0, "misplaced padding"},
           Case{"AAAA=", 4, "misplaced padding"},
           Case{"AA=A", 2, "incomplete padding"},
           Case{"AA=", 2, "incomplete padding"},
           Case{"AQ==AQ==", 4, "text behind the padding"},
           Case{"AQ==\n", 4, "text behind the padding"},
           Case{"AQI==", 4, "text behind the padding"},
           Case{"-_", 0, "invalid character"},
           Case{"AQ ==", 2, "invalid character"},
           Case{"AAAAA!", 5, "invalid character"},
           Case{"\u20AC111", 0, "invalid character"},
           Case{"AB\u00E9", 2, "invalid character"},
       }) {
    auto bytes = base64Decode(row.text);
    ASSERT_FALSE(bytes.has_value()) << row.text;
    EXPECT_EQ(bytes.error().offset, row.offset) << row.text;
    EXPECT_EQ(bytes.error().message,
              std::string("BASE64_DECODE: ") + row.what + " at " + std::to_string(row.offset));
  }
}

} // namespace
} // namespace branchline::runtime
