// The syntax tree: plain data in an arena, made by the parser, read by Sema and IRGen.
// Names and decoded strings are views into the arena. Parentheses leave no node (R1.12.8).
// Leaves out: anything computed by Sema; that lives in side tables keyed by node.
#pragma once

#include "branchline/Lang/Operators.h"
#include "branchline/Support/Arena.h"
#include "branchline/Support/Assert.h"
#include "branchline/Support/SourceText.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace branchline::syntax {

enum class ExprKind : uint8_t {
#define BL_EXPR(Name, Text) Name,
#include "branchline/Syntax/Nodes.def"
};
enum class StmtKind : uint8_t {
#define BL_STMT(Name, Text) Name,
#include "branchline/Syntax/Nodes.def"
};
enum class DeclKind : uint8_t {
#define BL_DECL(Name, Text) Name,
#include "branchline/Syntax/Nodes.def"
};
enum class TypeKind : uint8_t {
#define BL_TYPE(Name, Text) Name,
#include "branchline/Syntax/Nodes.def"
};

/// Common part of all nodes. `range` covers the whole node; `token` is the range of the token
/// that positions of errors refer to (R1.13.1, R1.13.2, R2.15.5).
struct Node {
  SourceRange range;
  SourceRange token;
};

struct Expr : Node {
  ExprKind kind;
};
struct Stmt : Node {
  StmtKind kind;
};
struct Decl : Node {
  DeclKind kind;
};
struct TypeExpr : Node {
  TypeKind kind;
};

/// Down-casts by kind tag: `cast<Call>(expr)` asserts, `dynCast<Call>(expr)` may give null.
template <class To, class From> const To &cast(const From &node) {
  BL_ASSERT(node.kind == To::kKind, "cast to the wrong node");
  return static_cast<const To &>(node);
}
template <class To, class From> const To *dynCast(const From *node) {
  return node && node->kind == To::kKind ? static_cast<const To *>(node) : nullptr;
}

/// A name with its place.
struct Name {
  std::string_view text;
  SourceRange range;
};

template <class T> using List = std::span<T>;
using ExprList = std::span<const Expr *const>;
using StmtList = std::span<const Stmt *const>;

struct Block {
  SourceRange range; // from `{` to `}`
  SourceRange token; // the `{`
  StmtList statements;
};

// --- Expressions -------------------------------------------------------------------------------

struct Identifier : Expr {
  static constexpr ExprKind kKind = ExprKind::Identifier;
  std::string_view name;
};

/// `$`, or `INPUT` where no variable of that name is in scope (Sema decides the latter; the parser
/// makes this node for `$` only). \rule E3
struct InputDocument : Expr {
  static constexpr ExprKind kKind = ExprKind::InputDocument;
};

struct StringLiteral : Expr {
  static constexpr ExprKind kKind = ExprKind::StringLiteral;
  std::string_view value; // decoded, UTF-8/WTF-8 (Support/Utf8.h)
};

enum class NumberKind : uint8_t { Int, Big, Float };

struct NumberLiteral : Expr {
  static constexpr ExprKind kKind = ExprKind::NumberLiteral;
  NumberKind numberKind;
  int64_t intValue;      // Int
  double floatValue;     // Float
  std::string_view text; // the lexeme; for Big: ASCII digits
};

struct BoolLiteral : Expr {
  static constexpr ExprKind kKind = ExprKind::BoolLiteral;
  bool value;
};

struct NullLiteral : Expr {
  static constexpr ExprKind kKind = ExprKind::NullLiteral;
};

enum class SegmentKind : uint8_t {
  Name,       // .name
  Index,      // .123
  Key,        // [expr]
  DottedPath, // .[name.path]  (key is an Identifier or Access)
};

/// One step of a path. `token` is the error position of the step (R1.13.2).
struct Segment {
  SegmentKind kind;
  bool safe; // `?.` \rule E11
  SourceRange range;
  SourceRange token;
  std::string_view name;      // Name
  const NumberLiteral *index; // Index: Int or Big
  const Expr *key;            // Key, DottedPath
};

struct Access : Expr {
  static constexpr ExprKind kKind = ExprKind::Access;
  const Expr *base;
  std::span<const Segment> segments; // never empty, except as the target of MODIFY
};

