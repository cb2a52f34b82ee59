// Names, quoted text and constants as they stand in the text form.
#include "Spelling.h"

#include "branchline/Numeric/NumberText.h"
#include "branchline/Support/Assert.h"

#include <algorithm>
#include <cmath>

namespace branchline::ir {

bool isBareName(std::string_view name) {
  return !name.empty() && startsBareName(name.front()) &&
         std::all_of(name.begin(), name.end(), continuesName);
}

bool isBareLabel(std::string_view label) {
  return isBareName(label) && label != "handler" && !findMnemonic(label);
}

bool isBareSegment(std::string_view name) {
  return isBareName(name) && name.find('.') == std::string_view::npos;
}

namespace {
constexpr auto kByMnemonic = [] {
  std::array<uint8_t, kInsts.size()> order{};
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = static_cast<uint8_t>(i);
  std::sort(order.begin(), order.end(),
            [](uint8_t a, uint8_t b) { return kInsts[a].mnemonic < kInsts[b].mnemonic; });
  return order;
}();
} // namespace

std::optional<Op> findMnemonic(std::string_view word) {
  auto at = std::lower_bound(kByMnemonic.begin(), kByMnemonic.end(), word,
                             [](uint8_t i, std::string_view w) { return kInsts[i].mnemonic < w; });
  if (at == kByMnemonic.end() || kInsts[*at].mnemonic != word)
    return std::nullopt;
  return static_cast<Op>(*at);
}

std::vector<uint32_t> valueNumbers(const Function &fn) {
  std::vector<uint32_t> numbers(fn.valueKinds.size(), kNone);
  uint32_t next = 0;
  auto number = [&](ValueId value) {
    if (value < numbers.size() && numbers[value] == kNone)
      numbers[value] = next++;
  };
  for (const Block &block : fn.blocks) {
    std::for_each(block.params.begin(), block.params.end(), number);
    for (const Inst &inst : block.insts)
      number(inst.result); // kNone is out of range
  }
  for (const Block &block : fn.blocks)
    for (const Inst &inst : block.insts)
      for (Operand operand : inst.operands)
        if (operand.kind == OperandKind::Value || operand.kind == OperandKind::Arg ||
            operand.kind == OperandKind::PathKey)
          number(operand.index);
  return numbers;
}

static std::string floatText(double value) {
  if (std::isnan(value))
    return "nan";
  if (std::isinf(value))
    return value < 0 ? "-inf" : "inf";
  std::string out;
  appendDouble(out, value);
  return out;
}

/// The decimal's own text, because a plain one would be long for large scales.
static std::string decimalText(const Constant &constant) {
  ParsedBigInt digits = parseBigInt(constant.text);
  if (digits.error != NumberError::None || std::abs(constant.integer) > kMaxDecimalScale)
    return "?";
  return Decimal(std::move(digits.value), static_cast<int32_t>(constant.integer)).toText() + "m";
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
    return decimalText(constant);
  case Constant::Kind::String: {
    std::string out;
    appendQuoted(out, constant.text);
    return out;
  }
  }
  BL_UNREACHABLE("constant kind");
}

} // namespace branchline::ir
