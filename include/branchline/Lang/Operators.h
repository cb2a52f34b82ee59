// Operators as enums with their texts and precedences; the table is Operators.def.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace branchline {

enum class BinaryOp : uint8_t {
#define BL_BINARY(Name, Text, Mnemonic, Precedence, Doc) Name,
#include "branchline/Lang/Operators.def"
};

enum class UnaryOp : uint8_t {
#define BL_UNARY(Name, Text, Mnemonic, Doc) Name,
#include "branchline/Lang/Operators.def"
};

struct OperatorInfo {
  std::string_view text;     // as written in a program
  std::string_view mnemonic; // as written in IR and bytecode
  int precedence;            // 0 for prefix operators
};

inline constexpr auto kBinaryOps = std::to_array<OperatorInfo>({
#define BL_BINARY(Name, Text, Mnemonic, Precedence, Doc) {Text, Mnemonic, Precedence},
#include "branchline/Lang/Operators.def"
});

inline constexpr auto kUnaryOps = std::to_array<OperatorInfo>({
#define BL_UNARY(Name, Text, Mnemonic, Doc) {Text, Mnemonic, 0},
#include "branchline/Lang/Operators.def"
});

constexpr const OperatorInfo &info(BinaryOp op) { return kBinaryOps[static_cast<size_t>(op)]; }
constexpr const OperatorInfo &info(UnaryOp op) { return kUnaryOps[static_cast<size_t>(op)]; }

} // namespace branchline
