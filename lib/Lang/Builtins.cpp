// Look-up of library functions by name.
#include "branchline/Lang/Builtins.h"

#include <algorithm>

namespace branchline {

namespace {
constexpr auto kByName = [] {
  std::array<uint8_t, kBuiltins.size()> order{};
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = static_cast<uint8_t>(i);
  std::sort(order.begin(), order.end(),
            [](uint8_t a, uint8_t b) { return kBuiltins[a].name < kBuiltins[b].name; });
  return order;
}();
} // namespace

std::optional<Builtin> findBuiltin(std::string_view name) {
  auto at = std::lower_bound(kByName.begin(), kByName.end(), name,
                             [](uint8_t i, std::string_view n) { return kBuiltins[i].name < n; });
  if (at == kByName.end() || kBuiltins[*at].name != name)
    return std::nullopt;
  return static_cast<Builtin>(*at);
}

} // namespace branchline
