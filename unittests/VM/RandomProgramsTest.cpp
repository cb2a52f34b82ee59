// Programs that are well formed, as the verifier demands, but otherwise without sense: whatever
// they do, the machine stays within its memory, ends, and can run again. Meant for the sanitizers.
#include "VMFixture.h"

#include <random>

namespace branchline::vm {
namespace {

using bytecode::Role;

constexpr unsigned kValues = 10, kCells = 3, kIterators = 2;
constexpr unsigned kFirstCell = kValues, kFirstIterator = kValues + kCells;

class RandomPrograms : public VMFixture {
protected:
  explicit RandomPrograms() : random_(1) {}

  uint32_t below(size_t bound) {
    return static_cast<uint32_t>(std::uniform_int_distribution<size_t>(0, bound - 1)(random_));
  }

  void fillTables() {
    for (const char *name : {"a", "b", "UPPER", "message"})
      names_.push_back(ks(name));
    for (int64_t number : {int64_t(0), int64_t(1), int64_t(2), int64_t(-1), int64_t(1) << 62})
      numbers_.push_back(k(number));
    kf(1.5);
    kf(-0.0);
    kbig("123456789012345678901234567890");
    constant({Constant::Kind::Decimal, 0, 0, "1.25"});
    constant({Constant::Kind::Bool, 1, 0, {}});
    constant({Constant::Kind::Null, 0, 0, {}});
    for (const char *name : {"MAP", "SORT", "KEYS", "LEN", "SUM", "RANGE", "PUT", "APPEND", "SET"})
      import(name);
    import("NONE", bytecode::Import::Kind::Host);
    layout({});
    layout({names_[0], names_[1]});
    layout({names_[0], names_[0], numbers_[1]});
    layout({bytecode::kComputedKey, names_[1]});
    path({});
    path({"a"});
    path({"a", "b"});
    path({"0"});
    path({""});
    path({"a", "", "0"});
    for (unsigned captures : {0u, 0u, 0u, 2u, 1u})
      captures_.push_back(captures);
  }

  unsigned computedKeys(uint32_t path) const {
    unsigned count = 0;
    for (const PathSegment &segment : program.paths[path].segments)
      count += segment.kind == PathSegment::Kind::Computed;
    return count;
  }
  unsigned layoutWindow(uint32_t layout) const {
    unsigned count = 0;
    for (uint32_t key : program.layouts[layout].keys)
      count += key == bytecode::kComputedKey ? 2 : 1;
    return count;
  }

  /// A register such that a window of `size` from it on lies in its class.
  uint16_t window(unsigned first, unsigned count, unsigned size) {
    return static_cast<uint16_t>(first + below(count - size + 1));
  }

  /// What the windows of one instruction need, found out from its other operands.
  struct Shape {
    uint32_t count, layout, path, function;
    unsigned variable;
  };

  int64_t operand(Role role, const Shape &shape, size_t functionIndex) {
    switch (role) {
    case Role::None:
    case Role::Label:
    case Role::Label16:
    case Role::WideLabel:
      return 0; // labels are filled in when all instructions have their place
    case Role::Def:
    case Role::Use:
    case Role::Take:
    case Role::UseDef:
      return below(kValues);
    case Role::DefCell:
    case Role::UseCell:
      return kFirstCell + below(kCells);
    case Role::DefIter:
    case Role::UseIter:
      return kFirstIterator + below(kIterators);
    case Role::Capture:
      return below(captures_[functionIndex]);
    case Role::Variable:
      return shape.variable == 0 ? kFirstCell + below(kCells) : below(captures_[functionIndex]);
    case Role::Const:
    case Role::WideConst:
      return below(program.constants.size());
    case Role::Name:
    case Role::WideName:
      return names_[below(names_.size())];
    case Role::OptName:
      return below(2) ? names_[below(names_.size())] : bytecode::kNoIndex;
    case Role::Function:
      return shape.function;
    case Role::OptFunction:
      return below(4) ? shape.function : bytecode::kNoIndex;
    case Role::Import:
      return below(program.imports.size());
    case Role::Layout:
      return shape.layout;
    case Role::Path:
      return shape.path;
    case Role::Count:
      return shape.count;
    case Role::Window:
      return window(0, kValues, shape.count);
    case Role::WindowCall:
      return window(0, kValues, shape.count + 1);
    case Role::WindowOfLayout:
      return window(0, kValues, layoutWindow(shape.layout));
    case Role::WindowOfCells:
      return window(kFirstCell, kCells, captures_[shape.function]);
    case Role::WindowKept:
      return window(0, kValues, computedKeys(shape.path));
    case Role::WindowOfPath1:
      return window(0, kValues, computedKeys(shape.path) + 1);
    case Role::WindowOfPath2:
      return window(0, kValues, computedKeys(shape.path) + 2);
    case Role::WindowOfPath3:
      return window(0, kValues, computedKeys(shape.path) + 3);
    case Role::Imm:
    case Role::KeyRule:
    case Role::IterKind:
    case Role::Negate:
      return below(2);
    case Role::PathOp:
      return below(3);
    case Role::TrapId:
      return below(kTraps.size());
    case Role::VarKind:
      return shape.variable;
    case Role::WideImm:
      return static_cast<int64_t>(below(5)) - 1;
    case Role::ResumePoint:
      return 0;
    }
    return 0;
  }

