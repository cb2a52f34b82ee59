// Fields by role.
#include "branchline/Bytecode/Operands.h"

#include <algorithm>

namespace branchline::bytecode {

OperandList fieldsOf(Op op) {
  const OpInfo &row = info(op);
  OperandList list;
  auto add = [&](Role role, Field field) {
    if (role != Role::None)
      list.push({role, field, 0});
  };
  add(row.a, Field::A);
  add(row.x, Field::X);
  add(row.b, isWide(row.b) ? Field::Wide : Field::B);
  add(row.c, Field::C);
  add(row.ext, Field::Ext);
  return list;
}

namespace {

int64_t readField(const Word *at, Role role, Field field) {
  switch (field) {
  case Field::X:
    return at->x;
  case Field::A:
    return at->a;
  case Field::B:
    return at->b;
  case Field::C:
    return role == Role::Label16 ? int64_t(static_cast<int16_t>(at->c)) : int64_t(at->c);
  case Field::Wide:
    return role == Role::WideConst || role == Role::WideName
               ? int64_t(static_cast<uint32_t>(at->wide()))
               : int64_t(at->wide());
  case Field::Ext:
    return role == Role::Label ? int64_t(at[1].wide())
                               : int64_t(static_cast<uint32_t>(at[1].wide()));
  }
  return 0;
}

constexpr auto kByMnemonic = [] {
  std::array<uint8_t, kOps.size() - 1> order{};
  size_t count = 0;
  for (size_t i = 0; i < kOps.size(); ++i)
    if (static_cast<Op>(i) != Op::Ext)
      order[count++] = static_cast<uint8_t>(i);
  std::sort(order.begin(), order.end(),
            [](uint8_t a, uint8_t b) { return kOps[a].mnemonic < kOps[b].mnemonic; });
  return order;
}();

constexpr bool kMnemonicsAreUnique = [] {
  for (size_t i = 1; i < kByMnemonic.size(); ++i)
    if (kOps[kByMnemonic[i - 1]].mnemonic == kOps[kByMnemonic[i]].mnemonic)
      return false;
  return true;
}();
static_assert(kMnemonicsAreUnique, "two opcodes have one mnemonic");

} // namespace

OperandList operandsOf(const Word *at) {
  OperandList list;
  for (const Operand &field : fieldsOf(static_cast<Op>(at->op)))
    list.push({field.role, field.field, readField(at, field.role, field.field)});
  return list;
}

bool setOperand(Word *at, Role role, Field field, int64_t value) {
  switch (field) {
  case Field::X:
    at->x = static_cast<uint8_t>(value);
    break;
  case Field::A:
    at->a = static_cast<uint16_t>(value);
    break;
  case Field::B:
    at->b = static_cast<uint16_t>(value);
    break;
  case Field::C:
    at->c = static_cast<uint16_t>(value);
    break;
  case Field::Wide:
    at->setWide(static_cast<int32_t>(value));
    break;
  case Field::Ext:
    at[1].setWide(static_cast<int32_t>(value));
    break;
  }
  return readField(at, role, field) == value;
}

std::optional<Op> findMnemonic(std::string_view mnemonic) {
  auto at =
      std::lower_bound(kByMnemonic.begin(), kByMnemonic.end(), mnemonic,
                       [](uint8_t i, std::string_view word) { return kOps[i].mnemonic < word; });
  if (at == kByMnemonic.end() || kOps[*at].mnemonic != mnemonic)
    return std::nullopt;
  return static_cast<Op>(*at);
}

} // namespace branchline::bytecode
