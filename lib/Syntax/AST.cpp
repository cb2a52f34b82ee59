// Texts of the node kinds.
#include "branchline/Syntax/AST.h"

#include <array>

namespace branchline::syntax {

std::string_view kindText(ExprKind kind) {
  static constexpr auto kTexts = std::to_array<std::string_view>({
#define BL_EXPR(Name, Text) Text,
#include "branchline/Syntax/Nodes.def"
  });
  return kTexts[static_cast<size_t>(kind)];
}

std::string_view kindText(StmtKind kind) {
  static constexpr auto kTexts = std::to_array<std::string_view>({
#define BL_STMT(Name, Text) Text,
#include "branchline/Syntax/Nodes.def"
  });
  return kTexts[static_cast<size_t>(kind)];
}

std::string_view kindText(DeclKind kind) {
  static constexpr auto kTexts = std::to_array<std::string_view>({
#define BL_DECL(Name, Text) Text,
#include "branchline/Syntax/Nodes.def"
  });
  return kTexts[static_cast<size_t>(kind)];
}

std::string_view kindText(TypeKind kind) {
  static constexpr auto kTexts = std::to_array<std::string_view>({
#define BL_TYPE(Name, Text) Text,
#include "branchline/Syntax/Nodes.def"
  });
  return kTexts[static_cast<size_t>(kind)];
}

} // namespace branchline::syntax
