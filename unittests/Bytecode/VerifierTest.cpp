// One program that holds every rule, and for each rule a change that breaks it.
#include "Programs.h"

#include "branchline/Bytecode/Limits.h"
#include "branchline/Bytecode/Operands.h"
#include "branchline/Lang/Errors.h"

#include <functional>
#include <limits>
#include <set>

namespace {

using namespace branchline;
using namespace branchline::bytecode;

/// The first instruction of an opcode in a function.
Word *find(Function &function, Op op) {
  for (size_t pc = 0; pc < function.code.size();
       pc += lengthOf(static_cast<Op>(function.code[pc].op)))
    if (static_cast<Op>(function.code[pc].op) == op)
      return &function.code[pc];
  ADD_FAILURE() << "no " << info(op).mnemonic;
  return &function.code[0];
}

struct Case {
  const char *name;
  error::Id expected;
  std::function<void(Program &)> change;
};

void setConstant(Program &p, size_t index, Constant::Kind kind, std::string text) {
  p.constants[index].kind = kind;
  p.constants[index].text = std::move(text);
}

using Kind = Constant::Kind;

const Case kTableCases[] = {
    {"source too long", error::Id::VerifySource,
     [](Program &p) { p.source.assign(kMaxSourceBytes + 1, ' '); }},
    {"call depth too large", error::Id::VerifyCallDepth,
     [](Program &p) { p.minCallDepth = kMaxInlineDepth + 1; }},
    {"source not UTF-8", error::Id::VerifyText, [](Program &p) { p.source = "\xED\xA0\x80"; }},
    {"source name malformed", error::Id::VerifyText, [](Program &p) { p.sourceName = "\xFF"; }},
    {"string malformed", error::Id::VerifyText,
     [](Program &p) { p.constants[0].text = "\xC0\x80"; }},
    {"pair as two halves", error::Id::VerifyText,
     [](Program &p) { p.constants[0].text = "\xED\xA0\x80\xED\xB0\x80"; }},
    {"boolean 2", error::Id::VerifyConstant, [](Program &p) { p.constants[6].integer = 2; }},
    {"big integer minus zero", error::Id::VerifyConstant,
     [](Program &p) { setConstant(p, 2, Kind::BigInt, "-0"); }},
    {"big integer empty", error::Id::VerifyConstant,
     [](Program &p) { setConstant(p, 2, Kind::BigInt, ""); }},
    {"big integer with a zero", error::Id::VerifyConstant,
     [](Program &p) { setConstant(p, 2, Kind::BigInt, "09223372036854775808"); }},
    {"big integer with a letter", error::Id::VerifyConstant,
     [](Program &p) { setConstant(p, 2, Kind::BigInt, "9223372036854775808x"); }},
    {"decimal not canonical", error::Id::VerifyConstant,
     [](Program &p) { setConstant(p, 3, Kind::Decimal, "1.5E+0"); }},
    {"decimal with a leading zero", error::Id::VerifyConstant,
     [](Program &p) { setConstant(p, 3, Kind::Decimal, "01.5"); }},
    {"decimal minus zero", error::Id::VerifyConstant,
     [](Program &p) { setConstant(p, 3, Kind::Decimal, "-0"); }},
    {"decimal beyond the scale", error::Id::VerifyConstant,
     [](Program &p) { setConstant(p, 3, Kind::Decimal, "1E-1000001"); }},
    {"decimal empty", error::Id::VerifyConstant,
     [](Program &p) { setConstant(p, 3, Kind::Decimal, ""); }},
    {"not a number", error::Id::VerifyNan,
     [](Program &p) { p.constants[5].real = std::numeric_limits<double>::quiet_NaN(); }},
    {"too many digits", error::Id::VerifyDigits,
     [](Program &p) { p.constants[2].text.assign(kMaxNumberDigits + 2, '9'); }},
    {"too many constants", error::Id::VerifyCount,
     [](Program &p) { p.constants.resize(kConstantLimit.count + 1); }},
    {"too many layouts", error::Id::VerifyCount,
     [](Program &p) { p.layouts.resize(kLayoutLimit.count + 1); }},
    {"too many keys", error::Id::VerifyCount,
     [](Program &p) { p.layouts[0].keys.assign(kLayoutKeyLimit.count + 1, kComputedKey); }},
    {"too many paths", error::Id::VerifyCount,
     [](Program &p) { p.paths.resize(kPathLimit.count + 1); }},
    {"too many segments", error::Id::VerifyCount,
     [](Program &p) {
       p.paths[0].segments.assign(kSegmentLimit.count + 1, {PathSegment::Kind::Computed});
     }},
    {"too many imports", error::Id::VerifyCount,
     [](Program &p) { p.imports.resize(kImportLimit.count + 1); }},
    {"too many resources", error::Id::VerifyCount,
     [](Program &p) { p.shared.resize(kSharedLimit.count + 1); }},
    {"too many transforms", error::Id::VerifyCount,
     [](Program &p) { p.transforms.resize(kTransformLimit.count + 1); }},
    {"too many functions", error::Id::VerifyCount,
     [](Program &p) { p.functions.resize(kFunctionLimit.count + 1); }},
    {"layout key out of range", error::Id::VerifyIndex,
     [](Program &p) { p.layouts[0].keys[0] = 99; }},
    {"layout key negative", error::Id::VerifyKey, [](Program &p) { p.layouts[0].keys[2] = 4; }},
    {"layout key null", error::Id::VerifyKey, [](Program &p) { p.layouts[0].keys[0] = 7; }},
    {"segment out of range", error::Id::VerifyIndex,
     [](Program &p) { p.paths[0].segments[0].constant = 99; }},
    {"segment name is a number", error::Id::VerifyKey,
     [](Program &p) { p.paths[0].segments[0].constant = 1; }},
    {"segment index is a string", error::Id::VerifyKey,
     [](Program &p) { p.paths[0].segments[1].constant = 0; }},
    {"segment index negative", error::Id::VerifyKey,
     [](Program &p) { p.paths[0].segments[1].constant = 4; }},
    {"import without name", error::Id::VerifyName, [](Program &p) { p.imports[1].name = ""; }},
    {"import malformed", error::Id::VerifyText, [](Program &p) { p.imports[1].name = "\xFF"; }},
    {"import twice", error::Id::VerifyDuplicate,
     [](Program &p) { p.imports.push_back(p.imports[1]); }},
    {"no such library function", error::Id::VerifyLibrary,
     [](Program &p) { p.imports[0].name = "NONSENSE"; }},
    {"resource without name", error::Id::VerifyName, [](Program &p) { p.shared[0].name = ""; }},
    {"resource malformed", error::Id::VerifyText, [](Program &p) { p.shared[0].name = "\xFF"; }},
    {"resource twice", error::Id::VerifyDuplicate, [](Program &p) { p.shared[0].name = "m"; }},
    {"transform name malformed", error::Id::VerifyText,
     [](Program &p) { p.transforms[0].name = "\xFF"; }},
    {"transform out of range", error::Id::VerifyIndex,
     [](Program &p) { p.transforms[0].function = 3; }},
    {"transform is a FUNC", error::Id::VerifyTransform,
     [](Program &p) { p.transforms[0].function = 1; }},
    {"function name malformed", error::Id::VerifyText,
     [](Program &p) { p.functions[1].sourceName = "\xFF"; }},
};

const Case kFunctionCases[] = {
    {"too many registers", error::Id::VerifyCount,
     [](Program &p) { p.functions[0].registers.resize(kMaxRegisters + 1); }},
    {"too many parameters", error::Id::VerifyCount,
     [](Program &p) { p.functions[1].params.resize(kParamLimit.count + 1); }},
    {"too many words", error::Id::VerifyCount,
     [](Program &p) { p.functions[1].code.resize(kWordLimit.count + 1); }},
    {"parameter out of range", error::Id::VerifyIndex,
     [](Program &p) { p.functions[1].params[0] = 2; }},
    {"parameter is a cell", error::Id::VerifyParameter,
     [](Program &p) {
       p.functions[1].registers.push_back(RegisterClass::Cell);
       p.functions[1].params[0] = 2;
     }},
    {"transform with parameters", error::Id::VerifySignature,
     [](Program &p) { p.functions[0].params.push_back(0); }},
    {"FUNC with captures", error::Id::VerifySignature,
     [](Program &p) { p.functions[1].captures = 1; }},
    {"no code", error::Id::VerifyNoCode, [](Program &p) { p.functions[1].code.clear(); }},
    {"handlers too many", error::Id::VerifyCount,
     [](Program &p) { p.functions[0].handlers.resize(kHandlerLimit.count + 1); }},
    {"resume points too many", error::Id::VerifyCount,
     [](Program &p) { p.functions[1].resumePoints.resize(kResumeLimit.count + 1); }},
    {"lines too many", error::Id::VerifyCount,
     [](Program &p) { p.functions[0].lines.resize(kLineLimit.count + 1); }},
    {"region empty", error::Id::VerifyRegion,
     [](Program &p) { p.functions[0].handlers[0].end = p.functions[0].handlers[0].begin; }},
    {"region beyond the code", error::Id::VerifyRegion,
     [](Program &p) { p.functions[0].handlers[0].end = 999; }},
    {"region inside an instruction", error::Id::VerifyRegion,
     [](Program &p) {
       Function &f = p.functions[0];
       f.handlers[0].begin = static_cast<uint32_t>(find(f, Op::IterNext) - f.code.data()) + 1;
     }},
    {"handler beyond the code", error::Id::VerifyHandler,
     [](Program &p) { p.functions[0].handlers[0].target = 999; }},
    {"handler in its region", error::Id::VerifyHandlerInside,
     [](Program &p) { p.functions[0].handlers[0].target = p.functions[0].handlers[0].begin; }},
    {"regions overlap", error::Id::VerifyNesting,
     [](Program &p) {
       auto &handlers = p.functions[0].handlers;
       handlers.push_back({handlers[0].begin + 1, handlers[0].end + 1, handlers[0].target + 1});
     }},
    {"outer region first", error::Id::VerifyNesting,
     [](Program &p) {
       auto &handlers = p.functions[0].handlers;
       handlers.push_back({handlers[0].begin, handlers[0].begin + 1, handlers[0].target});
     }},
    {"resume point without suspend", error::Id::VerifyResume,
     [](Program &p) {
       p.functions[1].resumePoints.push_back({0, {}});
     }},
    {"resume point elsewhere", error::Id::VerifyResume,
     [](Program &p) { p.functions[1].resumePoints[0].pc = 2; }},
    {"live registers unordered", error::Id::VerifyLive,
     [](Program &p) {
       p.functions[1].resumePoints[0].live = {1, 0};
     }},
    {"live register out of range", error::Id::VerifyLive,
     [](Program &p) {
       p.functions[1].resumePoints[0].live = {0, 2};
     }},
    {"lines unordered", error::Id::VerifyLine,
     [](Program &p) { std::swap(p.functions[0].lines[0], p.functions[0].lines[1]); }},
    {"line inside an instruction", error::Id::VerifyLine,
     [](Program &p) {
       Function &f = p.functions[0];
       f.lines[1].pc = static_cast<uint32_t>(find(f, Op::IterNext) - f.code.data()) + 1;
     }},
    {"line beyond the code", error::Id::VerifyLine,
     [](Program &p) { p.functions[0].lines[1].pc = 999; }},
    {"line beyond the source", error::Id::VerifyPlace,
     [](Program &p) { p.functions[0].lines[1].at.line = 4; }},
    {"line without column", error::Id::VerifyPlace,
     [](Program &p) {
       p.functions[0].lines[1].at = {1, 0};
     }},
    {"inlined call of no function", error::Id::VerifyIndex,
     [](Program &p) { p.functions[0].inlineSites[0].callee = 3; }},
    {"inlined call of a transform", error::Id::VerifySiteCallee,
     [](Program &p) { p.functions[0].inlineSites[0].callee = 0; }},
    {"inlined call in itself", error::Id::VerifySiteParent,
     [](Program &p) { p.functions[0].inlineSites[1].parent = 1; }},
    {"inlined call in a later one", error::Id::VerifySiteParent,
     [](Program &p) { p.functions[0].inlineSites[0].parent = 1; }},
    {"inlined calls too deep", error::Id::VerifySiteNesting,
     [](Program &p) {
       for (uint32_t i = 3; i < 3 + kMaxInlineDepth; ++i)
         p.functions[0].inlineSites.push_back({1, i - 1, {0, 0}});
     }},
    {"inlined call beyond the source", error::Id::VerifyPlace,
     [](Program &p) { p.functions[0].inlineSites[0].at.line = 4; }},
    {"entries of inlined calls unordered", error::Id::VerifySiteEntry,
     [](Program &p) { std::swap(p.functions[0].siteEntries[0], p.functions[0].siteEntries[1]); }},
    {"entry of an inlined call beyond the code", error::Id::VerifySiteEntry,
     [](Program &p) { p.functions[0].siteEntries.back().pc = 999; }},
    {"entry of no inlined call", error::Id::VerifyIndex,
     [](Program &p) { p.functions[0].siteEntries[0].site = 3; }},
};

/// Cases that change one instruction of function 0.
template <class Change> std::function<void(Program &)> inst(Op op, Change change) {
  return [op, change](Program &p) { change(*find(p.functions[0], op)); };
}

const Case kCodeCases[] = {
    {"opcode", error::Id::VerifyOpcode, inst(Op::LoadInt, [](Word &w) { w.op = 255; })},
    {"unused x", error::Id::VerifyUnused, inst(Op::LoadInt, [](Word &w) { w.x = 1; })},
    {"unused b", error::Id::VerifyUnused, inst(Op::OutputEmit, [](Word &w) { w.b = 1; })},
    {"unused c", error::Id::VerifyUnused, inst(Op::CellSet, [](Word &w) { w.c = 1; })},
    {"unused a of an extension", error::Id::VerifyUnused,
     inst(Op::IterNext, [](Word &w) { (&w)[1].a = 1; })},
    {"register out of range", error::Id::VerifyIndex, inst(Op::Ret, [](Word &w) { w.a = 13; })},
    {"value register is an iterator", error::Id::VerifyRegister,
     inst(Op::Ret, [](Word &w) { w.a = 12; })},
    {"cell register is a value", error::Id::VerifyRegister,
     inst(Op::CellSet, [](Word &w) { w.a = 0; })},
    {"iterator register is a cell", error::Id::VerifyRegister,
     inst(Op::IterNext, [](Word &w) { w.a = 10; })},
    {"variable is a value", error::Id::VerifyRegister,
     inst(Op::CellPathSet, [](Word &w) { w.a = 0; })},
    {"variable is no capture", error::Id::VerifyIndex,
     inst(Op::CellPathSet, [](Word &w) { w.x = 1; })},
    {"window leaves the frame", error::Id::VerifyWindow, inst(Op::ListNew, [](Word &w) { w.c = 99; })},
    {"window reaches a cell", error::Id::VerifyRegister, inst(Op::ListNew, [](Word &w) { w.c = 8; })},
    {"call window has a callee", error::Id::VerifyRegister,
     inst(Op::Call, [](Word &w) { w.b = 8; })},
    {"layout window", error::Id::VerifyRegister, inst(Op::ObjectNew, [](Word &w) { w.b = 7; })},
    {"path window 0", error::Id::VerifyRegister, inst(Op::PathCheck, [](Word &w) { w.b = 10; })},
    {"path window 1", error::Id::VerifyRegister, inst(Op::PathSet, [](Word &w) { w.b = 9; })},
    {"path window 2", error::Id::VerifyRegister, inst(Op::PathAppend, [](Word &w) { w.b = 9; })},
    {"path window 3", error::Id::VerifyRegister, inst(Op::CellPathAppend, [](Word &w) { w.b = 8; })},
    {"cells of a closure", error::Id::VerifyRegister, inst(Op::ClosureNew, [](Word &w) { w.b = 9; })},
    {"constant out of range", error::Id::VerifyIndex,
     inst(Op::LoadConst, [](Word &w) { w.setWide(99); })},
    {"name is a number", error::Id::VerifyOperandConstant, inst(Op::GetName, [](Word &w) { w.c = 1; })},
    {"wide name is a number", error::Id::VerifyOperandConstant,
     inst(Op::InputGet, [](Word &w) { w.setWide(1); })},
    {"name in an extension", error::Id::VerifyOperandConstant,
     inst(Op::PathModify, [](Word &w) { (&w)[1].setWide(1); })},
    {"optional name is a number", error::Id::VerifyOperandConstant,
     inst(Op::Raise, [](Word &w) { w.b = 1; })},
    {"index is a string", error::Id::VerifyOperandConstant, inst(Op::GetIndex, [](Word &w) { w.c = 0; })},
    {"index is negative", error::Id::VerifyOperandConstant, inst(Op::GetIndex, [](Word &w) { w.c = 4; })},
    {"time is negative", error::Id::VerifyOperandConstant, inst(Op::Wait, [](Word &w) { w.setWide(4); })},
    {"function out of range", error::Id::VerifyIndex, inst(Op::CallFunc, [](Word &w) { (&w)[1].setWide(3); })},
    {"layout out of range", error::Id::VerifyIndex, inst(Op::ObjectNew, [](Word &w) { w.c = 1; })},
    {"path out of range", error::Id::VerifyIndex, inst(Op::PathSet, [](Word &w) { w.c = 9; })},
    {"import out of range", error::Id::VerifyIndex, inst(Op::CallLib, [](Word &w) { (&w)[1].setWide(2); })},
    {"path without leaf", error::Id::VerifyPath, inst(Op::PathSet, [](Word &w) { w.c = 1; })},
    {"leaf of an empty path", error::Id::VerifyPath, inst(Op::PathLeaf, [](Word &w) { w.c = 1; })},
    {"cell path without leaf", error::Id::VerifyPath, inst(Op::CellPathSet, [](Word &w) { w.c = 1; })},
    {"path operation", error::Id::VerifyChoice, inst(Op::PathRoot, [](Word &w) { w.x = 3; })},
    {"kind of iteration", error::Id::VerifyChoice, inst(Op::IterNew, [](Word &w) { w.x = 2; })},
    {"kind of variable", error::Id::VerifyChoice,
     [](Program &p) { find(p.functions[2], Op::CellPathSet)->x = 2; }},
    {"negation", error::Id::VerifyChoice, inst(Op::BrEq, [](Word &w) { w.x = 2; })},
    {"trap", error::Id::VerifyChoice, inst(Op::InitCheck, [](Word &w) { w.x = 255; })},
    {"callee is a lambda", error::Id::VerifyCallee, inst(Op::CallFunc, [](Word &w) { (&w)[1].setWide(2); })},
    {"callee is a transform", error::Id::VerifyCallee,
     inst(Op::CalleeFind, [](Word &w) { w.c = 0; })},
    {"closure of a FUNC", error::Id::VerifyCallee, inst(Op::ClosureNew, [](Word &w) { w.c = 1; })},
    {"library call of the host", error::Id::VerifyImport,
     inst(Op::CallLib, [](Word &w) { (&w)[1].setWide(1); })},
    {"host call of the library", error::Id::VerifyImport,
     inst(Op::CallHost, [](Word &w) { (&w)[1].setWide(0); })},
    {"check of the host", error::Id::VerifyImport, inst(Op::ListCheck, [](Word &w) { w.b = 1; })},
    {"jump before the code", error::Id::VerifyJump, inst(Op::Br, [](Word &w) { w.setWide(-999); })},
    {"jump behind the code", error::Id::VerifyJump, inst(Op::BrEq, [](Word &w) { w.c = 999; })},
    {"jump into an extension", error::Id::VerifyJump, inst(Op::Br, [](Word &w) { w.setWide(-2); })},
    {"jump of an extension", error::Id::VerifyJump,
     inst(Op::IterNext, [](Word &w) { (&w)[1].setWide(-1); })},
    {"too few texts", error::Id::VerifyRaise, inst(Op::Raise, [](Word &w) { w.b = kNoIndex; })},
    {"too many texts", error::Id::VerifyRaise, inst(Op::Raise, [](Word &w) { w.c = 0; })},
    {"text with a gap", error::Id::VerifyRaise, inst(Op::Raise, [](Word &w) { std::swap(w.b, w.c); })},
    {"output in a FUNC", error::Id::VerifyOutput,
     [](Program &p) {
       p.functions[1].code.insert(p.functions[1].code.end() - 1,
                                  {static_cast<uint8_t>(Op::OutputEmit), 0, 0, 0, 0});
     }},
    {"extension missing", error::Id::VerifyNoExtension,
     inst(Op::IterNext, [](Word &w) { (&w)[1] = {static_cast<uint8_t>(Op::LoadNull), 0, 0, 0, 0}; })},
    {"extension at the end missing", error::Id::VerifyNoExtension,
     [](Program &p) { p.functions[1].code.resize(1); }},
    {"extension alone", error::Id::VerifyStrayExtension,
     inst(Op::RetNull, [](Word &w) { w.op = static_cast<uint8_t>(Op::Ext); })},
    {"end missing", error::Id::VerifyEnd, [](Program &p) { p.functions[1].code.pop_back(); }},
    {"resume point out of range", error::Id::VerifyIndex,
     [](Program &p) { find(p.functions[1], Op::Suspend)[1].setWide(1); }},
    {"capture out of range", error::Id::VerifyIndex,
     [](Program &p) { find(p.functions[2], Op::CaptureGet)->b = 1; }},
};

class Verifier : public ::testing::Test {
protected:
  template <size_t kCount> void check(const Case (&cases)[kCount]) {
    for (const Case &test : cases) {
      Program program = base_;
      test.change(program);
      const auto broken = verify(program);
      ASSERT_TRUE(broken) << test.name;
      EXPECT_EQ(codeText(broken->code), codeText(error::info(test.expected).code))
          << test.name << ": " << describe(*broken);
    }
  }
  const Program base_ = assembled(kEverything);
};

TEST_F(Verifier, TheBaseHoldsEveryRule) {
  const auto broken = verify(base_);
  EXPECT_FALSE(broken) << describe(*broken);
}

TEST_F(Verifier, Tables) { check(kTableCases); }
TEST_F(Verifier, Functions) { check(kFunctionCases); }
TEST_F(Verifier, Code) { check(kCodeCases); }

TEST_F(Verifier, EveryRuleHasACase) {
  std::set<error::Id> tested;
  for (const Case &test : kTableCases)
    tested.insert(test.expected);
  for (const Case &test : kFunctionCases)
    tested.insert(test.expected);
  for (const Case &test : kCodeCases)
    tested.insert(test.expected);
  for (size_t i = 0; i < error::kTable.size(); ++i)
    EXPECT_TRUE(error::kTable[i].code / 100 != 51 || tested.count(static_cast<error::Id>(i)))
        << error::kTable[i].name;
}

TEST_F(Verifier, NamesThePlace) {
  Program program = base_;
  find(program.functions[1], Op::Suspend)->a = 9;
  const auto broken = verify(program);
  ASSERT_TRUE(broken);
  EXPECT_EQ(describe(*broken),
            "register 9 is out of range, there are 2, in function #1 f at word 0");
}

TEST_F(Verifier, EmptyWindowsMayStandBehindTheFrame) {
  Program program = base_;
  Word *list = find(program.functions[0], Op::ListNew);
  list->b = static_cast<uint16_t>(program.functions[0].registers.size());
  list->c = 0;
  EXPECT_EQ(verifyCode(program), 0u);
}

TEST_F(Verifier, RegionsMayBeEqualOrNested) {
  Program program = base_;
  auto &handlers = program.functions[0].handlers;
  handlers.push_back(handlers[0]);
  handlers.insert(handlers.begin(), {handlers[0].begin, handlers[0].begin + 1, handlers[0].target});
  EXPECT_EQ(verifyCode(program), 0u);
}

TEST_F(Verifier, WindowsCostNoTimeOfTheirOwn) {
  Program program = base_;
  Function &function = program.functions[1];
  function.registers.assign(kMaxRegisters, RegisterClass::Value);
  function.code.assign(1'000'000, {static_cast<uint8_t>(Op::ListNew), 0, 0, 0, 50'000});
  function.code.push_back({static_cast<uint8_t>(Op::RetNull), 0, 0, 0, 0});
  function.resumePoints.clear();
  EXPECT_EQ(verifyCode(program), 0u); // 5 · 10¹⁰ steps if it looked at each register
}

} // namespace