/// A field of an object literal, OUTPUT or MODIFY. Exactly one of the three key forms is set.
struct Field {
  enum class KeyKind : uint8_t { Name, Index, Computed } keyKind;
  SourceRange keyRange;
  std::string_view name;      // Name (also for quoted keys)
  const NumberLiteral *index; // Index: Int or Big
  const Expr *computed;       // Computed
  const Expr *value;
};

struct ObjectLiteral : Expr {
  static constexpr ExprKind kKind = ExprKind::ObjectLiteral;
  std::span<const Field> fields;
};

struct ArrayLiteral : Expr {
  static constexpr ExprKind kKind = ExprKind::ArrayLiteral;
  ExprList elements;
};

/// `[m FOR EACH v IN e WHERE w]` and `[FOR (v IN e) IF w => m]` (E4).
struct Comprehension : Expr {
  static constexpr ExprKind kKind = ExprKind::Comprehension;
  Name variable;
  const Expr *iterable;
  const Expr *where; // may be null
  const Expr *map;
};

/// `name(args)`.
struct Call : Expr {
  static constexpr ExprKind kKind = ExprKind::Call;
  Name callee;
  ExprList args;
};

/// `expr(args)` with a callee that is not a bare name.
struct Invoke : Expr {
  static constexpr ExprKind kKind = ExprKind::Invoke;
  const Expr *target;
  ExprList args;
};

struct Binary : Expr {
  static constexpr ExprKind kKind = ExprKind::Binary;
  BinaryOp op;
  const Expr *left;
  const Expr *right;
};

struct Unary : Expr {
  static constexpr ExprKind kKind = ExprKind::Unary;
  UnaryOp op; // Neg, Not, Await, Suspend
  const Expr *operand;
};

/// `AWAIT resource.key`.
struct SharedAwait : Expr {
  static constexpr ExprKind kKind = ExprKind::SharedAwait;
  Name resource;
  Name key;
};

struct Lambda : Expr {
  static constexpr ExprKind kKind = ExprKind::Lambda;
  std::span<const Name> params;
  const Expr *body; // exactly one of body and block is set
  const Block *block;
};

struct IfElse : Expr {
  static constexpr ExprKind kKind = ExprKind::IfElse;
  const Expr *condition;
  const Expr *thenExpr;
  const Expr *elseExpr;
};

struct WhenArm {
  const Expr *condition;
  const Expr *result;
};

struct Case : Expr {
  static constexpr ExprKind kKind = ExprKind::Case;
  std::span<const WhenArm> arms; // at least one
  const Expr *elseExpr;
};

/// The part `CATCH (name) RETRY n TIMES BACKOFF t`.
struct CatchClause {
  Name variable;
  uint32_t retries;   // 0 when absent
  uint64_t backoffMs; // 0 when absent \rule D22
};

struct TryCatch : Expr {
  static constexpr ExprKind kKind = ExprKind::TryCatch;
  const Expr *tried;
  CatchClause handler;
  const Expr *fallback;
};

// --- Statements --------------------------------------------------------------------------------

struct Let : Stmt {
  static constexpr StmtKind kKind = StmtKind::Let;
  Name name;
  const Expr *value;
};

struct SetVar : Stmt {
  static constexpr StmtKind kKind = StmtKind::SetVar;
  Name name;
  const Expr *value;
};

/// The base of `target` may be any expression here; Sema insists on an identifier.
struct SetPath : Stmt {
  static constexpr StmtKind kKind = StmtKind::SetPath;
  const Access *target;
  const Expr *value;
};

struct AppendVar : Stmt {
  static constexpr StmtKind kKind = StmtKind::AppendVar;
  Name name;
  const Expr *value;
  const Expr *init; // may be null
};

struct AppendPath : Stmt {
  static constexpr StmtKind kKind = StmtKind::AppendPath;
  const Access *target;
  const Expr *value;
  const Expr *init; // may be null
};

/// `MODIFY a.b { … }`; `target` has no segments for a plain variable.
struct Modify : Stmt {
  static constexpr StmtKind kKind = StmtKind::Modify;
  const Access *target;
  std::span<const Field> updates;
};

struct Output : Stmt {
  static constexpr StmtKind kKind = StmtKind::Output;
  const Expr *value; // an ObjectLiteral means OUTPUT { fields } (R1.14.1)
};

struct If : Stmt {
  static constexpr StmtKind kKind = StmtKind::If;
  const Expr *condition;
  const Block *thenBlock;
  const Block *elseBlock; // may be null; `ELSE IF` is a block with one If statement (E1)
};

