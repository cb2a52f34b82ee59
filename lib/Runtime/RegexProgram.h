// A pattern as PCRE2 runs it, with its hooks. Leaves out: running it (RegexMatcher.cpp).
#pragma once

#include "RegexTranslate.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <memory>
#include <pcre2.h>
#include <string_view>

namespace branchline::runtime::regex {

struct Program;

/// A hook at run time; see HookSpec for the meaning of the fields.
struct Hook {
  HookSpec::Kind kind;
  uint32_t mark;
  uint32_t group;
  uint32_t minLength;
  uint32_t maxLength;
  std::unique_ptr<const Program> body; // of a look-behind
};

struct Program {
  pcre2_code *code = nullptr;
  bool jit = false;
  uint32_t captureCount = 0; // PCRE2's, marks included
  std::vector<Hook> hooks;

  Program() = default;
  Program(const Program &) = delete;
  Program &operator=(const Program &) = delete;
  ~Program() { pcre2_code_free(code); }
};

} // namespace branchline::runtime::regex

namespace branchline::runtime {

/// What a Regex holds.
struct RegexImpl {
  std::unique_ptr<const regex::Program> general;
  std::unique_ptr<const regex::Program> ascii; // for ASCII subjects, where it differs
  std::string literal;                         // not empty: the pattern is just this text
  std::vector<uint32_t> groupNumber;           // PCRE2's by ours
  std::vector<std::pair<std::string, unsigned>> names;
};

/// True for UTF-8 in which surrogates may stand in their three-byte form. \complexity O(n)
bool isWellFormed(std::string_view text);

} // namespace branchline::runtime
