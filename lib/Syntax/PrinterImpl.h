// The tree printer as a class; its functions are in Printer.cpp and Printer-Expr.cpp.
#pragma once

#include "branchline/Syntax/Printer.h"

#include <fmt/format.h>

namespace branchline::syntax {

/// A text between double quotes, with escapes for what a line of a dump cannot show.
std::string quoted(std::string_view text);
/// A name as a program would write it: bare, or between backticks.
std::string spelled(std::string_view name);

/// Finds places near the one asked for last by counting from there, so that a dump of a program on
/// one long line stays linear.
class Locator {
public:
  explicit Locator(const SourceText &source) : source_(source) {}
  LineColumn find(uint32_t offset);

private:
  const SourceText &source_;
  uint32_t offset_ = 0;
  LineColumn at_{1, 1};
};

class AstPrinter {
public:
  explicit AstPrinter(const SourceText &source) : locator_(source) {}
  std::string run(const Program &program);

private:
  /// Indents lines while it lives.
  class Indent {
  public:
    explicit Indent(AstPrinter &printer) : printer_(printer) { ++printer_.depth_; }
    ~Indent() { --printer_.depth_; }
    Indent(const Indent &) = delete;
    Indent &operator=(const Indent &) = delete;

  private:
    AstPrinter &printer_;
  };

  void line(std::string_view text);
  void line(std::string_view text, SourceRange token);
  void head(std::string_view kind, SourceRange token, std::string_view facts);
  template <class NodeT> void head(const NodeT &node, std::string_view facts = {}) {
    head(kindText(node.kind), node.token, facts);
  }

  void print(const Decl &decl);
  void print(const Transform &transform);
  void print(const Signature &signature);
  void print(const TransformOptions &options);
  void printAdapter(std::string_view direction, const Adapter *adapter);
  void print(const Func &func);
  void print(const TypeExpr &type);
  void print(const Block &block, std::string_view label);
  void print(const Stmt &statement);
  void print(const If &statement);
  void print(const ForEach &statement);
  void print(const TryExpr &statement);
  void printOptional(std::string_view label, const Expr *expr);

  void print(const Expr &expr);
  void child(std::string_view label, const Expr &expr);
  void printChild(const Expr &expr);
  void printLeaf(const Expr &expr);
  void print(const Access &access);
  void print(const Comprehension &comprehension);
  void printFields(std::span<const Field> fields);
  void printBinary(const Binary &binary);
  void print(const Lambda &lambda);
  void print(const Case &node);
  void print(const TryCatch &node);
  void printSegment(const Segment &segment);
  void printKey(const Field &field);

  Locator locator_;
  std::string out_;
  unsigned depth_ = 0;
};

std::string nameList(std::span<const Name> names);
std::string handlerText(const CatchClause &handler);

} // namespace branchline::syntax