struct ForEach : Stmt {
  static constexpr StmtKind kKind = StmtKind::ForEach;
  Name variable;
  const Expr *iterable;
  const Expr *where; // may be null
  const Block *body;
};

/// `TRY e CATCH(x) -> fallback`; with `ABORT` as fallback `abort` is set and `fallback` may be
/// null (R1.14.4).
struct TryExpr : Stmt {
  static constexpr StmtKind kKind = StmtKind::TryExpr;
  const Expr *tried;
  CatchClause handler;
  bool abort;
  SourceRange abortToken;
  const Expr *fallback;
};

/// `TRY { … } CATCH (e) { … }`. \rule E5
struct TryBlock : Stmt {
  static constexpr StmtKind kKind = StmtKind::TryBlock;
  const Block *tried;
  CatchClause handler;
  const Block *fallback;
};

struct Return : Stmt {
  static constexpr StmtKind kKind = StmtKind::Return;
  const Expr *value; // may be null
};

struct Abort : Stmt {
  static constexpr StmtKind kKind = StmtKind::Abort;
  const Expr *value; // may be null
};

/// `THROW e`. \rule E9
struct Throw : Stmt {
  static constexpr StmtKind kKind = StmtKind::Throw;
  const Expr *value;
};

/// `resource[key] = value`; `token` is the resource name.
struct SharedWrite : Stmt {
  static constexpr StmtKind kKind = StmtKind::SharedWrite;
  Name resource;
  const Expr *key; // null for `resource[] = value`
  const Expr *value;
};

struct ExprStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::ExprStmt;
  const Expr *expr;
};

// --- Types -------------------------------------------------------------------------------------

enum class PrimitiveKind : uint8_t { Text, Bytes, Number, Boolean, Null, Any, AnyNullable };

struct PrimitiveType : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::PrimitiveType;
  PrimitiveKind primitive;
};
struct EnumType : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::EnumType;
  std::span<const Name> values;
};
struct ArrayType : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::ArrayType;
  const TypeExpr *element;
};
struct SetType : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::SetType;
  const TypeExpr *element;
};
struct RecordField {
  Name name;
  bool optional;
  const TypeExpr *type;
};
struct RecordType : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::RecordType;
  std::span<const RecordField> fields;
};
struct UnionType : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::UnionType;
  std::span<const TypeExpr *const> members;
};
struct NamedType : TypeExpr {
  static constexpr TypeKind kKind = TypeKind::NamedType;
  std::string_view name;
};

// --- Declarations ------------------------------------------------------------------------------

struct SignatureParam {
  Name name;
  const TypeExpr *type;
};

/// `(p: T, …) -> R`. `open` is the `(`, `last` the last token of the output type (R1.16.5-6).
struct Signature {
  SourceRange open;
  SourceRange last;
  std::span<const SignatureParam> params;
  const TypeExpr *input; // desugared (R1.10.7); null without parameters
  const TypeExpr *output;
};

enum class SharedKind : uint8_t { Single, Many };

struct SharedEntry {
  Name name;
  SharedKind kind;
};

struct Adapter {
  Name name;
  ExprList args;
};

struct TransformOptions {
  SourceRange token;     // OPTIONS
  const Adapter *input;  // may be null
  const Adapter *output; // may be null
  std::span<const SharedEntry> shared;
};

struct Transform : Decl {
  static constexpr DeclKind kKind = DeclKind::Transform;
  Name name;                       // empty text: anonymous
  const Signature *signature;      // may be null
  const TransformOptions *options; // may be null
  const Block *body;
  bool implicit; // a script without TRANSFORM \rule E7
};

struct Shared : Decl {
  static constexpr DeclKind kKind = DeclKind::Shared;
  Name name;
  SharedKind sharedKind;
};

struct Func : Decl {
  static constexpr DeclKind kKind = DeclKind::Func;
  Name name;
  std::span<const Name> params;
  const Expr *body; // exactly one of body and block is set
  const Block *block;
};

struct TypeDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::TypeDecl;
  Name name;
  const TypeExpr *type; // EnumType, UnionType or, by E8, any type expression
};

/// A whole file. Owns the arena of all its nodes.
struct Program {
  Arena arena;
  std::span<const Decl *const> decls;
};

/// Names used by printers and tests.
std::string_view kindText(ExprKind kind);
std::string_view kindText(StmtKind kind);
std::string_view kindText(DeclKind kind);
std::string_view kindText(TypeKind kind);

} // namespace branchline::syntax
