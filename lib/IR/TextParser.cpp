// The frame of the text form: declarations, signatures, blocks and instructions. Repeated names are
// the verifier's business; here the first one counts.
#include "TextParser.h"

#include "Spelling.h"
#include "branchline/IR/Text.h"
#include "branchline/Lang/Diagnostics.h"
#include "branchline/Numeric/NumberText.h"

#include <algorithm>
#include <fmt/format.h>

namespace branchline::ir {

/// Errors after which the rest of a text is not read.
static constexpr unsigned kMaxErrors = 50;
/// Longest piece of the text that a message repeats, in bytes.
static constexpr uint32_t kMaxShown = 40;

std::unique_ptr<Module> parse(const SourceText &source, DiagnosticSink &sink) {
  return TextParser(source, sink).run();
}

uint32_t TextParser::NameTable::refer(const std::string &name, SourceRange range) {
  auto [at, isNew] = index_.try_emplace(name, static_cast<uint32_t>(entries_.size()));
  if (isNew)
    entries_.push_back({name, range, kNone});
  return at->second;
}

void TextParser::NameTable::define(const std::string &name, SourceRange range, uint32_t id) {
  Entry &entry = entries_[refer(name, range)];
  if (entry.id == kNone)
    entry.id = id;
}

void TextParser::NameTable::clear() {
  entries_.clear();
  index_.clear();
}

TextParser::TextParser(const SourceText &source, DiagnosticSink &sink)
    : source_(source), sink_(sink), errorsBefore_(sink.errorCount()), lexer_(source, sink),
      module_(std::make_unique<Module>()) {
  advance();
}

std::unique_ptr<Module> TextParser::run() {
  while (!at(TokenKind::End)) {
    bool good = false;
    if (atWord("shared"))
      good = parseShared();
    else if (atDeclaration())
      good = parseFunction();
    else
      fail("`shared`, `transform`, `func` or `lambda`");
    if (!good)
      skipDeclaration();
  }
  resolveFunctions();
  return sink_.errorCount() > errorsBefore_ ? nullptr : std::move(module_);
}

// --- Tokens and errors ---

void TextParser::advance(bool inPath) {
  if (stopped_)
    return;
  token_ = lexer_.next(inPath);
  if (sink_.errorCount() - errorsBefore_ < kMaxErrors)
    return;
  sink_.report(diag::make<diag::Id::IrTooManyErrors>(token_.range));
  stopped_ = true;
  token_.kind = TokenKind::End;
}

bool TextParser::accept(TokenKind kind) {
  if (!at(kind))
    return false;
  advance();
  return true;
}

bool TextParser::expect(TokenKind kind, std::string_view what) {
  return accept(kind) || fail(what);
}

bool TextParser::fail(std::string_view what) {
  // The lexer has already reported an Error token.
  if (!stopped_ && !at(TokenKind::Error))
    sink_.report(diag::make<diag::Id::IrExpected>(token_.range, describe(token_), what));
  return false;
}

bool TextParser::unknown(std::string_view what, std::string_view name, SourceRange range) {
  if (!stopped_)
    sink_.report(diag::make<diag::Id::IrUnknownName>(range, what, name));
  return false;
}

std::string TextParser::describe(const Token &token) const {
  if (at(TokenKind::End))
    return "the end of the text";
  if (token.range.end - token.range.begin > kMaxShown)
    return token.kind == TokenKind::String ? "a string" : "a long token";
  return fmt::format("`{}`",
                     source_.text().substr(token.range.begin, token.range.end - token.range.begin));
}

void TextParser::skipStatement() {
  while (!at(TokenKind::End) && !at(TokenKind::RightBrace) && !token_.startsLine)
    advance();
}

void TextParser::skipDeclaration() {
  while (!at(TokenKind::End) && !(token_.startsLine && (atDeclaration() || atWord("shared"))))
    advance();
}

bool TextParser::atDeclaration() const {
  return at(TokenKind::Word) && std::find(kFunctionKindWords.begin(), kFunctionKindWords.end(),
                                          token_.text) != kFunctionKindWords.end();
}

// --- Frame ---

bool TextParser::parseShared() {
  advance();
  if (!at(TokenKind::Word) && !at(TokenKind::String))
    return fail("the name of a shared resource");
  SharedResource shared{token_.text, false};
  advance();
  shared.single = atWord("single");
  if (!shared.single && !atWord("many"))
    return fail("`single` or `many`");
  advance();
  module_->shared.push_back(std::move(shared));
  return true;
}

bool TextParser::parseFunction() {
  fn_ = Function();
  slots_.clear();
  captures_.clear();
  values_.clear();
  labels_.clear();
  // The function gets its place before its body is read, so that a broken body does not make its
  // name unknown.
  auto id = static_cast<FunctionId>(module_->functions.size());
  bool good = parseSignature();
  if (!fn_.name.empty())
    functions_.define(fn_.name, token_.range, id);
  good = good && parseBody();
  resolveLabels();
  if (fn_.kind == FunctionKind::Transform)
    module_->transforms.push_back({fn_.sourceName, id});
  module_->functions.push_back(std::move(fn_));
  return good;
}

bool TextParser::parseSignature() {
  auto kind = std::find(kFunctionKindWords.begin(), kFunctionKindWords.end(), token_.text);
  fn_.kind = static_cast<FunctionKind>(kind - kFunctionKindWords.begin());
  advance();
  if (!at(TokenKind::Func))
    return fail("`@` and a name");
  fn_.name = token_.text;
  advance();
  if (at(TokenKind::String)) {
    fn_.sourceName = token_.text;
    advance();
  }
  std::vector<Token> params;
  if (!parseParams(params) || (atWord("vars") && !parseVars()) ||
      (atWord("captures") && !parseCaptures()) || (atWord("inlined") && !parseInlineSites()))
    return false;
  if (at(TokenKind::Bang) && !parseLoc(fn_.loc))
    return false;
  for (const Token &param : params) {
    auto slot = slots_.find(param.text);
    if (slot == slots_.end())
      unknown("variable of the function", param.text, param.range);
    else
      fn_.params.push_back(slot->second);
  }
  return expect(TokenKind::LeftBrace, "`{`");
}

bool TextParser::parseParams(std::vector<Token> &params) {
  if (!expect(TokenKind::LeftParen, "`(`"))
    return false;
  if (accept(TokenKind::RightParen))
    return true;
  do {
    if (!at(TokenKind::Local))
      return fail("a parameter such as `$x`");
    params.push_back(token_);
    advance();
  } while (accept(TokenKind::Comma));
  return expect(TokenKind::RightParen, "`,` or `)`");
}

bool TextParser::parseVars() {
  advance();
  if (!expect(TokenKind::LeftParen, "`(`"))
    return false;
  if (accept(TokenKind::RightParen))
    return true;
  do {
    bool cell = atWord("cell");
    if (cell)
      advance();
    if (!at(TokenKind::Local))
      return fail("a variable such as `$x` or `cell $x`");
    slots_.try_emplace(token_.text, static_cast<uint32_t>(fn_.slots.size()));
    fn_.slots.push_back({token_.text, cell});
    advance();
  } while (accept(TokenKind::Comma));
  return expect(TokenKind::RightParen, "`,` or `)`");
}

bool TextParser::parseCaptures() {
  advance();
  if (!expect(TokenKind::LeftParen, "`(`"))
    return false;
  if (accept(TokenKind::RightParen))
    return true;
  do {
    if (!at(TokenKind::Capture))
      return fail("a captured variable such as `^x`");
    captures_.try_emplace(token_.text, static_cast<uint32_t>(fn_.captures.size()));
    fn_.captures.push_back(token_.text);
    advance();
  } while (accept(TokenKind::Comma));
  return expect(TokenKind::RightParen, "`,` or `)`");
}

/// `inlined(@f !LINE:COLUMN, …)`; the functions are resolved with those of instructions.
bool TextParser::parseInlineSites() {
  advance();
  if (!expect(TokenKind::LeftParen, "`(`"))
    return false;
  do {
    if (!at(TokenKind::Func))
      return fail("`@` and a name");
    InlineSite site{functions_.refer(token_.text, token_.range), kNoLoc};
    advance();
    if (at(TokenKind::Bang) && !parseLoc(site.at))
      return false;
    fn_.inlineSites.push_back(site);
  } while (accept(TokenKind::Comma));
  return expect(TokenKind::RightParen, "`,` or `)`");
}

bool TextParser::parseBody() {
  while (!at(TokenKind::RightBrace) && !at(TokenKind::End)) {
    Token before = token_;
    if (parseStatement())
      continue;
    if (token_.range.begin == before.range.begin)
      advance();
    skipStatement();
  }
  return expect(TokenKind::RightBrace, "`}`");
}

bool TextParser::parseStatement() {
  Token first = token_;
  if (!at(TokenKind::Word) && !at(TokenKind::String) && !at(TokenKind::Value))
    return fail("an instruction, a block or `}`");
  bool isInst = at(TokenKind::Value) || (at(TokenKind::Word) && findMnemonic(token_.text));
  if (isInst && fn_.blocks.empty())
    return fail("the label of a block");
  if (at(TokenKind::Value)) {
    advance();
    return expect(TokenKind::Equals, "`=`") && parseInst(&first);
  }
  if (isInst)
    return parseInst(nullptr);
  advance();
  if (first.kind == TokenKind::String || at(TokenKind::Colon) || at(TokenKind::LeftParen) ||
      atWord("handler"))
    return parseBlockHeader(first);
  if (!stopped_)
    sink_.report(diag::make<diag::Id::IrUnknownInstruction>(first.range, first.text));
  return false;
}

bool TextParser::parseBlockHeader(const Token &label) {
  labels_.define(label.text, label.range, static_cast<BlockId>(fn_.blocks.size()));
  fn_.blocks.push_back({label.text, {}, {}, kNone});
  Block &block = fn_.blocks.back();
  if (accept(TokenKind::LeftParen) && !accept(TokenKind::RightParen)) {
    do {
      if (!at(TokenKind::Value))
        return fail("a parameter such as `%0`");
      ValueId param = valueNamed(token_);
      advance();
      KindSet kinds = kinds::Any;
      if (accept(TokenKind::Colon) && !parseKinds(kinds))
        return false;
      fn_.valueKinds[param] = kinds;
      block.params.push_back(param);
    } while (accept(TokenKind::Comma));
    if (!expect(TokenKind::RightParen, "`,` or `)`"))
      return false;
  }
  if (atWord("handler")) {
    advance();
    Token handler;
    if (!parseLabel(handler))
      return false;
    block.handler = labels_.refer(handler.text, handler.range);
  }
  return expect(TokenKind::Colon, "`:`");
}

bool TextParser::parseInst(const Token *result) {
  Token mnemonic = token_;
  std::optional<Op> op = at(TokenKind::Word) ? findMnemonic(token_.text) : std::nullopt;
  if (!op) {
    if (!at(TokenKind::Word))
      return fail("an instruction");
    if (!stopped_)
      sink_.report(diag::make<diag::Id::IrUnknownInstruction>(token_.range, token_.text));
    return false;
  }
  const InstInfo &row = info(*op);
  if (row.hasResult() != (result != nullptr) && !stopped_)
    sink_.report(row.hasResult()
                     ? diag::make<diag::Id::IrMissingResult>(token_.range, row.mnemonic)
                     : diag::make<diag::Id::IrUnexpectedResult>(token_.range, row.mnemonic));
  advance();
  Inst inst{*op, kNone, kNoLoc, {}};
  bool first = true;
  for (Role role : row.operands) {
    bool bracketed = role == Role::Uses || role == Role::Names;
    if (!first && !bracketed && !expect(TokenKind::Comma, "`,`"))
      return false;
    first = false;
    if (!parseRole(role, inst.operands))
      return false;
  }
  // After the operands, so that values are numbered in the order in which the text names them.
  if (result && row.hasResult()) {
    inst.result = valueNamed(*result);
    fn_.valueKinds[inst.result] = row.result;
    if (accept(TokenKind::Colon) && !parseKinds(fn_.valueKinds[inst.result]))
      return false;
  }
  if (at(TokenKind::Bang) && !parseLoc(inst.loc))
    return false;
  fn_.blocks.back().insts.push_back(std::move(inst));
  return true;
}

bool TextParser::parseLoc(Loc &loc) {
  advance();
  auto number = [&](uint32_t &out) {
    std::optional<int64_t> value = at(TokenKind::Int) ? parseInt64(token_.text) : std::nullopt;
    if (!value || *value < 0 || *value > UINT32_MAX)
      return fail("the number of a line, column or inlined call");
    out = static_cast<uint32_t>(*value);
    advance();
    return true;
  };
  return number(loc.line) && expect(TokenKind::Colon, "`:`") && number(loc.column) &&
         (!accept(TokenKind::Bang) || number(loc.inlinedAt));
}

bool TextParser::parseKinds(KindSet &kinds) {
  kinds = KindSet{};
  do {
    if (!at(TokenKind::Word))
      return fail("the name of a kind");
    std::optional<KindSet> named = kindNamed(token_.text);
    if (!named)
      return unknown("kind", token_.text, token_.range);
    kinds = kinds | *named;
    advance();
  } while (accept(TokenKind::Bar));
  return true;
}

bool TextParser::parseLabel(Token &label) {
  if (!at(TokenKind::Word) && !at(TokenKind::String))
    return fail("the label of a block");
  label = token_;
  advance();
  return true;
}

void TextParser::resolveLabels() {
  const auto &entries = labels_.entries();
  for (const NameTable::Entry &entry : entries)
    if (entry.id == kNone)
      unknown("block", entry.name, entry.firstUse);
  for (Block &block : fn_.blocks) {
    if (block.handler != kNone)
      block.handler = entries[block.handler].id;
    for (Inst &inst : block.insts)
      for (Operand &operand : inst.operands)
        if (operand.kind == OperandKind::Block)
          operand.index = entries[operand.index].id;
  }
}

void TextParser::resolveFunctions() {
  const auto &entries = functions_.entries();
  for (const NameTable::Entry &entry : entries)
    if (entry.id == kNone)
      unknown("function", entry.name, entry.firstUse);
  for (Function &fn : module_->functions) {
    for (InlineSite &site : fn.inlineSites)
      site.callee = entries[site.callee].id;
    for (Block &block : fn.blocks)
      for (Inst &inst : block.insts)
        for (Operand &operand : inst.operands)
          if (operand.kind == OperandKind::Function && operand.index != kNone)
            operand.index = entries[operand.index].id;
  }
}

} // namespace branchline::ir
