// Names, quoted text and constants as they stand in the text form.
#include "Spelling.h"

#include "branchline/Numeric/NumberText.h"
#include "branchline/Support/Assert.h"
#include "branchline/Support/Utf8.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <iterator>

namespace branchline::bytecode {

bool isBareName(std::string_view name) {
  return !name.empty() && startsName(name.front()) &&
         std::all_of(name.begin(), name.end(), continuesName);
}

void appendQuoted(std::string &out, std::string_view text) {
  out.push_back('"');
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    const uint32_t c = utf8::decode(text, i);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(c));
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0xD800 && c <= 0xDFFF)) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    } else {
      out += text.substr(start, i - start);
    }
  }
  out.push_back('"');
}

static std::string floatText(double value) {
  if (std::isinf(value))
    return value < 0 ? "-inf" : "inf";
  std::string out;
  appendDouble(out, value);
  return out;
}

std::string constantText(const Constant &constant) {
  switch (constant.kind) {
  case Constant::Kind::Null:
    return "null";
  case Constant::Kind::Bool:
    return constant.integer ? "true" : "false";
  case Constant::Kind::Int:
    return std::to_string(constant.integer);
  case Constant::Kind::Float:
    return floatText(constant.real);
  case Constant::Kind::BigInt:
    return constant.text + "n";
  case Constant::Kind::Decimal:
    return constant.text + "m";
  case Constant::Kind::String: {
    std::string out;
    appendQuoted(out, constant.text);
    return out;
  }
  }
  BL_UNREACHABLE("constant kind");
}

} // namespace branchline::bytecode
