// Writes one JSON object on one line, for reports. Leaves out: values of the language, which Format
// writes.
#pragma once

#include "branchline/Support/Utf8.h"

#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <string_view>

namespace branchline::driver {

/// Appends `text` as a JSON string. \param text WTF-8; unpaired surrogates become escapes (D44)
inline void appendJsonString(std::string &out, std::string_view text) {
  out += '"';
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += text[i++];
    } else if (byte == '\n') {
      out += "\\n";
      ++i;
    } else if (byte < 0x20) {
      out += fmt::format("\\u{:04x}", byte);
      ++i;
    } else if (byte < 0x80) {
      out += text[i++];
    } else {
      const size_t begin = i;
      const uint32_t codePoint = utf8::decode(text, i);
      if (codePoint >= 0xD800 && codePoint <= 0xDFFF)
        out += fmt::format("\\u{:04x}", codePoint);
      else
        out += text.substr(begin, i - begin);
    }
  }
  out += '"';
}

/// Builds nested objects and arrays; commas are put where they belong.
class JsonLine {
public:
  JsonLine &open(char bracket) {
    separate();
    out_ += bracket;
    fresh_ = true;
    return *this;
  }
  JsonLine &close(char bracket) {
    out_ += bracket;
    fresh_ = false;
    return *this;
  }
  JsonLine &key(std::string_view name) {
    separate();
    appendJsonString(out_, name);
    out_ += ':';
    fresh_ = true;
    return *this;
  }
  JsonLine &string(std::string_view text) {
    separate();
    appendJsonString(out_, text);
    return *this;
  }
  JsonLine &number(uint64_t number) {
    separate();
    out_ += fmt::format("{}", number);
    return *this;
  }
  JsonLine &null() {
    separate();
    out_ += "null";
    return *this;
  }
  /// A string member, or null when the text is empty.
  JsonLine &member(std::string_view name, std::string_view text) {
    key(name);
    return text.empty() ? null() : string(text);
  }
  /// A number member, or null when it is 0.
  JsonLine &member(std::string_view name, uint64_t value) {
    key(name);
    return value == 0 ? null() : number(value);
  }
  /// The line with its end.
  std::string finish() { return std::move(out_) + "\n"; }

private:
  void separate() {
    if (!fresh_)
      out_ += ',';
    fresh_ = false;
  }

  std::string out_;
  bool fresh_ = true;
};

} // namespace branchline::driver
