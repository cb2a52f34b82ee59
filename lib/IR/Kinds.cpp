// Names of value kinds and the text of kind sets.
#include "branchline/IR/Kinds.h"

#include <array>

namespace branchline::ir {

namespace {
struct KindName {
  std::string_view name;
  KindSet kinds;
};

constexpr auto kNames = std::to_array<KindName>({
    {"null", kinds::Null},
    {"bool", kinds::Bool},
    {"int", kinds::Int},
    {"float", kinds::Float},
    {"bigint", kinds::BigInt},
    {"decimal", kinds::Decimal},
    {"string", kinds::String},
    {"bytes", kinds::Bytes},
    {"list", kinds::List},
    {"object", kinds::Object},
    {"set", kinds::Set},
    {"function", kinds::Function},
    {"sequence", kinds::Sequence},
    {"handle", kinds::Handle},
    {"unbound", kinds::Unbound},
    {"iterator", kinds::Iterator},
});

// Names of sets that are printed only when they are the whole set.
constexpr auto kWholeNames = std::to_array<KindName>({
    {"none", KindSet{}},
    {"any", kinds::Any},
    {"raw", kinds::Raw},
});
} // namespace

std::string kindText(KindSet kinds) {
  for (const KindName &row : kWholeNames)
    if (row.kinds == kinds)
      return std::string(row.name);
  std::string out;
  for (const KindName &row : kNames)
    if (kinds.contains(row.kinds)) {
      if (!out.empty())
        out.push_back('|');
      out += row.name;
    }
  return out;
}

std::optional<KindSet> kindNamed(std::string_view word) {
  for (const KindName &row : kWholeNames)
    if (row.name == word)
      return row.kinds;
  for (const KindName &row : kNames)
    if (row.name == word)
      return row.kinds;
  return std::nullopt;
}

} // namespace branchline::ir