  bool mayUse(Op op, size_t functionIndex) const {
    bool capture = op == Op::CaptureGet || op == Op::CaptureSet || op == Op::CaptureRef;
    return op != Op::Ext && op != Op::Wait && (!capture || captures_[functionIndex] != 0);
  }

  bytecode::Function makeFunction(size_t index) {
    Fn fn(index == 0              ? FunctionKind::Transform
          : captures_[index] != 0 ? FunctionKind::Lambda
                                  : FunctionKind::Func,
          "f", kValues);
    for (unsigned i = 0; i < kCells; ++i)
      fn.cell();
    for (unsigned i = 0; i < kIterators; ++i)
      fn.iterator();
    if (index == 1)
      fn.function.params = {0, 1};
    if (index == 2)
      fn.function.params = {1, kFirstCell, 1};
    if (index == 3)
      fn.function.params = {0};
    fn.function.captures = static_cast<uint16_t>(captures_[index]);
    std::vector<FunctionAssembler::Label> places;
    struct Jump {
      size_t word;
      bool wide;
    };
    std::vector<Jump> jumps;
    const unsigned length = 5 + below(40);
    for (unsigned i = 0; i < length; ++i) {
      places.push_back(fn.here());
      Op op;
      do
        op = static_cast<Op>(below(bytecode::kOps.size()));
      while (!mayUse(op, index));
      const bytecode::OpInfo &row = bytecode::info(op);
      Shape shape{below(4), below(program.layouts.size()), below(program.paths.size()),
                  below(captures_.size()), captures_[index] == 0 ? 0 : below(2)};
      if (row.b == Role::WindowOfCells || row.ext == Role::Function)
        shape.function = 1 + below(captures_.size() - 1);
      auto field = [&](Role role) { return static_cast<unsigned>(operand(role, shape, index)); };
      bool wide = row.b >= Role::WideConst && row.b <= Role::WideLabel;
      fn.op(op, field(row.a), wide ? 0 : field(row.b), field(row.c), field(row.x));
      if (wide)
        fn.function.code.back().setWide(static_cast<int32_t>(operand(row.b, shape, index)));
      if (row.b == Role::WideLabel || row.c == Role::Label16)
        jumps.push_back({fn.function.code.size() - 1, row.b == Role::WideLabel});
      if (row.hasExt()) {
        fn.ext(operand(row.ext, shape, index));
        if (row.ext == Role::Label)
          jumps.push_back({fn.function.code.size() - 1, true});
      }
    }
    places.push_back(fn.here());
    fn.op(Op::RetNull);
    for (Jump jump : jumps) {
      auto to = fn.placeOf(places[below(places.size())]);
      auto distance = static_cast<int32_t>(to) - static_cast<int32_t>(jump.word) - 1;
      if (jump.wide)
        fn.function.code[jump.word].setWide(distance);
      else
        fn.function.code[jump.word].c = static_cast<uint16_t>(distance);
    }
    if (below(2)) {
      size_t begin = below(length / 2 + 1);
      fn.handler(places[begin], places[begin + 1 + below(length - begin)],
                 places[below(places.size())]);
    }
    return fn.finish();
  }

  Value makeInput() {
    const Value items[] = {Value::integer(1), heap.object(), heap.list()};
    Value made = heap.object();
    EXPECT_TRUE(runtime::setField(heap, *made.asObject(), "a", heap.list(items)));
    return made;
  }

  void buildAndRun(uint32_t seed) {
    random_.seed(seed);
    program.functions.clear();
    for (size_t i = 0; i < captures_.size(); ++i)
      program.functions.push_back(makeFunction(i));
    session = std::make_unique<Session>(program, heap);
    for (int pass = 0; pass < 2; ++pass) {
      context.input = makeInput();
      context.instructionsUsed = 0;
      (void)session->run({"", 0}, context);
      EXPECT_EQ(context.depth, 0u);
      for (const Value &value : context.outputs)
        EXPECT_FALSE(value.is(Tag::Unbound) || value.is(Tag::Cell) || value.is(Tag::Iterator));
      context.outputs.clear();
      context.input = Value();
      session->releaseValues();
      heap.reset(); // closures and cells may have formed cycles
    }
    session.reset();
  }

  std::mt19937 random_;
  std::vector<uint32_t> names_, numbers_;
  std::vector<uint32_t> captures_;
};

TEST_F(RandomPrograms, StayInBounds) {
  fillTables();
  context.limits.instructions = 20'000;
  context.limits.callDepth = 200;
  heap.setMemoryLimit(32 << 20);
  constexpr uint32_t kPrograms = 2'000;
  runOnStack(kLargeStack, [&] {
    for (uint32_t seed = 0; seed < kPrograms; ++seed)
      buildAndRun(seed);
  });
}

} // namespace
} // namespace branchline::vm
