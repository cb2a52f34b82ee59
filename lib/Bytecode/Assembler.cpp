// The frame of the text form: directives, functions, labels and instructions. Whether the program
// makes sense is for the verifier to say.
#include "Assembler.h"

#include "Spelling.h"
#include "branchline/Bytecode/File.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Numeric/NumberText.h"

#include <algorithm>
#include <fmt/format.h>

namespace branchline::bytecode {

/// Longest piece of the text that a message repeats, in bytes.
static constexpr uint32_t kMaxShown = 40;

std::unique_ptr<Program> assemble(const SourceText &source, DiagnosticSink &sink) {
  return Assembler(source, sink).run();
}

Assembler::Assembler(const SourceText &source, DiagnosticSink &sink)
    : source_(source), sink_(sink), errorsBefore_(sink.errorCount()), lexer_(source, sink),
      program_(std::make_unique<Program>()) {
  advance();
}

std::unique_ptr<Program> Assembler::run() {
  while (!at(TokenKind::End) && !stopped_)
    parseStatement();
  if (inFunction_ && !stopped_)
    fail("`.end`");
  return sink_.errorCount() > errorsBefore_ ? nullptr : std::move(program_);
}

// --- Tokens and errors ---

void Assembler::advance() { token_ = lexer_.next(); }

bool Assembler::accept(TokenKind kind) {
  if (!at(kind) || token_.startsLine)
    return false;
  advance();
  return true;
}

bool Assembler::expect(TokenKind kind, std::string_view what) { return accept(kind) || fail(what); }

bool Assembler::fail(std::string_view expected) {
  if (at(TokenKind::Error)) // the lexer has said what is wrong
    return false;
  return report(
      [&] { return diag::make<diag::Id::AsmExpected>(token_.range, describe(token_), expected); });
}

bool Assembler::unknown(std::string_view what, const Token &name) {
  return report([&] {
    return diag::make<diag::Id::AsmUnknown>(name.range, what, name.text.substr(0, kMaxShown));
  });
}

bool Assembler::outOfRange(const Token &token, std::string_view what) {
  return report([&] { return diag::make<diag::Id::AsmRange>(token.range, describe(token), what); });
}

bool Assembler::duplicate(std::string_view what, const Token &name) {
  return report([&] {
    return diag::make<diag::Id::AsmDuplicate>(name.range, what, name.text.substr(0, kMaxShown));
  });
}

std::string Assembler::describe(const Token &token) const {
  if (token.kind == TokenKind::End)
    return "the end of the text";
  if (token.startsLine && token.range.begin == token_.range.begin)
    return "the end of the line";
  const SourceRange range = token.range;
  if (range.end - range.begin > kMaxShown)
    return "a long token";
  return fmt::format("`{}`", source_.text().substr(range.begin, range.end - range.begin));
}

void Assembler::skipLine() {
  while (!at(TokenKind::End) && !token_.startsLine)
    advance();
}

bool Assembler::endOfLine() {
  return at(TokenKind::End) || token_.startsLine || fail("the end of the line");
}

// --- Frame ---

void Assembler::parseStatement() {
  token_.startsLine = false; // of this statement, not the end of the one before
  bool good = false;
  if (at(TokenKind::Directive))
    good = parseDirective();
  else if (!inFunction_)
    fail("a directive such as `.function`");
  else
    good = parseCode();
  if (!good || !endOfLine())
    skipLine();
}

bool Assembler::parseDirective() {
  const Token name = token_;
  advance();
  bool known = true;
  const bool good =
      inFunction_ ? parseFunctionDirective(name, known) : parseProgramDirective(name, known);
  if (known)
    return good;
  return unknown(inFunction_ ? "directive of a function" : "directive of a program", name);
}

bool Assembler::parseProgramDirective(const Token &name, bool &known) {
  uint32_t index = 0;
  if (name.text == "version")
    return parseVersion();
  if (name.text == "file")
    return parseText(program_->sourceName, "the name of the source");
  if (name.text == "source") {
    std::string line;
    if (!parseText(line, "a line of the source"))
      return false;
    program_->source += line;
    return true;
  }
  if (name.text == "constant")
    return parseConstantRow();
  if (name.text == "layout")
    return parseLayout(index, true);
  if (name.text == "path")
    return parsePath(index, true);
  if (name.text == "import")
    return parseImport();
  if (name.text == "shared")
    return parseShared();
  if (name.text == "transform")
    return parseTransform();
  if (name.text == "call.depth") {
    int64_t depth = 0;
    if (!parseNumber("a call depth", 0, UINT32_MAX, depth))
      return false;
    program_->minCallDepth = static_cast<uint32_t>(depth);
    return true;
  }
  if (name.text == "function")
    return parseFunction();
  return known = false;
}

bool Assembler::parseVersion() {
  const Token number = token_;
  int64_t version = 0;
  if (!parseNumber("a version", 0, UINT16_MAX, version))
    return false;
  return version == kFormatVersion ||
         outOfRange(number, fmt::format("a version, this build reads {}", kFormatVersion));
}

bool Assembler::parseConstantRow() {
  std::optional<Constant> constant = readConstant();
  if (!constant)
    return false;
  internConstant(std::move(*constant), true);
  return true;
}

bool Assembler::parseImport() {
  int64_t kind = 0;
  if (!parseWord(kImportKindWords, "`library` or `host`", kind))
    return false;
  const Token name = token_;
  Import import{static_cast<Import::Kind>(kind), {}};
  if (!parseText(import.name, "the name of a function"))
    return false;
  std::string key = std::string(kImportKindWords[static_cast<size_t>(kind)]) + " " + import.name;
  if (imports_.count(key) != 0)
    return duplicate("import", name);
  intern(imports_, program_->imports, std::move(import), std::move(key), true);
  return true;
}

bool Assembler::parseShared() {
  int64_t kind = 0;
  SharedResource resource;
  if (!parseWord(kSharedKindWords, "`single` or `many`", kind) ||
      !parseText(resource.name, "the name of a resource"))
    return false;
  resource.single = kind != 0;
  program_->shared.push_back(std::move(resource));
  return true;
}

bool Assembler::parseTransform() {
  TransformEntry entry{};
  int64_t function = 0;
  if (!parseIndex(TokenKind::Function, "a function such as `@0`", function) ||
      !parseText(entry.name, "the name of a transform"))
    return false;
  entry.function = static_cast<uint32_t>(function);
  program_->transforms.push_back(std::move(entry));
  return true;
}

bool Assembler::parseFunction() {
  const Token number = token_;
  int64_t index = 0, kind = 0;
  // Inside from here on, so that a mistake in this line does not make one of every line below it.
  inFunction_ = true;
  fn_ = Function{};
  labels_.clear();
  fixups_.clear();
  regions_.clear();
  if (!parseIndex(TokenKind::Function, "a function such as `@0`", index))
    return false;
  if (static_cast<size_t>(index) != program_->functions.size())
    return outOfRange(number,
                      fmt::format("the next function, which is `@{}`", program_->functions.size()));
  if (!parseWord(kFunctionKindWords, "`transform`, `func` or `lambda`", kind) ||
      !parseText(fn_.sourceName, "the name of the function"))
    return false;
  fn_.kind = static_cast<FunctionKind>(kind);
  return true;
}

bool Assembler::parseFunctionDirective(const Token &name, bool &known) {
  if (name.text == "registers")
    return parseRegisters();
  if (name.text == "params")
    return parseParams();
  if (name.text == "captures") {
    int64_t count = 0;
    if (!parseNumber("a number of captures", 0, kNoIndex, count))
      return false;
    fn_.captures = static_cast<uint16_t>(count);
    return true;
  }
  if (name.text == "resume")
    return parseResume();
  if (name.text == "handler")
    return parseHandler();
  if (name.text == "inlined")
    return parseInlined();
  if (name.text == "end") {
    finishFunction();
    return true;
  }
  return known = false;
}

/// `r0..r9, c10`: runs of one class, in order from register 0.
bool Assembler::parseRegisters() {
  do {
    const Token first = token_;
    uint32_t from = 0, to = 0;
    char letter = 0, lastLetter = 0;
    if (!parseRegister(from, &letter))
      return false;
    if (from != fn_.registers.size())
      return outOfRange(
          first, fmt::format("the next register, which has number {}", fn_.registers.size()));
    to = from;
    const Token last = token_;
    if (accept(TokenKind::DotDot) && !parseRegister(to, &lastLetter))
      return false;
    if (to < from || to >= kMaxRegisters || (lastLetter != 0 && lastLetter != letter))
      return outOfRange(last, "a run of registers");
    fn_.registers.insert(fn_.registers.end(), to - from + 1,
                         static_cast<RegisterClass>(kRegisterLetters.find(letter)));
  } while (accept(TokenKind::Comma));
  return true;
}

bool Assembler::parseParams() {
  do {
    const Token token = token_;
    uint32_t reg = 0;
    if (!parseRegister(reg) || !checkLetter(token, reg))
      return false;
    fn_.params.push_back(static_cast<uint16_t>(reg));
  } while (accept(TokenKind::Comma));
  return true;
}

bool Assembler::parseResume() {
  ResumePoint point{};
  if (!token_.startsLine && !at(TokenKind::End))
    do {
      const Token first = token_;
      uint32_t from = 0, to = 0;
      if (!parseRegister(from))
        return false;
      to = from;
      if (accept(TokenKind::DotDot) && !parseRegister(to))
        return false;
      if (to < from || to >= kMaxRegisters)
        return outOfRange(first, "a run of registers");
      for (uint32_t reg = from; reg <= to; ++reg)
        point.live.push_back(static_cast<uint16_t>(reg));
      if (point.live.size() > kMaxRegisters) // no register twice, so there cannot be more
        return outOfRange(first, "the live registers of a resume point");
    } while (accept(TokenKind::Comma));
  fn_.resumePoints.push_back(std::move(point));
  return true;
}

bool Assembler::parseHandler() {
  Region region;
  auto label = [&](Token &token) {
    token = token_;
    return expect(TokenKind::Word, "a label such as `L1`");
  };
  if (!label(region.begin) || !expect(TokenKind::Comma, "`,`") || !label(region.end) ||
      !expect(TokenKind::Comma, "`,`") || !label(region.target))
    return false;
  regions_.push_back(std::move(region));
  return true;
}

/// `@1 !7:2 #0`: the callee, the place of the call, and the row in whose body it stood.
bool Assembler::parseInlined() {
  InlineSite site;
  int64_t callee = 0;
  if (!parseIndex(TokenKind::Function, "a function such as `@0`", callee) ||
      (!token_.startsLine && at(TokenKind::Bang) && !parsePlace(site.at)) ||
      (!token_.startsLine && at(TokenKind::Hash) && !parseSite(site.parent)))
    return false;
  site.callee = static_cast<uint32_t>(callee);
  fn_.inlineSites.push_back(site);
  return true;
}

bool Assembler::parseCode() {
  const Token word = token_;
  if (!at(TokenKind::Word))
    return fail("an instruction, a label or a directive");
  advance();
  if (!accept(TokenKind::Colon))
    return parseInstruction(word);
  const auto place = static_cast<uint32_t>(fn_.code.size());
  return labels_.emplace(word.text, place).second || duplicate("label", word);
}

bool Assembler::parseInstruction(const Token &mnemonic) {
  const std::optional<Op> op = findMnemonic(mnemonic.text);
  if (!op)
    return unknown("instruction", mnemonic);
  words_[0] = Word{static_cast<uint8_t>(*op), 0, 0, 0, 0};
  words_[1] = Word{static_cast<uint8_t>(Op::Ext), 0, 0, 0, 0};
  if (info(*op).x == Role::Negate && at(TokenKind::Word) && token_.text == kNegateWord &&
      !token_.startsLine) {
    words_[0].x = 1;
    advance();
  }
  bool first = true;
  for (const Operand &field : fieldsOf(*op)) {
    if (field.role == Role::VarKind || field.role == Role::Negate)
      continue;
    if (!first && !expect(TokenKind::Comma, "`,`"))
      return false;
    first = false;
    if (token_.startsLine)
      return fail("an operand");
    if (!parseOperand(*op, field))
      return false;
  }
  const auto pc = static_cast<uint32_t>(fn_.code.size());
  if (!parseLine())
    return false;
  if (pc + 2 > kWordLimit.count)
    return outOfRange(mnemonic, "the code of a function");
  fn_.code.push_back(words_[0]);
  if (info(*op).hasExt())
    fn_.code.push_back(words_[1]);
  return true;
}

/// What follows an instruction: `!12:5` begins an entry of the line table, `#0` one of the inlined
/// calls.
bool Assembler::parseLine() {
  const auto pc = static_cast<uint32_t>(fn_.code.size());
  if (!token_.startsLine && at(TokenKind::Bang)) {
    LineEntry entry{pc, {0, 0}};
    if (!parsePlace(entry.at))
      return false;
    fn_.lines.push_back(entry);
  }
  if (!token_.startsLine && at(TokenKind::Hash)) {
    SiteEntry entry{pc, kNoSite};
    if (!parseSite(entry.site))
      return false;
    fn_.siteEntries.push_back(entry);
  }
  return true;
}

/// `!12:5`
bool Assembler::parsePlace(LineColumn &place) {
  advance();
  int64_t line = 0, column = 0;
  if (!parseNumber("a line", 0, UINT32_MAX, line) || !expect(TokenKind::Colon, "`:`") ||
      !parseNumber("a column", 0, UINT32_MAX, column))
    return false;
  place = {static_cast<uint32_t>(line), static_cast<uint32_t>(column)};
  return true;
}

/// `#3`, or `#-` for the function's own text.
bool Assembler::parseSite(uint32_t &site) {
  advance();
  if (accept(TokenKind::Dash)) {
    site = kNoSite;
    return true;
  }
  int64_t number = 0;
  if (!parseNumber("the number of an inlined call, or `-`", 0, kInlineSiteLimit.count, number))
    return false;
  site = static_cast<uint32_t>(number);
  return true;
}

std::optional<uint32_t> Assembler::labelAt(const Token &name) {
  const auto found = labels_.find(name.text);
  if (found != labels_.end())
    return found->second;
  unknown("label", name);
  return std::nullopt;
}

void Assembler::finishFunction() {
  for (const Fixup &fixup : fixups_)
    if (const std::optional<uint32_t> target = labelAt(fixup.name)) {
      const Op op = static_cast<Op>(fn_.code[fixup.word].op);
      const int64_t distance = int64_t(*target) - int64_t(fixup.word) - lengthOf(op);
      if (!setOperand(&fn_.code[fixup.word], fixup.role, fixup.field, distance))
        outOfRange(fixup.name, "a short jump");
    }
  for (const Region &region : regions_) {
    const auto begin = labelAt(region.begin), end = labelAt(region.end),
               target = labelAt(region.target);
    if (begin && end && target)
      fn_.handlers.push_back({*begin, *end, *target});
  }
  program_->functions.push_back(std::move(fn_));
  inFunction_ = false;
}

} // namespace branchline::bytecode
