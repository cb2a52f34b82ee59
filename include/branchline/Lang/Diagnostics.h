// The catalogue of compile-time diagnostics (Diagnostics.def) and the way to make one.
// The number of arguments is checked against the message's format when the toolchain is compiled.
#pragma once

#include "branchline/Support/Diagnostic.h"

#include <array>
#include <fmt/format.h>
#include <span>
#include <string_view>

namespace branchline::diag {

enum class Id : uint16_t {
#define BL_DIAG(Name, Code, Level, Format, Rule, Doc) Name,
#include "branchline/Lang/Diagnostics.def"
};

struct Info {
  std::string_view name;
  uint16_t code;
  Severity severity;
  std::string_view format; // fmt syntax, positional `{}`
  std::string_view rule;
  std::string_view doc; // one sentence for the catalogue
};

inline constexpr auto kTable = std::to_array<Info>({
#define BL_DIAG(Name, Code, Level, Format, Rule, Doc)                                              \
  {#Name, Code, ::branchline::Severity::Level, Format, Rule, Doc},
#include "branchline/Lang/Diagnostics.def"
});

constexpr const Info &info(Id id) { return kTable[static_cast<size_t>(id)]; }

/// Number of `{}` in a format; doubled braces are text.
constexpr int countArguments(std::string_view format) {
  int count = 0;
  for (size_t i = 0; i < format.size(); ++i)
    if (format[i] == '{') {
      if (i + 1 < format.size() && format[i + 1] == '{')
        ++i;
      else
        ++count;
    }
  return count;
}

/// Makes a diagnostic of row `kId`: `sink.report(diag::make<diag::Id::UnboundName>(range, name))`.
template <Id kId, class... Args> Diagnostic make(SourceRange range, const Args &...args) {
  static_assert(countArguments(info(kId).format) == sizeof...(Args),
                "the diagnostic's format takes another number of arguments");
  Diagnostic diagnostic;
  diagnostic.code = info(kId).code;
  diagnostic.severity = info(kId).severity;
  diagnostic.message = fmt::format(fmt::runtime(info(kId).format), args...);
  diagnostic.range = range;
  return diagnostic;
}

} // namespace branchline::diag
