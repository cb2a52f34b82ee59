// A small assembler for programs written by hand, and a fixture that runs them. Registers are
// numbered by the test; jumps go to labels.
#pragma once

#include "branchline/Bytecode/Program.h"
#include "branchline/Bytecode/Verifier.h"
#include "branchline/Numeric/NumberText.h"
#include "branchline/Runtime/Objects.h"
#include "branchline/Runtime/Ops.h"
#include "branchline/Support/StackThread.h"
#include "branchline/VM/VM.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace branchline::vm {

using bytecode::Constant;
using bytecode::FunctionKind;
using bytecode::Op;
using bytecode::Path;
using bytecode::PathSegment;
using bytecode::Program;
using bytecode::RegisterClass;
using bytecode::Word;
using runtime::Result;
using runtime::Tag;
using runtime::Trap;
using runtime::Value;

/// Assembles one function. Every method appends one instruction, or what it says.
class FunctionAssembler {
public:
  FunctionAssembler(FunctionKind kind, std::string name, unsigned values) {
    function.kind = kind;
    function.sourceName = std::move(name);
    function.registers.assign(values, RegisterClass::Value);
  }
  /// Adds a register behind the value registers. \returns its number
  uint16_t cell() { return add(RegisterClass::Cell); }
  uint16_t iterator() { return add(RegisterClass::Iterator); }
  uint16_t value() { return add(RegisterClass::Value); }

  void op(Op op, unsigned a = 0, unsigned b = 0, unsigned c = 0, unsigned x = 0) {
    mark();
    function.code.push_back({static_cast<uint8_t>(op), static_cast<uint8_t>(x),
                             static_cast<uint16_t>(a), static_cast<uint16_t>(b),
                             static_cast<uint16_t>(c)});
  }
  void wide(Op which, unsigned a, int64_t number) {
    op(which, a);
    function.code.back().setWide(static_cast<int32_t>(number));
  }
  void ext(int64_t number) {
    Word word{static_cast<uint8_t>(Op::Ext), 0, 0, 0, 0};
    word.setWide(static_cast<int32_t>(number));
    function.code.push_back(word);
  }
  void opExt(Op which, unsigned a, unsigned b, unsigned c, int64_t extension, unsigned x = 0) {
    op(which, a, b, c, x);
    ext(extension);
  }

  // --- Labels ---
  using Label = size_t;
  Label label() {
    labels_.push_back(kUnbound);
    return labels_.size() - 1;
  }
  void bind(Label label) { labels_[label] = function.code.size(); }
  /// Where a bound label is.
  size_t placeOf(Label label) const { return labels_[label]; }
  Label here() {
    Label made = label();
    bind(made);
    return made;
  }
  /// A jump whose label is in b and c.
  void jump(Op which, unsigned a, Label to) {
    op(which, a);
    fixups_.push_back({function.code.size() - 1, to, Field::Wide});
  }
  /// A comparison and jump; the label is in c.
  void compare(Op which, unsigned a, unsigned b, Label to, bool negate = false) {
    op(which, a, b, 0, negate);
    fixups_.push_back({function.code.size() - 1, to, Field::C});
  }
  /// A step of an iterator; the label is in the extension word.
  void step(Op which, unsigned iterator, unsigned item, Label to) {
    opExt(which, iterator, item, 0, 0);
    fixups_.push_back({function.code.size() - 1, to, Field::Wide});
  }
  /// Traps between two labels go to a third.
  void handler(Label begin, Label end, Label target) { regions_.push_back({begin, end, target}); }
  /// The next instructions belong to this line.
  void line(uint32_t line) { line_ = line; }

  bytecode::Function finish() {
    for (const Fixup &fixup : fixups_) {
      const auto distance =
          static_cast<int32_t>(labels_[fixup.label]) - static_cast<int32_t>(fixup.word) - 1;
      if (fixup.field == Field::Wide)
        function.code[fixup.word].setWide(distance);
      else
        function.code[fixup.word].c = static_cast<uint16_t>(distance);
    }
    for (const auto &[begin, end, target] : regions_)
      function.handlers.push_back({place(begin), place(end), place(target)});
    return function;
  }

  bytecode::Function function;

private:
  static constexpr size_t kUnbound = ~size_t(0);
  enum class Field { Wide, C };
  struct Fixup {
    size_t word;
    Label label;
    Field field;
  };
  struct Region {
    Label begin, end, target;
  };
  uint16_t add(RegisterClass kind) {
    function.registers.push_back(kind);
    return static_cast<uint16_t>(function.registers.size() - 1);
  }
  uint32_t place(Label label) const { return static_cast<uint32_t>(labels_[label]); }
  void mark() {
    if (line_ != 0)
      function.lines.push_back({static_cast<uint32_t>(function.code.size()), {line_, 1}});
    line_ = 0;
  }
  std::vector<size_t> labels_;
  std::vector<Fixup> fixups_;
  std::vector<Region> regions_;
  uint32_t line_ = 0;
};

