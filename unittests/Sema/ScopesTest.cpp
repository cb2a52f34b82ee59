// Which names each activation may bind, and what an activation's parent is.
#include "branchline/Sema/Sema.h"

#include "branchline/Syntax/Parser.h"
#include "branchline/Syntax/Walk.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace branchline::sema {
namespace {

using namespace syntax;

/// All scopes of a program as text, in source order: `NAME{bound}`, lambdas indented under the
/// activation they were written in. The parent that the tree gives is checked on the way.
class Renderer {
public:
  explicit Renderer(const Program &program) : tree_(buildScopes(program)) {
    for (const Decl *decl : program.decls) {
      if (const auto *transform = dynCast<Transform>(decl))
        render(decl, "transform", FunctionScope::Kind::Transform, *transform->body);
      if (const auto *func = dynCast<Func>(decl); func && func->body)
        render(decl, "func", FunctionScope::Kind::Func, *func->body);
      else if (func)
        render(decl, "func", FunctionScope::Kind::Func, *func->block);
    }
  }
  const std::string &text() const { return text_; }

  void operator()(const Block &block) { forEachChild(block, *this); }
  void operator()(const Stmt &stmt) { forEachChild(stmt, *this); }
  void operator()(const Expr &expr) {
    if (const auto *lambda = dynCast<Lambda>(&expr); lambda && lambda->body)
      render(lambda, "lambda", FunctionScope::Kind::Lambda, *lambda->body);
    else if (lambda)
      render(lambda, "lambda", FunctionScope::Kind::Lambda, *lambda->block);
    else
      forEachChild(expr, *this);
  }

private:
  template <class Body>
  void render(const void *node, const char *name, FunctionScope::Kind kind, const Body &body) {
    const FunctionScope &scope = tree_.of(node);
    EXPECT_EQ(scope.kind, kind) << name;
    EXPECT_EQ(scope.parent, open_.empty() ? nullptr : open_.back()) << name;
    std::vector<std::string_view> names(scope.bound.begin(), scope.bound.end());
    std::sort(names.begin(), names.end());
    text_ += std::string(open_.size() * 2, ' ') + name + '{';
    for (std::string_view bound : names) {
      EXPECT_TRUE(scope.binds(bound));
      text_ += (bound == names.front() ? "" : " ") + std::string(bound);
    }
    text_ += "}\n";
    open_.push_back(&scope);
    (*this)(body);
    open_.pop_back();
  }

  ScopeTree tree_;
  std::vector<const FunctionScope *> open_;
  std::string text_;
};

std::string scopesOf(const std::string &text) {
  const SourceText source("test.bl", text);
  DiagnosticSink sink;
  const std::unique_ptr<Program> program = parse(source, sink);
  for (const Diagnostic &diagnostic : sink.all())
    ADD_FAILURE() << renderDiagnostic(source, diagnostic);
  return Renderer(*program).text();
}

TEST(Scopes, EveryActivationHasOne) {
  EXPECT_EQ(scopesOf("TRANSFORM A { }\nFUNC f(x, y) = x + y\nTRANSFORM { }"),
            "transform{}\nfunc{x y}\ntransform{}\n");
  EXPECT_EQ(scopesOf("OUTPUT 1"), "transform{}\n");
}

TEST(Scopes, LetBindsWhereverItStands) {
  EXPECT_EQ(
      scopesOf("LET a = 1\nIF a {\n LET b = 1\n} ELSE IF a {\n LET c = 1\n} ELSE {\n LET d = 1\n}\n"
               "FOR EACH i IN a {\n LET e = 1\n}\n"
               "TRY {\n LET f = 1\n} CATCH (x) {\n LET g = 1\n}"),
      "transform{a b c d e f g i x}\n");
}

TEST(Scopes, WritesAndReadsBindNothing) {
  EXPECT_EQ(scopesOf("SET a = b\nSET a.b = 1\nAPPEND TO c 1\nAPPEND TO c.d 1\nMODIFY e { f: 1 }\n"
                     "OUTPUT { g: h(i), [j]: k.l }\nm[\"n\"] = o\nTHROW p"),
            "transform{}\n");
}

TEST(Scopes, LoopsComprehensionsAndCatchesBindTheirVariable) {
  EXPECT_EQ(scopesOf("LET l = [x FOR EACH x IN [y FOR EACH y IN input] WHERE x]\n"
                     "LET m = [FOR (z IN l) => z]\n"
                     "LET t = TRY 1 CATCH(e) -> TRY 2 CATCH(f) -> 3\n"
                     "TRY 1 CATCH(g) -> 2\n"),
            "transform{e f g l m t x y z}\n");
}

TEST(Scopes, NamesAreFoundInEveryExpression) {
  EXPECT_EQ(
      scopesOf("OUTPUT { [TRY 1 CATCH(a) -> 2]: IF TRY 1 CATCH(b) -> 2 THEN -(TRY 1 CATCH(c) -> 2) "
               "ELSE CASE { WHEN TRY 1 CATCH(d) -> 2 THEN input[TRY 1 CATCH(e) -> 2] "
               "ELSE f(TRY 1 CATCH(f) -> 2) } }\n"
               "SET q[TRY 1 CATCH(g) -> 2].x = TRY 1 CATCH(h) -> 2\n"
               "APPEND TO q (TRY 1 CATCH(i) -> 2) INIT (TRY 1 CATCH(j) -> 2)\n"
               "MODIFY q { a: TRY 1 CATCH(k) -> 2 }\n"
               "s[TRY 1 CATCH(l) -> 2] = TRY 1 CATCH(m) -> 2\n"
               "RETURN TRY 1 CATCH(n) -> 2"),
      "transform{a b c d e f g h i j k l m n}\n");
}

TEST(Scopes, LambdasHaveTheirOwnAndKnowWhereTheyStand) {
  EXPECT_EQ(
      scopesOf("TRANSFORM T {\n LET a = (x) -> (y, y) -> {\n  LET b = () -> z\n  RETURN b\n }\n"
               " LET c = [MAP(a, (v) -> v) FOR EACH i IN a]\n}\n"
               "FUNC f(p) {\n LET q = (r) -> p\n RETURN q\n}"),
      "transform{a c i}\n"
      "  lambda{x}\n"
      "    lambda{b y}\n"
      "      lambda{}\n"
      "  lambda{v}\n"
      "func{p q}\n"
      "  lambda{r}\n");
}

TEST(Scopes, NamesOfALambdaDoNotLeakOutwards) {
  EXPECT_EQ(scopesOf("LET f = (x) -> TRY [i FOR EACH i IN x] CATCH(e) -> {}\nLET after = 1"),
            "transform{after f}\n  lambda{e i x}\n");
}

} // namespace
} // namespace branchline::sema
