// Each rule of the verifier: a module that breaks it and nothing else, and the message.
#include "branchline/IR/Verifier.h"

#include "Parse.h"
#include "branchline/IR/Builder.h"

namespace branchline::ir {
namespace {

std::string verifyText(const std::string &text) {
  return renderVerifierErrors(verify(*test::parseText(text)));
}

/// Errors of a FUNC `f` with variables `$x` and `cell $c` and this body.
std::string verifyBody(const std::string &body) {
  return verifyText("func @f ($x) vars($x, cell $c) {\n" + body +
                    "}\n"
                    "func @g () {\nentry:\n  raise Aborted()\n}\n"
                    "lambda @l () captures(^c) {\nentry:\n  raise Aborted()\n}\n"
                    "transform @T \"T\" () {\nentry:\n  raise Aborted()\n}\n");
}

/// Errors of instructions in an entry that ends well; `%0` is null.
std::string verifyInsts(const std::string &insts) {
  return verifyBody("entry:\n  %0 = const null\n" + insts + "  ret %0\n");
}

TEST(Verifier, AcceptsAValidModule) { EXPECT_EQ(verifyInsts(""), ""); }

TEST(Verifier, RendersPlaces) {
  EXPECT_EQ(renderVerifierErrors({{"", "", "a"}, {"f", "", "b"}, {"f", "x", "c"}}),
            "a\n@f: b\n@f, x: c\n");
}

// --- Tables of the module ---

TEST(Verifier, FunctionNamesAreUnique) {
  EXPECT_EQ(verifyText("func @f () {\ne:\n  raise Aborted()\n}\n"
                       "func @f () {\ne:\n  raise Aborted()\n}\n"),
            "two functions are called `@f`\n");
}

TEST(Verifier, FunctionsHaveNames) {
  auto module = test::parseText("func @f () {\ne:\n  raise Aborted()\n}\n");
  module->functions[0].name.clear();
  EXPECT_EQ(renderVerifierErrors(verify(*module)), "a function has no name\n");
}

TEST(Verifier, SharedNamesAreUnique) {
  EXPECT_EQ(verifyText("shared a many\nshared a single\n"),
            "two shared resources are called `a`\n");
}

struct TransformTable : ::testing::Test {
  std::unique_ptr<Module> module =
      test::parseText("transform @a \"A\" () {\ne:\n  raise Aborted()\n}\n"
                      "transform @b \"B\" () {\ne:\n  raise Aborted()\n}\n"
                      "func @f \"F\" () {\ne:\n  raise Aborted()\n}\n");
  std::string errors() { return renderVerifierErrors(verify(*module)); }
};

TEST_F(TransformTable, IsValidAsParsed) { EXPECT_EQ(errors(), ""); }

TEST_F(TransformTable, PointsToTransforms) {
  module->transforms.push_back({"F", 2});
  EXPECT_EQ(errors(), "transform `F` is `@f`, which is no transform\n");
  module->transforms.back() = {"X", 7};
  EXPECT_EQ(errors(), "transform `X` has no function\n");
}

TEST_F(TransformTable, FollowsTheFunctions) {
  std::swap(module->transforms[0], module->transforms[1]);
  EXPECT_EQ(errors(), "transform `A` is not listed in order of the functions\n");
}

TEST_F(TransformTable, IsComplete) {
  module->transforms.pop_back();
  EXPECT_EQ(errors(), "`@b` is missing in the list of transforms\n");
}

TEST_F(TransformTable, HasTheNamesOfTheFunctions) {
  module->transforms[0].name = "X";
  EXPECT_EQ(errors(), "transform `X` has a function called `A`\n");
}

TEST(Verifier, ConstantsAreWellFormed) {
  Module module;
  module.intern({Constant::Kind::BigInt, 0, 0, "12x"});
  module.intern({Constant::Kind::Decimal, 1'000'001, 0, "1"});
  EXPECT_EQ(renderVerifierErrors(verify(module)), "constant 0 has a text that is no integer\n"
                                                  "constant 1 has scale 1000001, beyond 1000000\n");
}

// --- Signatures ---

TEST(Verifier, VariableNamesAreUnique) {
  EXPECT_EQ(verifyText("func @f () vars($x, $x) {\ne:\n  raise Aborted()\n}\n"),
            "@f: two variables are called `$x`\n");
  EXPECT_EQ(verifyText("lambda @f () captures(^x, ^x) {\ne:\n  raise Aborted()\n}\n"),
            "@f: two captured variables are called `^x`\n");
}

TEST(Verifier, OnlyLambdasCapture) {
  EXPECT_EQ(verifyText("func @f () captures(^x) {\ne:\n  raise Aborted()\n}\n"),
            "@f: only lambdas capture variables\n");
}

TEST(Verifier, ParametersAreVariables) {
  auto module = test::parseText("func @f ($x) vars($x) {\ne:\n  raise Aborted()\n}\n");
  module->functions[0].params = {0, 1};
  EXPECT_EQ(renderVerifierErrors(verify(*module)),
            "@f: a parameter is variable 1, but the function has 1\n");
}

TEST(Verifier, FunctionsHaveBlocks) {
  EXPECT_EQ(verifyText("func @f () {\n}\n"), "@f: the function has no blocks\n");
}

// --- Blocks ---

TEST(Verifier, LabelsAreUniqueAndNotEmpty) {
  EXPECT_EQ(verifyBody("entry:\n  br a\na:\n  raise Aborted()\na:\n  raise Aborted()\n"),
            "@f: two blocks are called `a`\n");
  EXPECT_EQ(verifyBody("entry:\n  br \"\"\n\"\":\n  raise Aborted()\n"),
            "@f: a block has no label\n");
}

TEST(Verifier, BlocksEndWithATerminator) {
  EXPECT_EQ(verifyBody("entry:\n  %0 = const 1\n"),
            "@f, entry: the block does not end with a terminator\n");
  EXPECT_EQ(verifyBody("entry:\n"), "@f, entry: the block does not end with a terminator\n");
}

TEST(Verifier, TerminatorsStandLast) {
  EXPECT_EQ(verifyBody("entry:\n  br a\n  raise Aborted()\na:\n  raise Aborted()\n"),
            "@f, entry: `br`: a terminator stands before the end of the block\n");
}

TEST(Verifier, TheEntryIsPlain) {
  EXPECT_EQ(verifyBody("entry(%0):\n  ret %0\n"), "@f, entry: the entry has parameters\n");
  EXPECT_EQ(verifyBody("entry:\n  br entry\n"), "@f, entry: `br`: jumps to the entry\n");
  EXPECT_EQ(verifyBody("entry handler h:\n  br h\nh:\n  raise Aborted()\n"),
            "@f, entry: the entry has a handler\n");
  EXPECT_EQ(verifyBody("entry:\n  br a\na handler entry:\n  raise Aborted()\n"),
            "@f, a: the handler is the entry\n");
}

TEST(Verifier, HandlersArePlainBlocks) {
  EXPECT_EQ(verifyBody("entry:\n  br a\na handler a:\n  raise Aborted()\n"),
            "@f, a: the block is its own handler\n");
  EXPECT_EQ(verifyBody("entry:\n  br a\na handler h:\n  raise Aborted()\nh(%0):\n  ret %0\n"),
            "@f, a: the handler `h` has parameters\n");
}

TEST(Verifier, HandlersExist) {
  auto module = test::parseText("func @f () {\nentry:\n  br a\na:\n  raise Aborted()\n}\n");
  module->functions[0].blocks[1].handler = 5;
  EXPECT_EQ(renderVerifierErrors(verify(*module)),
            "@f, a: the handler is block 5, but the function has 2\n");
}

TEST(Verifier, ErrorCatchStandsFirstInAHandler) {
  EXPECT_EQ(verifyBody("entry:\n  br a\na handler h:\n  raise Aborted()\n"
                       "h:\n  %0 = error.catch\n  ret %0\n"),
            "");
  EXPECT_EQ(verifyInsts("  %1 = error.catch\n"),
            "@f, entry: `error.catch`: stands only first in a handler\n");
  EXPECT_EQ(verifyBody("entry:\n  %0 = error.catch\n  ret %0\n"),
            "@f, entry: `error.catch`: stands only first in a handler\n");
  EXPECT_EQ(verifyBody("entry:\n  br a\na handler h:\n  br h\n"
                       "h:\n  %0 = error.catch\n  ret %0\n"),
            "@f, h: `error.catch`: stands in a block that a jump leads to\n");
}

TEST(Verifier, EdgesGiveEveryParameter) {
  EXPECT_EQ(verifyBody("entry:\n  br a\na(%0):\n  ret %0\n"),
            "@f, entry: `br`: `a` gets 0 values for 1 parameters\n");
  EXPECT_EQ(verifyBody("entry:\n  suspend a\na:\n  raise Aborted()\n"),
            "@f, entry: `suspend`: `a` gets 1 values for 0 parameters\n");
  EXPECT_EQ(verifyBody("entry:\n  suspend a\na(%0):\n  ret %0\n"), "");
}

// --- Definitions and uses ---

TEST(Verifier, ValuesAreDefinedOnce) {
  EXPECT_EQ(verifyInsts("  %1 = const 1\n  %1 = const 2\n"), "@f, entry: `%1` is defined twice\n");
  EXPECT_EQ(verifyInsts("  %1 = neg %2\n"), "@f, entry: `neg`: `%2` is never defined\n");
}

TEST(Verifier, DefinitionsDominateUses) {
  EXPECT_EQ(verifyInsts("  %1 = neg %2\n  %2 = neg %0\n"),
            "@f, entry: `neg`: `%2` is not defined on every way here\n");
  EXPECT_EQ(verifyInsts("  %1 = neg %1\n"),
            "@f, entry: `neg`: `%1` is not defined on every way here\n");
  EXPECT_EQ(verifyBody("entry:\n  %0 = const 1\n  br.if %0, a, b\n"
                       "a:\n  %1 = const 1\n  br b\n"
                       "b:\n  ret %1\n"),
            "@f, b: `ret`: `%1` is not defined on every way here\n");
}

TEST(Verifier, UsesInUnreachableBlocksAreFree) {
  EXPECT_EQ(verifyBody("entry:\n  %0 = const 1\n  br a\na:\n  %1 = neg %0\n  ret %1\n"
                       "lost:\n  ret %1\n"),
            "");
}

TEST(Verifier, HandlersSeeOnlyWhatCameBeforeTheGuard) {
  EXPECT_EQ(verifyBody("entry:\n  %0 = const 1\n  br a\n"
                       "a handler h:\n  %1 = neg %0\n  ret %1\n"
                       "h:\n  ret %0\n"),
            "");
  EXPECT_EQ(verifyBody("entry:\n  %0 = const 1\n  br a\n"
                       "a handler h:\n  %1 = neg %0\n  ret %1\n"
                       "h:\n  br after\n"
                       "after:\n  ret %1\n"),
            "@f, after: `ret`: `%1` is not defined on every way here\n");
  EXPECT_EQ(verifyBody("entry:\n  %0 = const 1\n  br a(%0)\n"
                       "a(%1) handler h:\n  ret %1\n"
                       "h:\n  ret %1\n"),
            "@f, h: `ret`: `%1` is not defined on every way here\n");
}

// --- Kinds of values ---

TEST(Verifier, ResultsKeepWithinTheirRow) {
  EXPECT_EQ(verifyInsts("  %1 = truth %0 : int\n"),
            "@f, entry: `truth`: the result has kinds `int`, beyond `bool`\n");
  EXPECT_EQ(verifyInsts("  br a(%0)\na(%1: iterator):\n  br b\nb:\n"),
            "@f, a: parameter `%1` has kinds `iterator`, beyond `raw`\n");
}

TEST(Verifier, RawArgumentsGoToRawParameters) {
  // `%1` may be unbound, `%0` may not.
  const std::string get = "  %1 = input.get \"a\"\n";
  EXPECT_EQ(verifyInsts(get + "  br a(%1)\na(%2: raw):\n"), "");
  EXPECT_EQ(verifyInsts(get + "  br a(%0)\na(%2: raw):\n"), "");
  EXPECT_EQ(verifyInsts(get + "  br a(%0, %1)\na(%2, %3: raw):\n"), "");
  EXPECT_EQ(verifyInsts(get + "  br a(%0, %1)\na(%2: raw, %3):\n"),
            "@f, entry: `br`: `%1` may be unbound\n");
  EXPECT_EQ(verifyInsts(get + "  br.if %0, a(%1), b(%1)\na(%2: raw):\n  br b(%2)\nb(%3: any):\n"),
            "@f, entry: `br.if`: `%1` may be unbound\n@f, a: `br`: `%2` may be unbound\n");
}

TEST(Verifier, ParametersBehindASuppliedOneAreCounted) {
  // The first parameter of the body is the item; arguments go to the ones behind it.
  const std::string loop = "  %1 = input.get \"a\"\n  %2 = iter.new for.each, %0\n"
                           "  iter.next %2, item(%1), end\n";
  EXPECT_EQ(verifyInsts(loop + "item(%3, %4: raw):\n  br end\nend:\n"), "");
  EXPECT_EQ(verifyInsts(loop + "item(%3: raw, %4):\n  br end\nend:\n"),
            "@f, entry: `iter.next`: `%1` may be unbound\n");
}

TEST(Verifier, RawParametersAreUsedOnlyByRawOperands) {
  const std::string raw = "  br a(%0)\na(%1: raw):\n";
  EXPECT_EQ(verifyInsts(raw + "  %2 = or.null %1\n  %3 = is.bound %1\n"
                              "  %4 = require.bound %1, SetUnbound, \"x\"\n"
                              "  %5 = object.new {}\n"
                              "  %6 = path.modify %1, .a, \"x\", %5\n  var.bind $x, %1\n"),
            "");
  EXPECT_EQ(verifyInsts(raw + "  %2 = path.set %1, .a, %0\n"),
            "@f, a: `path.set`: `%1` may be unbound\n");
  EXPECT_EQ(verifyInsts(raw + "  %2 = path.append %1, ., %0, %0\n"),
            "@f, a: `path.append`: `%1` may be unbound\n");
  EXPECT_EQ(verifyInsts(raw + "  %2 = object.new {}\n  %3 = path.modify %0, .a, \"x\", %1\n"),
            "@f, a: `path.modify`: `%1` may be unbound\n");
  EXPECT_EQ(verifyInsts(raw + "  %2 = iter.new for.each, %1\n"),
            "@f, a: `iter.new`: `%1` may be unbound\n");
  EXPECT_EQ(verifyInsts("  %1 = iter.new for.each, %0\n  %2 = or.null %1\n"),
            "@f, entry: `or.null`: `%1` is an iterator, which only `iter.next` takes\n");
}

TEST(Verifier, UnboundOnlyWhereItIsTaken) {
  EXPECT_EQ(verifyInsts("  %1 = input.get \"a\"\n  %2 = const 1\n  var.bind $x, %1\n"
                        "  var.write $x, %2, %1\n  %3 = path.root set, %1, \"x\"\n"
                        "  %4 = append.list %1, \"x\"\n"),
            "");
  EXPECT_EQ(verifyInsts("  %1 = input.get \"a\"\n  var.let $x, %1\n"),
            "@f, entry: `var.let`: `%1` may be unbound\n");
  EXPECT_EQ(verifyInsts("  %1 = input.get \"a\"\n  var.write $x, %1, %0\n"),
            "@f, entry: `var.write`: `%1` may be unbound\n");
  EXPECT_EQ(verifyInsts("  %1 = input.get \"a\"\n  br b(%1)\nb(%2):\n"),
            "@f, entry: `br`: `%1` may be unbound\n");
  EXPECT_EQ(verifyInsts("  %1 = input.get \"a\" : int\n  var.let $x, %1\n"), "");
}

TEST(Verifier, IteratorsAreOnlyAdvanced) {
  EXPECT_EQ(verifyInsts("  %1 = iter.new for.each, %0\n  var.let $x, %1\n"),
            "@f, entry: `var.let`: `%1` is an iterator, which only `iter.next` takes\n");
  EXPECT_EQ(verifyInsts("  iter.next %0, item, end\nitem(%1):\n  br end\nend:\n"),
            "@f, entry: `iter.next`: `%0` is no iterator\n");
}

TEST(Verifier, ListPushWantsAListUnderConstruction) {
  EXPECT_EQ(verifyInsts("  %1 = list.new ()\n  list.push %1, %0\n"), "");
  EXPECT_EQ(verifyInsts("  list.push %0, %0\n"),
            "@f, entry: `list.push`: `%0` is not made by `list.new`\n");
  EXPECT_EQ(verifyInsts("  br a(%0)\na(%1):\n  list.push %1, %0\n"),
            "@f, a: `list.push`: `%1` is not made by `list.new`\n");
}

// --- Operands ---

TEST(Verifier, ChainsAreDistinct) {
  EXPECT_EQ(verifyInsts("  var.let $x|$c|$x, %0\n"),
            "@f, entry: `var.let`: `$x` stands twice in the chain\n");
}

TEST(Verifier, ClosuresFitTheirLambda) {
  EXPECT_EQ(verifyInsts("  %1 = closure.new @l, [$c]\n"), "");
  EXPECT_EQ(verifyInsts("  %1 = closure.new @g, []\n"),
            "@f, entry: `closure.new`: `@g` is no lambda\n");
  EXPECT_EQ(verifyInsts("  %1 = closure.new @l, []\n"),
            "@f, entry: `closure.new`: 0 variables for 1 captures of `@l`\n");
  EXPECT_EQ(verifyInsts("  %1 = closure.new @l, [$x]\n"),
            "@f, entry: `closure.new`: `$x` is captured but no cell\n");
}

TEST(Verifier, CalleesAreFuncs) {
  EXPECT_EQ(verifyInsts("  %1 = call.func @T()\n"), "@f, entry: `call.func`: `@T` is no FUNC\n");
  EXPECT_EQ(verifyInsts("  %1 = callee.find %0, @l, \"l\"\n"),
            "@f, entry: `callee.find`: `@l` is no FUNC\n");
}

TEST(Verifier, MessagesGetTheirTexts) {
  EXPECT_EQ(verifyBody("entry:\n  raise SetUnbound()\n"),
            "@f, entry: `raise`: 0 texts for 1 places in the message of `SetUnbound`\n");
}

TEST(Verifier, ConstantsFitTheInstruction) {
  EXPECT_EQ(verifyInsts("  set.path $x, %0, %0, ., %0\n"),
            "@f, entry: `set.path`: the path is empty\n");
  EXPECT_EQ(verifyInsts("  %1 = get.index %0, \"a\"\n"),
            "@f, entry: `get.index`: the index is no integer\n");
  EXPECT_EQ(verifyInsts("  wait -1\n"), "@f, entry: `wait`: the time is no non-negative integer\n");
  EXPECT_EQ(verifyInsts("  %1 = object.new {1.5: %0}\n"),
            "@f, entry: `object.new`: a literal key is neither string nor integer\n");
}

/// Errors of one instruction that text cannot express, in place of the second one of the entry.
std::string verifyInst(Inst inst) {
  auto module = test::parseText("func @f () {\nentry:\n  %0 = const null\n  %1 = neg %0\n"
                                "  ret %0\n}\n");
  module->functions[0].valueKinds[1] = info(inst.op).result;
  module->functions[0].blocks[0].insts[1] = std::move(inst);
  return renderVerifierErrors(verify(*module));
}

TEST(Verifier, OperandsFitTheRoles) {
  EXPECT_EQ(verifyInst({Op::Add, 1, kNoLoc, {use(0)}}),
            "@f, entry: `add`: the operands do not fit role 2 (Use)\n");
  EXPECT_EQ(verifyInst({Op::Neg, 1, kNoLoc, {konst(0)}}),
            "@f, entry: `neg`: the operands do not fit role 1 (Use)\n");
  EXPECT_EQ(verifyInst({Op::Neg, 1, kNoLoc, {use(0), use(0), use(0)}}),
            "@f, entry: `neg`: 2 operands are left over\n");
  EXPECT_EQ(verifyInst({Op::GetName, 1, kNoLoc, {use(0), konst(0)}}),
            "@f, entry: `get.name`: a name is no string\n");
  EXPECT_EQ(
      verifyInst({Op::PathCheck, kNone, kNoLoc, {pathOp(PathOpKind::Set), use(0), pathName(0)}}),
      "@f, entry: `path.check`: a name is no string\n");
  EXPECT_EQ(
      verifyInst({Op::PathCheck, kNone, kNoLoc, {pathOp(PathOpKind::Set), use(0), pathIndex(0)}}),
      "@f, entry: `path.check`: an index in the path is no integer\n");
  EXPECT_EQ(verifyInst({Op::ClosureNew, 1, kNoLoc, {function(kNone)}}),
            "@f, entry: `closure.new`: `none` is no function\n");
}

TEST(Verifier, OperandsAreInRange) {
  auto errors = [](Op op, ValueId result, std::vector<Operand> operands) {
    return verifyInst({op, result, kNoLoc, std::move(operands)});
  };
  EXPECT_EQ(errors(Op::Neg, 1, {use(9)}),
            "@f, entry: `neg`: value 9 is out of range, there are 2\n");
  EXPECT_EQ(errors(Op::Const, 1, {konst(9)}),
            "@f, entry: `const`: constant 9 is out of range, there are 1\n");
  EXPECT_EQ(errors(Op::VarGet, 1, {local(0)}),
            "@f, entry: `var.get`: variable 0 is out of range, there are 0\n");
  EXPECT_EQ(errors(Op::VarGet, 1, {capture(0)}),
            "@f, entry: `var.get`: captured variable 0 is out of range, there are 0\n");
  EXPECT_EQ(errors(Op::CallFunc, 1, {function(1)}),
            "@f, entry: `call.func`: function 1 is out of range, there are 1\n");
  EXPECT_EQ(errors(Op::KeyCheck, kNone, {{OperandKind::KeyRule, 2}, use(0)}),
            "@f, entry: `key.check`: key rule 2 is out of range, there are 2\n");
  EXPECT_EQ(errors(Op::IterNew, 1, {{OperandKind::IterKind, 2}, use(0)}),
            "@f, entry: `iter.new`: kind of iteration 2 is out of range, there are 2\n");
  EXPECT_EQ(errors(Op::PathCheck, kNone, {{OperandKind::PathOp, 3}, use(0)}),
            "@f, entry: `path.check`: path operation 3 is out of range, there are 3\n");
  EXPECT_NE(errors(Op::CallLib, 1, {{OperandKind::Builtin, 9999}}).find("library function 9999"),
            std::string::npos);
  EXPECT_NE(errors(Op::InitCheck, kNone, {{OperandKind::Trap, 9999}, use(0)}).find("trap 9999"),
            std::string::npos);
  EXPECT_NE(errors(Op::Br, kNone, {block(3)}).find("block 3 is out of range, there are 1"),
            std::string::npos);
}

TEST(Verifier, ResultsExistWhenTheRowSaysSo) {
  EXPECT_EQ(verifyInst({Op::Neg, kNone, kNoLoc, {use(0)}}), "@f, entry: `neg`: has no result\n");
  EXPECT_EQ(verifyInst({Op::OutputAdd, 1, kNoLoc, {use(0)}}),
            "@f, entry: `output.add`: has a result but gives no value\n");
  EXPECT_EQ(verifyInst({Op::Neg, 7, kNoLoc, {use(0)}}),
            "@f, entry: value 7 is defined, but the function has 2\n");
}

} // namespace
} // namespace branchline::ir
