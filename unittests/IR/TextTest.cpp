// print → parse → print, for every row of the table and for odd names and constants. What malformed
// text reports is tested in test/IR.
#include "branchline/IR/Text.h"

#include "Parse.h"
#include "branchline/IR/Builder.h"
#include "branchline/IR/Operands.h"

#include <limits>
#include <random>

namespace branchline::ir {
namespace {

constexpr PrintOptions kEverything{true, true};

/// A module with what operands can refer to: a function with a slot, a capture, a value, a block.
struct RoundTrip : ::testing::Test {
  RoundTrip() {
    Function fn;
    fn.name = "f";
    fn.kind = FunctionKind::Lambda;
    fn.slots = {{"x", false}, {"odd name", true}};
    fn.captures = {"c", "\"\\"};
    module.functions.push_back(std::move(fn));
    Builder builder(module, 0);
    builder.setBlock(builder.newBlock("entry"));
    value = builder.constNull();
  }

  /// Operands for one role, of every kind that it takes.
  void append(Role role, std::vector<Operand> &out) {
    switch (role) {
    case Role::Use:
    case Role::Raw:
      out.push_back(use(value));
      return;
    case Role::Uses:
      out.insert(out.end(), {use(value), use(value)});
      return;
    case Role::Const:
      out.push_back(konst(module.internInt(-7)));
      return;
    case Role::Name:
      out.push_back(konst(module.internString("a \"name\"")));
      return;
    case Role::Names:
      out.insert(out.end(), {konst(module.internString("")), konst(module.internString("\x7F"))});
      return;
    case Role::Var:
      out.push_back(capture(1));
      return;
    case Role::Vars:
    case Role::VarList:
      out.insert(out.end(), {local(0), capture(0), local(1)});
      return;
    case Role::Function:
      out.push_back(function(0));
      return;
    case Role::OptFunction:
      out.push_back(function(kNone));
      return;
    case Role::Builtin:
      out.push_back(builtin(Builtin::MAP));
      return;
    case Role::Trap:
      out.push_back(trap(TrapId::SetUnbound));
      return;
    case Role::PathOp:
      out.push_back(pathOp(PathOpKind::Modify));
      return;
    case Role::IterKind:
      out.push_back(iterKind(IterKind::Comprehension));
      return;
    case Role::KeyRule:
      out.push_back(keyRule(KeyRule::Object));
      return;
    case Role::Path:
      out.insert(out.end(), {pathName(module.internString("a")), pathIndex(module.internInt(0)),
                             pathName(module.internString("b.c")), pathKey(value),
                             pathIndex(module.intern({Constant::Kind::BigInt, 0, 0, "9"}))});
      return;
    case Role::Fields:
      out.insert(out.end(), {keyConst(module.internString("a")), use(value), use(value), use(value),
                             keyConst(module.internInt(3)), use(value)});
      return;
    case Role::Edge:
    case Role::EdgeWithValue:
      out.insert(out.end(), {block(0), arg(value)});
      return;
    }
  }

  void expectIdentity(const PrintOptions &options) {
    std::string text = print(module, options);
    auto again = test::parseText(text);
    EXPECT_EQ(print(*again, options), text);
  }

