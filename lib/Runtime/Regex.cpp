// Compiling patterns: parse, translate, hand to PCRE2. Also the cache of compiled patterns.
#include "branchline/Runtime/Regex.h"

#include "RegexParser.h"
#include "RegexProgram.h"

#include "branchline/Support/Utf8.h"

#include <fmt/format.h>

namespace branchline::runtime {

using namespace regex;

namespace {

// \rule R3.8.7
RegexError makeError(std::string description, ptrdiff_t index, std::string_view pattern) {
  RegexError error;
  error.message = description;
  if (index >= 0)
    error.message += fmt::format(" near index {}", index);
  error.message += '\n';
  error.message += pattern;
  if (index >= 0 && static_cast<size_t>(index) < utf8::utf16Length(pattern)) {
    error.message += '\n';
    // One blank per UTF-16 unit; a tab stays one, so that the caret lines up.
    size_t offset = 0;
    for (ptrdiff_t unit = 0; unit < index; ++unit) {
      bool tab = offset < pattern.size() && pattern[offset] == '\t';
      error.message += tab ? '\t' : ' ';
      if (offset < pattern.size() && utf8::decode(pattern, offset) > 0xFFFF)
        if (++unit < index)
          error.message += ' ';
    }
    error.message += '^';
  }
  error.description = std::move(description);
  error.index = index;
  return error;
}

struct CompileContext {
  CompileContext() : context(pcre2_compile_context_create(nullptr)) {
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALLOW_SURROGATE_ESCAPES);
    // Our parser bounds nesting; each of its levels costs at most a few of PCRE2's.
    pcre2_set_parens_nest_limit(context, 2000);
  }
  ~CompileContext() { pcre2_compile_context_free(context); }
  CompileContext(const CompileContext &) = delete;
  CompileContext &operator=(const CompileContext &) = delete;
  pcre2_compile_context *context;
};

enum class Outcome : uint8_t { Ok, LookBehindRefused, TooLarge };

Outcome compileCode(const Translation &translation, bool anchored, Program &program) {
  CompileContext context;
  uint32_t options = PCRE2_UTF | PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C;
  if (anchored)
    options |= PCRE2_ANCHORED;
  if (translation.keepBacktracking)
    options |= PCRE2_NO_AUTO_POSSESS | PCRE2_NO_DOTSTAR_ANCHOR;
  if (translation.plainSearch)
    options |= PCRE2_NO_START_OPTIMIZE;
  const std::string &pattern = translation.pattern;
  int code = 0;
  PCRE2_SIZE offset = 0;
  program.code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                               options, &code, &offset, context.context);
  if (!program.code) {
    bool lookBehind = code == PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH ||
                      code == PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED ||
                      code == PCRE2_ERROR_LOOKBEHIND_TOO_LONG;
    return lookBehind ? Outcome::LookBehindRefused : Outcome::TooLarge;
  }
  // Without just-in-time code (or with code too big for it) PCRE2 interprets.
  program.jit = pcre2_jit_compile(program.code, PCRE2_JIT_COMPLETE) == 0;
  pcre2_pattern_info(program.code, PCRE2_INFO_CAPTURECOUNT, &program.captureCount);
  return Outcome::Ok;
}

// How deep look-behinds that need hooks may nest: each level takes machine stack when it runs.
constexpr unsigned kMaxHookDepth = 8;

// Compiles a pattern or the body of a look-behind, whose hooks it compiles in turn.
Outcome build(const Node &root, unsigned groupCount, const TranslateOptions &options,
              Program &program, Translation &translation, unsigned depth = 0) {
  translation = translate(root, groupCount, options);
  if (!translation.error.empty())
    return Outcome::TooLarge;
  Outcome outcome = compileCode(translation, options.endHook, program);
  if (outcome != Outcome::Ok)
    return outcome;
  for (const HookSpec &spec : translation.hooks) {
    Hook hook{spec.kind, spec.mark, spec.group, spec.minLength, spec.maxLength, nullptr};
    if (spec.body) {
      if (depth == kMaxHookDepth)
        return Outcome::TooLarge;
      TranslateOptions bodyOptions = options;
      bodyOptions.endHook = true;
      auto body = std::make_unique<Program>();
      Translation bodyTranslation;
      outcome = build(*spec.body, 0, bodyOptions, *body, bodyTranslation, depth + 1);
      if (outcome != Outcome::Ok) {
        translation.error = bodyTranslation.error;
        return outcome;
      }
      translation.asksBoundary |= bodyTranslation.asksBoundary;
      hook.body = std::move(body);
    }
    program.hooks.push_back(std::move(hook));
  }
  return Outcome::Ok;
}

