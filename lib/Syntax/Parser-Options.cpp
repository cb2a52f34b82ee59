// The OPTIONS block of a TRANSFORM: mode, adapters and shared resources.
#include "ParserImpl.h"

namespace branchline::syntax {
namespace {

/// Option keys are compared after lower-casing, escaped spellings included (Appendix A).
std::string lowerCase(std::string_view text) {
  std::string out(text);
  for (char &c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool contains(const std::vector<std::string> &keys, const std::string &key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

} // namespace

const TransformOptions *Parser::parseOptions() {
  TransformOptions *options = program_.arena.make<TransformOptions>();
  options->token = advance().range;
  size_t open = at_;
  if (!expect(TokenKind::LeftBrace, "`{` after OPTIONS"))
    return nullptr;
  std::vector<std::string> seen;
  while (!is(TokenKind::RightBrace) && !atEnd())
    if (!parseOption(*options, seen) || !parseOptionSeparator(TokenKind::RightBrace))
      return nullptr;
  if (!expectClose(TokenKind::RightBrace, open, "`}` after the options"))
    return nullptr;
  return options;
}

bool Parser::parseOption(TransformOptions &options, std::vector<std::string> &seen) {
  const Token &token = peek();
  Name name;
  if (!parseName(name, "the name of an option"))
    return false;
  std::string key = lowerCase(name.text);
  if (contains(seen, key)) {
    error<Id::DuplicateOption>(token, key);
    return false;
  }
  seen.push_back(key);
  if (!expect(TokenKind::Colon, "`:` after the name of an option"))
    return false;
  if (key == "mode")
    return parseMode();
  if (key == "input")
    return parseAdapterBlock(options.input, key);
  if (key == "output")
    return parseAdapterBlock(options.output, key);
  if (key == "shared")
    return parseSharedList(options.shared);
  error<Id::UnknownOption>(token, key, "`mode`, `input`, `output` or `shared`");
  return false;
}

bool Parser::parseMode() {
  if (isName(peek().kind) && lowerCase(peek().text) == "buffer") {
    advance();
    return true;
  }
  Diagnostic &diagnostic = error<Id::InvalidMode>(peek(), found(peek()));
  if (isName(peek().kind) && lowerCase(peek().text) == "stream")
    diagnostic.note("STREAM mode is not supported");
  return false;
}

bool Parser::parseAdapterBlock(const Adapter *&adapter, std::string_view option) {
  size_t open = at_;
  if (!expect(TokenKind::LeftBrace, fmt::format("`{{` after the option `{}`", option)))
    return false;
  while (!is(TokenKind::RightBrace) && !atEnd()) {
    const Token &token = peek();
    Name name;
    if (!parseName(name, fmt::format("a field of the option `{}`", option)))
      return false;
    std::string key = lowerCase(name.text);
    if (adapter) {
      error<Id::DuplicateOption>(token, key);
      return false;
    }
    if (!expect(TokenKind::Colon, fmt::format("`:` after a field of the option `{}`", option)))
      return false;
    if (key != "adapter") {
      error<Id::UnknownOption>(token, key, "`adapter`");
      return false;
    }
    adapter = parseAdapter(option);
    if (!adapter || !parseOptionSeparator(TokenKind::RightBrace))
      return false;
  }
  return expectClose(TokenKind::RightBrace, open, "`}` after the option");
}

const Adapter *Parser::parseAdapter(std::string_view option) {
  Name name;
  if (!parseName(name, fmt::format("the name of the adapter in the option `{}`", option)))
    return nullptr;
  std::vector<const Expr *> args;
  if (is(TokenKind::LeftParen) && !parseArguments(args))
    return nullptr;
  Adapter *adapter = program_.arena.make<Adapter>();
  adapter->name = name;
  adapter->args = copy(args);
  return adapter;
}

bool Parser::parseSharedList(std::span<const SharedEntry> &shared) {
  size_t open = at_;
  if (!expect(TokenKind::LeftBracket, "`[` after the option `shared`"))
    return false;
  std::vector<SharedEntry> entries;
  while (!is(TokenKind::RightBracket) && !atEnd()) {
    SharedEntry entry{};
    if (!parseName(entry.name, "the name of a shared resource") || !parseSharedKind(entry.kind))
      return false;
    entries.push_back(entry);
    if (!parseOptionSeparator(TokenKind::RightBracket))
      return false;
  }
  shared = copy(entries);
  return expectClose(TokenKind::RightBracket, open, "`]` after the shared resources");
}

/// One `,` or `;`, a new line, or the closing bracket. \rule R1.9.7
bool Parser::parseOptionSeparator(TokenKind close) {
  if (accept(TokenKind::Comma) || accept(TokenKind::Semicolon) || is(close) || onNewLine() ||
      atEnd())
    return true;
  addHints(peek(), error<Id::ExpectedOptionSeparator>(peek(), found(peek())));
  return false;
}

} // namespace branchline::syntax