  Module module;
  ValueId value;
};

TEST_F(RoundTrip, EveryInstruction) {
  Block &entry = module.functions[0].blocks[0];
  for (size_t i = 0; i < kInsts.size(); ++i) {
    Inst inst{static_cast<Op>(i), kNone, {static_cast<uint32_t>(i + 1), 2}, {}};
    for (Role role : info(inst.op).operands)
      append(role, inst.operands);
    if (info(inst.op).hasResult())
      inst.result = module.functions[0].newValue(i % 2 ? kinds::Int : info(inst.op).result);
    entry.insts.push_back(std::move(inst));
  }
  std::string text = print(module, kEverything);
  auto again = test::parseText(text);
  ASSERT_EQ(again->functions.size(), 1u);
  EXPECT_EQ(print(*again, kEverything), text);
  EXPECT_EQ(print(*again), print(module));
  const std::vector<Inst> &read = again->functions[0].blocks[0].insts;
  ASSERT_EQ(read.size(), kInsts.size() + 1);
  for (size_t i = 0; i < kInsts.size(); ++i) {
    const Inst &written = entry.insts[i + 1];
    EXPECT_EQ(read[i + 1].op, written.op);
    EXPECT_EQ(read[i + 1].loc, written.loc);
    ASSERT_EQ(read[i + 1].operands.size(), written.operands.size()) << info(written.op).mnemonic;
    for (size_t k = 0; k < written.operands.size(); ++k)
      EXPECT_EQ(read[i + 1].operands[k].kind, written.operands[k].kind);
    if (written.result != kNone) {
      EXPECT_EQ(again->functions[0].valueKinds[read[i + 1].result],
                module.functions[0].valueKinds[written.result]);
    }
  }
}

TEST_F(RoundTrip, EmptyLists) {
  Builder builder(module, 0);
  builder.emit(Op::ListNew);
  builder.emit(Op::ObjectNew);
  builder.emit(Op::ClosureNew, {function(0)});
  builder.emit(Op::PathCheck, {pathOp(PathOpKind::Set), use(value)});
  builder.emit(Op::PathLeaf, {pathOp(PathOpKind::Set), use(value)});
  builder.emit(Op::Raise, {trap(TrapId::Aborted)});
  expectIdentity({});
  EXPECT_NE(print(module).find("path.check set, %0, .\n"), std::string::npos);
}

TEST_F(RoundTrip, Constants) {
  using Kind = Constant::Kind;
  double smallest = std::numeric_limits<double>::denorm_min();
  std::vector<Constant> constants = {
      {Kind::Int, std::numeric_limits<int64_t>::min(), 0, {}},
      {Kind::Int, std::numeric_limits<int64_t>::max(), 0, {}},
      {Kind::Float, 0, smallest, {}},
      {Kind::Float, 0, -std::numeric_limits<double>::max(), {}},
      {Kind::Float, 0, 0.1, {}},
      {Kind::Float, 0, -0.0, {}},
      {Kind::BigInt, 0, 0, "-123456789012345678901234567890"},
      {Kind::BigInt, 0, 0, "5"},
      {Kind::Decimal, -1'000'000, 0, "1"},
      {Kind::Decimal, 1'000'000, 0, "-12"},
      {Kind::Decimal, 3, 0, "0"},
      {Kind::Decimal, -5, 0, "120"},
      {Kind::String, 0, 0, "\xED\xA0\x80 lone, \xF0\x9F\x98\x80 pair, \x01\x1F\x7F\xC2\x85"},
      {Kind::String, 0, 0, std::string("\0null", 5)},
      {Kind::String, 0, 0, "; no comment"},
  };
  Builder builder(module, 0);
  for (const Constant &constant : constants)
    builder.constant(constant);
  expectIdentity({});
  auto again = test::parseText(print(module));
  const std::vector<Inst> &insts = again->functions[0].blocks[0].insts;
  for (size_t i = 0; i < constants.size(); ++i)
    EXPECT_TRUE(again->constants[insts[i + 1].operands[0].index] == constants[i]) << i;
}

TEST_F(RoundTrip, RandomNamesAndLabels) {
  std::mt19937 random(7);
  constexpr std::string_view kPieces[] = {"a", ".", "0", "_", " ",       "\"",  "\\",          "\n",
                                          "é", ":", "%", "$", "handler", "add", "\xED\xBF\xBF"};
  auto name = [&](size_t number) {
    std::string out;
    for (size_t i = random() % 4; i > 0; --i)
      out += kPieces[random() % std::size(kPieces)];
    return out + (random() % 2 ? "." : " ") + std::to_string(number);
  };
  for (size_t round = 0; round < 200; ++round) {
    Function &fn = module.functions[0];
    fn.name = name(0);
    fn.sourceName = name(1);
    fn.loc = {static_cast<uint32_t>(random()), static_cast<uint32_t>(random())};
    fn.slots = {{name(2), true}, {name(3), false}};
    fn.params = {1, 0, 1};
    fn.captures = {name(4), name(5)};
    fn.blocks.resize(1);
    fn.blocks[0].label = name(6);
    fn.blocks.push_back({name(7), {fn.newValue(kinds::Any), fn.newValue(kinds::Null)}, {}, 0});
    module.shared = {{name(8), true}, {name(9), false}};
    expectIdentity(kEverything);
    expectIdentity({});
  }
}

TEST(Text, TransformsAreListedInOrder) {
  auto module = test::parseText("transform @a \"A\" () {\n}\n"
                                "func @g () {\n}\n"
                                "transform @b () {\n}\n");
  ASSERT_EQ(module->transforms.size(), 2u);
  EXPECT_EQ(module->transforms[0].name, "A");
  EXPECT_EQ(module->transforms[0].function, 0u);
  EXPECT_EQ(module->transforms[1].name, "");
  EXPECT_EQ(module->transforms[1].function, 2u);
}

TEST(Text, NumbersFollowTheOrderOfAppearance) {
  auto module = test::parseText("func @f () {\n"
                                "entry:\n"
                                "  br next(%9)\n"
                                "next(%9):\n"
                                "  %4 = neg %9\n"
                                "  ret %4\n"
                                "}\n");
  EXPECT_EQ(print(*module), "func @f () {\n"
                            "entry:\n"
                            "  br next(%0)\n"
                            "next(%0):\n"
                            "  %1 = neg %0\n"
                            "  ret %1\n"
                            "}\n");
}

TEST(Text, OneFunctionPrintsAlone) {
  auto module = test::parseText("shared s many\nfunc @f () {\n}\nfunc @g () {\n}\n");
  EXPECT_EQ(print(*module, module->functions[1]), "func @g () {\n}\n");
}

TEST(Text, BrokenModulesPrint) {
  Module module;
  module.functions.emplace_back();
  Function &fn = module.functions[0];
  fn.name = "f";
  fn.kind = FunctionKind::Func;
  fn.blocks.push_back({"entry", {}, {}, 9});
  fn.blocks[0].insts.push_back({Op::Add, kNone, kNoLoc, {use(5)}});
  fn.blocks[0].insts.push_back({Op::VarBind, kNone, kNoLoc, {local(3), konst(8)}});
  fn.blocks[0].insts.push_back({Op::Br, kNone, kNoLoc, {}});
  EXPECT_EQ(print(module), "func @f () {\n"
                           "entry handler ?:\n"
                           "  add %?, ?\n"
                           "  var.bind $\"?\", ? ??\n"
                           "  br ?\n"
                           "}\n");
}

TEST(Text, MalformedTextIsReportedNotRead) {
  for (std::string text :
       {"func", "func @f", "func @f (", "func @f () {", "func @f () { a", "func @f () { a: br",
        "transform @", "@", "\xFF", "func @f () {\n\xED"}) {
    SourceText source("test", text);
    DiagnosticSink sink;
    EXPECT_EQ(parse(source, sink), nullptr) << text;
    EXPECT_TRUE(sink.hasErrors()) << text;
  }
}

TEST(Text, InvalidUtf8IsReportedWhereItStarts) {
  SourceText source("test", "shared a many\n\xFF");
  DiagnosticSink sink;
  EXPECT_EQ(parse(source, sink), nullptr);
  ASSERT_EQ(sink.all().size(), 1u);
  EXPECT_EQ(sink.all()[0].code, 2401);
  EXPECT_EQ(sink.all()[0].range.begin, 14u);
}

TEST(Text, EarlierErrorsOfTheSinkDoNotCount) {
  DiagnosticSink sink;
  sink.report({1, Severity::Error, "before", {}, {}, {}});
  SourceText source("test", "shared a many\n");
  EXPECT_NE(parse(source, sink), nullptr);
}

TEST(Text, EveryPrefixOfATextIsHandled) {
  auto whole = test::parseText("shared s many\n"
                               "transform @T \"T\" ($x) vars($x, cell $y) {\n"
                               "entry:\n"
                               "  %0 = const \"a\\u0041\"\n"
                               "  path.leaf set, %0, .a.0[%0].\"b\"\n"
                               "  %1 = object.new {\"a\": %0, 5: %0}\n"
                               "  br next(%1) !3:4\n"
                               "next(%2: int|null) handler next:\n"
                               "  ret %2\n"
                               "}\n");
  std::string text = print(*whole, kEverything);
  for (size_t length = 0; length < text.size(); ++length) {
    SourceText source("test", text.substr(0, length));
    DiagnosticSink sink;
    auto module = parse(source, sink);
    EXPECT_EQ(module == nullptr, sink.hasErrors()) << length;
  }
}

} // namespace
} // namespace branchline::ir