// Gives no program when the pattern cannot be compiled; `translation.error` may then say why.
std::unique_ptr<Program> buildProgram(const ParsedPattern &parsed, bool asciiSubject,
                                      Translation &translation) {
  TranslateOptions options;
  options.asciiSubject = asciiSubject;
  for (bool hookLookBehinds : {false, true}) {
    options.hookLookBehinds = hookLookBehinds;
    auto program = std::make_unique<Program>();
    Outcome outcome = build(*parsed.root, parsed.groupCount, options, *program, translation);
    if (outcome == Outcome::Ok)
      return program;
    if (outcome != Outcome::LookBehindRefused)
      break;
  }
  return nullptr;
}

// The text of a pattern without any special character, or "".
std::string literalText(const ParsedPattern &parsed) {
  std::string text;
  if (parsed.root->kind != NodeKind::Sequence)
    return text;
  for (const NodePtr &child : parsed.root->children) {
    if (child->kind != NodeKind::Char || child->fold != Fold::None)
      return {};
    // Halves of a pair are characters of their own and never equal a whole one.
    if (child->point >= 0xD800 && child->point <= 0xDFFF)
      return {};
    utf8::append(text, child->point);
  }
  return text;
}

} // namespace

bool isWellFormed(std::string_view text) {
  for (size_t offset = 0;;) {
    size_t bad = utf8::findInvalid(text.substr(offset));
    if (bad == std::string_view::npos)
      return true;
    offset += bad;
    bool surrogate = text.size() - offset >= 3 && text[offset] == '\xED' &&
                     (text[offset + 1] & 0xE0) == 0xA0 && (text[offset + 2] & 0xC0) == 0x80;
    if (!surrogate)
      return false;
    offset += 3;
  }
}

Regex::Regex(std::unique_ptr<RegexImpl> impl) : impl_(std::move(impl)) {}
Regex::~Regex() = default;

Expected<std::shared_ptr<const Regex>, RegexError> Regex::compile(std::string_view pattern) {
  if (!isWellFormed(pattern))
    return Unexpected(makeError("Malformed text", -1, ""));
  Expected<ParsedPattern, SyntaxError> parsed = Parser(pattern).parse();
  if (!parsed)
    return Unexpected(makeError(parsed.error().description, parsed.error().index, pattern));
  auto impl = std::make_unique<RegexImpl>();
  Translation translation;
  impl->general = buildProgram(*parsed, false, translation);
  if (impl->general && translation.asksBoundary) {
    Translation asciiTranslation;
    impl->ascii = buildProgram(*parsed, true, asciiTranslation);
  }
  if (!impl->general) {
    std::string why = translation.error.empty() ? "Pattern is too complex" : translation.error;
    return Unexpected(makeError(std::move(why), -1, pattern));
  }
  impl->literal = literalText(*parsed);
  impl->groupNumber = std::move(translation.groupNumber);
  impl->names = std::move(parsed->names);
  return std::shared_ptr<const Regex>(std::make_shared<const Regex>(std::move(impl)));
}

unsigned Regex::groupCount() const { return static_cast<unsigned>(impl_->groupNumber.size()) - 1; }

unsigned Regex::groupNumber(std::string_view name) const {
  for (const auto &have : impl_->names)
    if (have.first == name)
      return have.second;
  return 0;
}

Expected<std::shared_ptr<const Regex>, RegexError> RegexCache::get(std::string_view pattern) {
  auto found = entries_.find(pattern);
  if (found != entries_.end())
    return found->second;
  Expected<std::shared_ptr<const Regex>, RegexError> compiled = Regex::compile(pattern);
  if (compiled && pattern.size() <= kMaxPatternBytes) {
    if (entries_.size() >= kMaxEntries)
      entries_.clear();
    entries_.emplace(std::string(pattern), *compiled);
  }
  return compiled;
}

} // namespace branchline::runtime
