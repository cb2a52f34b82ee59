// The generator of programs. Private to it.
#pragma once

#include "GeneratorScope.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace branchline::fuzz {

class Generator {
public:
  explicit Generator(ByteSource &bytes) : bytes_(bytes) {}
  std::string run();

private:
  static constexpr unsigned kDepth = 3;        // of expressions and blocks
  static constexpr size_t kLongest = 6'000;    // bytes after which nothing is begun
  static constexpr unsigned kMostPieces = 400; // expressions of a program

  // --- Statements (ProgramGenerator.cpp) ---
  void addFunc();
  void statements(unsigned count, unsigned depth);
  void statement(unsigned depth);
  std::string block(unsigned depth);
  void let();
  std::string guarded(Kind kind);
  void attempt(const std::string &text);
  void set();
  void setPath();
  void append();
  void modify();
  void forEach(unsigned depth);
  void tryBlock(unsigned depth);
  void rare();
  std::string target(const std::string &root);
  std::optional<Variable> container();
  std::string outcome();
  void line(const std::string &text) { out_ += text + (text.ends_with('}') ? "\n" : ";\n"); }

  // --- Expressions (ProgramGenerator-Expressions.cpp) ---
  std::string expr(Kind kind, unsigned depth);
  std::string atom(Kind kind);
  std::string inputPart(Kind kind);
  std::string number(unsigned depth);
  std::string text(unsigned depth);
  std::string truth(unsigned depth);
  std::string list(unsigned depth);
  std::string object(unsigned depth);
  std::string choice(Kind kind, unsigned depth);
  std::string call(unsigned depth);
  std::string lambda(Kind result, const std::vector<Kind> &params, unsigned depth);
  std::string libraryCall(unsigned depth);
  std::string access(unsigned depth);
  /// \param items  receives what its items are likely to be
  std::string listOf(Kind &items, unsigned depth);
  Kind anyKind() { return static_cast<Kind>(bytes_.pick(6)); }

  ByteSource &bytes_;
  std::string out_;
  Scope scope_;
  std::vector<Func> funcs_;
  std::string recursion_; // the FUNC whose body may call itself
  bool inTransform_ = false;
  unsigned pieces_ = 0;
};

} // namespace branchline::fuzz
