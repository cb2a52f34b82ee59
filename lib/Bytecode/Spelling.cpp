// Names, quoted text and constants as they stand in the text form.
#include "Spelling.h"

#include "branchline/Numeric/NumberText.h"
#include "branchline/Support/Assert.h"

#include <algorithm>
#include <cmath>

namespace branchline::bytecode {

bool isBareName(std::string_view name) {
  return !name.empty() && startsBareName(name.front()) &&
         std::all_of(name.begin(), name.end(), continuesName);
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
