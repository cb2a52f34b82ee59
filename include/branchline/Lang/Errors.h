// The catalogue of failures of the world (Errors.def) and the way to make one.
// The number of arguments is checked against the message's format when the toolchain is compiled.
#pragma once

#include "branchline/Support/Error.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <string_view>

namespace branchline::error {

/// A row of Errors.def.
enum class Id : uint16_t {
#define BL_ERROR(Name, Code, Format, Hint, Rule) Name,
#include "branchline/Lang/Errors.def"
};

/// What a row says.
struct Info {
  std::string_view name;
  uint16_t code;
  std::string_view format; // fmt syntax, positional `{}`
  std::string_view hint;   // may be empty
  std::string_view rule;
};

/// All rows, in the order of Id.
inline constexpr auto kTable = std::to_array<Info>({
#define BL_ERROR(Name, Code, Format, Hint, Rule) {#Name, Code, Format, Hint, Rule},
#include "branchline/Lang/Errors.def"
});

/// The row of an id. \complexity O(1)
constexpr const Info &info(Id id) { return kTable[static_cast<size_t>(id)]; }

/// What kind of failure a code stands for; the kind decides the exit status. \rule D41, R5.12.9
enum class Kind : uint8_t {
  Io,      ///< 40xx: files and streams, exit status 74
  Input,   ///< 41xx, 50xx, 51xx: the input document or a bytecode file, exit status 65
  Runtime, ///< 42xx and everything else: exit status 70
  Usage,   ///< 43xx: the command line, exit status 64
};

/// The kind of a code of this table. \param code the number after `BL`
constexpr Kind kindOf(uint16_t code) {
  switch (code / 100) {
  case 40:
    return Kind::Io;
  case 41:
  case 50:
  case 51:
    return Kind::Input;
  case 43:
    return Kind::Usage;
  default:
    return Kind::Runtime;
  }
}

/// Number of `{}` in a format; doubled braces are text.
constexpr size_t countArguments(std::string_view format) {
  size_t count = 0;
  for (size_t i = 0; i < format.size(); ++i)
    if (format[i] == '{') {
      if (i + 1 < format.size() && format[i + 1] == '{')
        ++i;
      else
        ++count;
    }
  return count;
}

/// Makes an error of row `kId`: `return Unexpected(error::make<error::Id::JsonEnd>(position))`.
template <Id kId, class... Args> Error make(const Args &...args) {
  static_assert(countArguments(info(kId).format) == sizeof...(Args),
                "the error's format takes another number of arguments");
  Error made;
  made.code = info(kId).code;
  made.message = fmt::format(fmt::runtime(info(kId).format), args...);
  made.hint = info(kId).hint;
  return made;
}

} // namespace branchline::error
