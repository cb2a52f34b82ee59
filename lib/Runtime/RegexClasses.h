// The named character classes of the dialect and its notions of case.
// Leaves out: blocks (`In...`, `blk=`) and the `javaXxx` classes, which are rejected as unknown.
#pragma once

#include "RegexCharSet.h"

#include <optional>
#include <string_view>

namespace branchline::runtime::regex {

/// `\d \w \s \h \v` by their letter, upper case for the complement. \rule R3.8.4
ClassExpr predefinedClass(char letter, bool unicodeClasses);

/// What `.` matches. \rule R3.8.4
ClassExpr dotClass(bool dotAll, bool unixLines);

/// `\p{name}`: POSIX names, general categories and a few more, spelled exactly.
std::optional<ClassExpr> categoryClass(std::string_view name, bool caseInsensitive);

/// `\p{Isname}` for binary properties, whose names ignore case.
std::optional<ClassExpr> binaryPropertyClass(std::string_view name, bool caseInsensitive);

/// POSIX names with Unicode meaning, under `(?U)`; these ignore case.
std::optional<ClassExpr> unicodePosixClass(std::string_view name, bool caseInsensitive);

/// A script by its full name or four-letter code, ignoring case.
std::optional<ClassExpr> scriptClass(std::string_view name);

/// Simple case mappings as java.lang.Character has them.
uint32_t simpleUpper(uint32_t codePoint);
uint32_t simpleLower(uint32_t codePoint);

/// Adds the range, and what equals a member of it when ASCII case is ignored.
void addIgnoringAsciiCase(CodePointSet &set, uint32_t low, uint32_t high);

/// Which characters are equal when Unicode case is ignored. Costs about a millisecond to build.
class CaseFolds {
public:
  CaseFolds();
  /// Adds the range, and what equals a member of it when case is ignored.
  void addRange(CodePointSet &set, uint32_t low, uint32_t high) const;

private:
  struct Entry {
    uint32_t point, upper, fold;
  };
  std::vector<Entry> entries_; // every character that has case
};

} // namespace branchline::runtime::regex