class VMFixture : public testing::Test {
protected:
  using Fn = FunctionAssembler;

  VMFixture() : context(heap) {}
  ~VMFixture() override {
    session.reset();
    context.outputs.clear();
    context.input = Value();
  }

  // --- The program's tables ---
  uint16_t constant(Constant made) {
    program.constants.push_back(std::move(made));
    return static_cast<uint16_t>(program.constants.size() - 1);
  }
  uint16_t k(int64_t number) { return constant({Constant::Kind::Int, number, 0, {}}); }
  uint16_t kf(double number) { return constant({Constant::Kind::Float, 0, number, {}}); }
  uint16_t ks(std::string text) {
    return constant({Constant::Kind::String, 0, 0, std::move(text)});
  }
  uint16_t kbig(std::string digits) {
    return constant({Constant::Kind::BigInt, 0, 0, std::move(digits)});
  }
  uint16_t import(std::string name, bytecode::Import::Kind kind = bytecode::Import::Kind::Library) {
    program.imports.push_back({kind, std::move(name)});
    return static_cast<uint16_t>(program.imports.size() - 1);
  }
  /// A path of names; an empty text stands for a computed key, digits for a literal index.
  uint16_t path(std::initializer_list<const char *> segments) {
    Path made;
    for (std::string text : segments) {
      if (text.empty())
        made.segments.push_back({PathSegment::Kind::Computed, 0});
      else if (text[0] >= '0' && text[0] <= '9')
        made.segments.push_back({PathSegment::Kind::Index, k(std::stoi(text))});
      else
        made.segments.push_back({PathSegment::Kind::Name, ks(text)});
    }
    program.paths.push_back(std::move(made));
    return static_cast<uint16_t>(program.paths.size() - 1);
  }
  uint16_t layout(std::vector<uint32_t> keys) {
    program.layouts.push_back({std::move(keys)});
    return static_cast<uint16_t>(program.layouts.size() - 1);
  }

  // --- Functions ---
  static Fn transform(unsigned values, std::string name = "T") {
    return Fn(FunctionKind::Transform, std::move(name), values);
  }
  /// Parameters are the first registers.
  static Fn func(std::string name, unsigned params, unsigned values) {
    Fn made(FunctionKind::Func, std::move(name), values);
    for (unsigned i = 0; i < params; ++i)
      made.function.params.push_back(static_cast<uint16_t>(i));
    return made;
  }
  static Fn lambda(unsigned params, unsigned values, unsigned captures) {
    Fn made = func("", params, values);
    made.function.kind = FunctionKind::Lambda;
    made.function.captures = static_cast<uint16_t>(captures);
    return made;
  }
  uint32_t add(Fn &&fn) {
    program.functions.push_back(fn.finish());
    return static_cast<uint32_t>(program.functions.size() - 1);
  }

  // --- Running ---
  Result<void> start(uint32_t function) {
    if (auto broken = bytecode::verify(program); broken && !hostile)
      ADD_FAILURE() << bytecode::describe(*broken);
    if (!session)
      session = std::make_unique<Session>(program, heap);
    context.outputs.clear();
    Result<void> result{};
    runOnStack(kLargeStack, [&] { result = session->run({"", function}, context); });
    return result;
  }
  /// `Int 3; String x`, or `IllegalArgumentException: Division by zero`.
  std::string run(uint32_t function) {
    Result<void> result = start(function);
    if (!result)
      return error(result.error());
    std::string text;
    for (const Value &value : context.outputs)
      text += (text.empty() ? "" : "; ") + show(value);
    return text;
  }
  /// Runs a new transform, then the session is at its end.
  std::string runAll(Fn &&fn) {
    session.reset();
    return run(add(std::move(fn)));
  }
  static std::string show(const Value &value) {
    std::string text;
    EXPECT_TRUE(runtime::appendText(text, value));
    return std::string(runtime::className(value)) + " " + text;
  }
  static std::string error(const Trap &trap) {
    return trap.info().type + ": " + trap.info().message;
  }
  /// `2:1 f@2 <lambda>@5 TRANSFORM T@9`: place and stack.
  static std::string trail(const Trap &trap) {
    std::string text =
        std::to_string(trap.info().at.line) + ":" + std::to_string(trap.info().at.column);
    for (const runtime::TrapFrame &frame : trap.info().stack)
      text += " " + frame.function + "@" + std::to_string(frame.at.line);
    return text;
  }

  /// Set by tests of programs that the verifier refuses.
  bool hostile = false;
  runtime::Heap heap;
  Program program;
  runtime::Context context;
  std::unique_ptr<Session> session;
};

} // namespace branchline::vm
