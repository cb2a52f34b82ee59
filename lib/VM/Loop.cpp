// The dispatch loop: threaded code over the opcode table. A handler does the common case of its
// instruction and leaves the rest to a function of the machine; a row of Opcodes.def without
// handler does not compile.
//
// Longer than other files because the handlers must share one function.
#include "Machine.h"

#include "Fast.h"

#include "branchline/Runtime/Ops.h"

// Labels as values are an extension of both compilers we support.
#pragma GCC diagnostic ignored "-Wpedantic"

namespace branchline::vm {

// `pc` is behind the instruction word while a handler runs, before an extension word.
#define W (pc[-1])
#define A (base[W.a])
#define B (base[W.b])
#define C (base[W.c])
#define KB (constants_[W.b])
#define KC (constants_[W.c])

#define NEXT                                                                                       \
  do {                                                                                             \
    const uint8_t next = pc->op;                                                                   \
    ++pc;                                                                                          \
    goto *kTargets[next];                                                                          \
  } while (false)

#define NEXT_AFTER_EXT                                                                             \
  do {                                                                                             \
    ++pc;                                                                                          \
    NEXT;                                                                                          \
  } while (false)

// Jumps relative to the next instruction, which is `skip` words on. Backward jumps are counted.
#define JUMP(offset, skip)                                                                         \
  do {                                                                                             \
    const int32_t distance = (offset);                                                             \
    if (distance < 0) {                                                                            \
      fuel_ += distance;                                                                           \
      if (fuel_ < 0) [[unlikely]] {                                                                \
        if (!refuel(TierUp::Place::Loop))                                                          \
          goto failed;                                                                             \
        pc += distance + (skip);                                                                   \
        goto aroundLoop;                                                                           \
      }                                                                                            \
    }                                                                                              \
    pc += distance + (skip);                                                                       \
    NEXT;                                                                                          \
  } while (false)

#define SHORT static_cast<int16_t>(W.c)

// The whole instruction is a function of the machine.
#define CALL(Name, function)                                                                       \
  op##Name : if (!function(pc - 1, base)) [[unlikely]] goto failed;                                \
  NEXT;
#define CALL_EXT(Name, function)                                                                   \
  op##Name : if (!function(pc - 1, base)) [[unlikely]] goto failed;                                \
  NEXT_AFTER_EXT;
#define CALL_END(Name, function)                                                                   \
  op##Name : function(pc - 1, base);                                                               \
  goto failed;

#define ARITHMETIC(Name, Operator, left, right)                                                    \
  op##Name : if (!fastArithmetic<BinaryOp::Operator>(A, left, right)) [[unlikely]] {               \
    if (!arithmetic<BinaryOp::Operator>(A, left, right)) [[unlikely]]                              \
      goto failed;                                                                                 \
  }                                                                                                \
  NEXT;

#define COMPARE(Name, Operator)                                                                    \
  op##Name : {                                                                                     \
    int truth = fastCompare<BinaryOp::Operator>(B, C);                                             \
    if (truth < 0) [[unlikely]] {                                                                  \
      truth = comparison<BinaryOp::Operator>(B, C);                                                \
      if (truth < 0) [[unlikely]]                                                                  \
        goto failed;                                                                               \
    }                                                                                              \
    putBool(A, truth != 0);                                                                        \
    NEXT;                                                                                          \
  }

#define COMPARE_AND_BRANCH(Name, Operator, right)                                                  \
  op##Name : {                                                                                     \
    int truth = fastCompare<BinaryOp::Operator>(A, right);                                         \
    if (truth < 0) [[unlikely]] {                                                                  \
      truth = comparison<BinaryOp::Operator>(A, right);                                            \
      if (truth < 0) [[unlikely]]                                                                  \
        goto failed;                                                                               \
    }                                                                                              \
    if (truth != W.x)                                                                              \
      JUMP(SHORT, 0);                                                                              \
    NEXT;                                                                                          \
  }

#define MEMBER(Name)                                                                               \
  op##Name : {                                                                                     \
    const Value &from = B;                                                                         \
    NameCache &cache = code->names[pc - 1 - code->begin];                                          \
    if (from.isObject() && from.asObject()->shape == cache.shape) [[likely]] {                     \
      if (cache.slot != runtime::kNoSlot)                                                          \
        putCopy(A, from.asObject()->values[cache.slot]);                                           \
      else                                                                                         \
        putNull(A);                                                                                \
      NEXT;                                                                                        \
    }                                                                                              \
    if (!member(pc - 1, base, cache)) [[unlikely]]                                                 \
      goto failed;                                                                                 \
    NEXT;                                                                                          \
  }

#define BRANCH(Name, condition)                                                                    \
  op##Name : if (condition) JUMP(W.wide(), 0);                                                     \
  NEXT;

namespace {

inline bool truthOf(const Value &value) {
  return value.isBool() ? value.asBool() : runtime::truthy(value);
}

inline bool isNullish(const Value &value) { return value.isNull() || value.isUnbound(); }

inline Value &cellOf(const Value &reg) { return reg.object<runtime::CellObject>()->value; }

inline runtime::CellObject *capture(const Value *base, uint32_t index) {
  return base[-1].object<runtime::FunctionObject>()->cells()[index];
}

} // namespace

/// Runs the innermost activation to its end. \returns true with the value in `result_`, or false
/// with the trap in `trap_` when no handler took it; the activation is gone either way
bool Machine::loop() {
  static const void *const kTargets[] = {
#define BL_OP(Name, Mnemonic, X, A_, B_, C_, Ext, Effects, Rule, Doc) &&op##Name,
#include "branchline/Bytecode/Opcodes.def"
  };

  const Code *code = top_->code;
  Value *base = top_->base;
  const Word *pc = code->begin;
  const Code *callee = nullptr; // of the call under way: function, arguments, closure
  Value *arguments = nullptr;
  Value *closure = nullptr;
  Bits returned{};
  NEXT;

  // --- Loads and moves ---
opLoadConst:
  putCopy(A, constants_[W.wide()]);
  NEXT;
opLoadInt:
  putInt(A, W.wide());
  NEXT;
opLoadNull:
opDrop:
  putNull(A);
  NEXT;
opLoadBool:
  putBool(A, W.x != 0);
  NEXT;
opLoadUnbound:
  putUnbound(A);
  NEXT;
opMove:
opCellRef:
  putCopy(A, B);
  NEXT;
opTake: {
  // Unlike a consumed window, an unbound register stays what it was: variables move too.
  const Bits moved = bitsOf(B);
  setHead(B, headOf(Tag::Null));
  putBits(A, moved);
  NEXT;
}
opOrNull:
  putCopy(A, known(B));
  NEXT;
opInputDoc:
  putCopy(A, context_->input);
  NEXT;
  CALL(InputGet, inputGet)
  CALL(SharedHandle, sharedHandle)

  // --- Variables shared with closures ---
opCellGet:
  putCopy(A, cellOf(B));
  NEXT;
opCellSet:
  putCopy(cellOf(A), B);
  NEXT;
opCellReset:
  putUnbound(cellOf(A));
  NEXT;
opCaptureGet:
  putCopy(A, capture(base, W.b)->value);
  NEXT;
opCaptureSet:
  putCopy(capture(base, W.a)->value, B);
  NEXT;
opCaptureRef: {
  runtime::CellObject *cell = capture(base, W.b);
  ++cell->refs;
  putValue(A, Value::adopt(cell));
  NEXT;
}

  // --- Operators ---
  ARITHMETIC(Add, Add, B, C)
  ARITHMETIC(Sub, Sub, B, C)
  ARITHMETIC(Mul, Mul, B, C)
  ARITHMETIC(Div, Div, B, C)
  ARITHMETIC(IDiv, IDiv, B, C)
  ARITHMETIC(Rem, Rem, B, C)
  ARITHMETIC(AddConst, Add, B, KC)
  ARITHMETIC(SubConst, Sub, B, KC)
  ARITHMETIC(MulConst, Mul, B, KC)
  ARITHMETIC(DivConst, Div, B, KC)
  ARITHMETIC(IDivConst, IDiv, B, KC)
  ARITHMETIC(RemConst, Rem, B, KC)
  ARITHMETIC(ConstSub, Sub, KB, C)
  CALL(Neg, negate)
  CALL(Concat, concat)
  COMPARE(Eq, Eq)
  COMPARE(Ne, Ne)
  COMPARE(Lt, Lt)
  COMPARE(Le, Le)
  COMPARE(Gt, Gt)
  COMPARE(Ge, Ge)
opTruth:
  putBool(A, truthOf(B));
  NEXT;
opNot:
  putBool(A, !truthOf(B));
  NEXT;
opLibTruth:
  putBool(A, runtime::libraryTruthy(known(B)));
  NEXT;
  CALL(ListCheck, listCheck)
  CALL(SumStep, sumStep)

  // --- Containers ---
  CALL(ListNew, listNew)
opListPush: {
  const Value &list = A;
  if (list.isList() && list.isUnique()) [[likely]] {
    runtime::ListObject &object = *list.list();
    // Not when `b` is the list itself, which would then hold itself.
    if (object.size < object.capacity && W.a != W.b) [[likely]] {
      setBits(object.data[object.size++], takeBits(B));
      NEXT;
    }
  }
  if (!listPush(pc - 1, base)) [[unlikely]]
    goto failed;
  NEXT;
}
  CALL(KeyCheck, keyCheck)
  CALL(ObjectNew, objectNew)
  MEMBER(GetName)
  MEMBER(GetText)
opGetIndex: {
  const Value &from = B;
  const Value &index = KC;
  if (from.isList() && index.isInt() && static_cast<uint64_t>(index.asInt()) < from.list()->size)
      [[likely]] {
    putCopy(A, from.list()->data[index.asInt()]);
    NEXT;
  }
  if (!getIndex(pc - 1, base)) [[unlikely]]
    goto failed;
  NEXT;
}
opGetKey: {
  const Value &from = B;
  const Value &index = C;
  if (from.isList() && index.isInt() && static_cast<uint64_t>(index.asInt()) < from.list()->size)
      [[likely]] {
    putCopy(A, from.list()->data[index.asInt()]);
    NEXT;
  }
  if (!getKey(pc - 1, base)) [[unlikely]]
    goto failed;
  NEXT;
}

  // --- Path writes ---
  CALL(PathRoot, pathRoot)
  CALL(PathCheck, pathCheck)
  CALL(PathLeaf, pathLeaf)
  CALL(PathSet, pathSet)
  CALL(PathAppend, pathAppend)
  CALL_EXT(PathModify, pathModify)
  CALL(AppendList, appendList)
  CALL(InitCheck, initCheck)
  CALL(CellPathSet, cellPathSet)
  CALL(CellPathAppend, cellPathAppend)
  CALL_EXT(CellPathModify, cellPathModify)

  // --- Calls ---
  CALL(ClosureNew, closureNew)
opCalleeCheck:
  if (!A.isFunction()) [[unlikely]] {
    notCallable();
    goto failed;
  }
  NEXT;
  CALL_EXT(CalleeFind, calleeFind)
opCall:
  closure = &B;
  callee = codeOf(*closure);
  if (!callee) [[unlikely]] {
    notCallable();
    goto failed;
  }
  arguments = closure + 1;
  top_->pc = pc;
  goto call;
opCallFunc:
  callee = codes_ + pc->wide();
  if (callee->captures != 0) [[unlikely]] {
    notCallable();
    goto failed;
  }
  closure = nullptr;
  arguments = &B;
  top_->pc = pc + 1;
  goto call;
  CALL_EXT(CallLib, callLib)
  CALL_EXT(CallHost, callHost)

call: {
  if (context_->depth >= context_->limits.callDepth) [[unlikely]] {
    tooDeep();
    goto failed;
  }
  fuel_ -= callee->words;
  if (fuel_ < 0 && !refuel()) [[unlikely]]
    goto failed;
  Value *dest = &A;
  const uint32_t count = W.c;
  Value *frame = base + code->registers + 1; // room for the closure
  if (count <= callee->params && callee->direct && top_ + 1 != framesEnd_ &&
      static_cast<size_t>(stackEnd_ - base) > size_t(code->registers) + 1 + callee->registers)
      [[likely]] {
    FrameFlags flags = 0;
    if (closure) {
      setBits(frame[-1], takeBits(*closure));
      flags = kClosure;
    } else {
      --frame;
    }
    for (uint32_t i = 0; i < count; ++i)
      setBits(frame[i], takeBits(arguments[i]));
    *++top_ = {callee, frame, callee->begin, dest, flags};
  } else if (callee->elsewhere) {
    ++context_->depth;
    const bool ended = callElsewhere(*callee, {arguments, count}, closure, dest);
    --context_->depth;
    if (!ended) [[unlikely]]
      goto failed;
    pc = top_->pc;
    NEXT;
  } else if (!enter(*callee, arguments, count, closure, dest, 0)) {
    goto failed;
  }
  ++context_->depth;
  code = callee;
  base = top_->base;
  pc = code->begin;
  NEXT;
}

opRetNull:
  returned = {headOf(Tag::Null), 0};
  goto leaving;
opRet:
  returned = takeBits(A);
leaving:
  clearRegisters(base, code->registers);
  {
    Value *dest = top_->dest;
    const FrameFlags flags = top_->flags;
    if (flags & kClosure) {
      releaseCounted(base[-1]);
      setHead(base[-1], headOf(Tag::Unbound));
    }
    if (flags & ~kClosure) [[unlikely]] {
      if (!leave()) {
        putBits(*dest, returned);
        return true;
      }
    } else {
      --top_;
      --context_->depth;
    }
    code = top_->code;
    base = top_->base;
    pc = top_->pc;
    putBits(*dest, returned);
    NEXT;
  }

  // --- Output and the world ---
  CALL(OutputAdd, outputAdd)
  CALL(OutputEmit, outputEmit)
opOutputMark:
  putInt(A, static_cast<int64_t>(context_->outputs.size()));
  NEXT;
  CALL(OutputRewind, outputRewind)
  CALL(AbortCheck, abortCheck)
  CALL(SharedAwait, sharedAwait)
  CALL(SharedWrite, sharedWrite)
  CALL(Wait, wait)
opTracePoint:
  NEXT;
  CALL(ErrorCatch, errorCatch)

  // --- Iteration ---
  CALL(IterNew, iterNew)
opIterNext: {
  Value &iterator = A;
  if (iterator.isList()) [[likely]] {
    if (const Value *item = nextOfList(iterator)) {
      putCopy(B, *item);
      NEXT_AFTER_EXT;
    }
    JUMP(pc->wide(), 1);
  }
  if (!iterNext(iterator, B))
    JUMP(pc->wide(), 1);
  NEXT_AFTER_EXT;
}
opIterLoop: {
  Value &iterator = A;
  if (iterator.isList()) [[likely]] {
    const Value *item = nextOfList(iterator);
    if (item == nullptr)
      NEXT_AFTER_EXT;
    putCopy(B, *item);
    JUMP(pc->wide(), 1);
  }
  if (!iterNext(iterator, B))
    NEXT_AFTER_EXT;
  JUMP(pc->wide(), 1);
}
  CALL(RangeNew, rangeNew)
opRangeNext: {
  Value &iterator = A;
  int64_t number = 0;
  if (iterator.isInt()) [[likely]] {
    if (nextOfRange(iterator, number)) {
      putInt(B, number);
      NEXT_AFTER_EXT;
    }
    JUMP(pc->wide(), 1);
  }
  if (!iterNext(iterator, B))
    JUMP(pc->wide(), 1);
  NEXT_AFTER_EXT;
}
opRangeLoop: {
  Value &iterator = A;
  int64_t number = 0;
  if (iterator.isInt()) [[likely]] {
    if (!nextOfRange(iterator, number))
      NEXT_AFTER_EXT;
    putInt(B, number);
    JUMP(pc->wide(), 1);
  }
  if (!iterNext(iterator, B))
    NEXT_AFTER_EXT;
  JUMP(pc->wide(), 1);
}

  // --- Control ---
opBr:
  JUMP(W.wide(), 0);
  BRANCH(BrTrue, truthOf(A))
  BRANCH(BrFalse, !truthOf(A))
  BRANCH(BrNull, isNullish(A))
  BRANCH(BrNotNull, !isNullish(A))
  BRANCH(BrBound, !A.isUnbound())
  COMPARE_AND_BRANCH(BrEq, Eq, B)
  COMPARE_AND_BRANCH(BrLt, Lt, B)
  COMPARE_AND_BRANCH(BrLe, Le, B)
  COMPARE_AND_BRANCH(BrEqConst, Eq, KB)
  COMPARE_AND_BRANCH(BrLtConst, Lt, KB)
  COMPARE_AND_BRANCH(BrLeConst, Le, KB)
  COMPARE_AND_BRANCH(BrGtConst, Gt, KB)
  COMPARE_AND_BRANCH(BrGeConst, Ge, KB)
  CALL_END(Raise, raise)
  CALL_END(Rethrow, rethrow)
  CALL_END(Throw, throwValue)
  CALL_END(Suspend, suspend)
opExt:
  BL_UNREACHABLE("an extension word is not executed");

// The limits have been looked at; `pc` is where the loop goes on.
aroundLoop:
  switch (moveLoop(pc, returned)) {
  case Moved::No:
    NEXT;
  case Moved::Ended:
    goto leaving;
  case Moved::Failed: {
    // The trap has left this activation.
    const bool outermost = top_->flags & kNative;
    popFrame();
    if (outermost)
      return false;
    pc = top_->pc;
    goto failed;
  }
  }

failed:
  pc = unwind(pc);
  if (!pc)
    return false;
  code = top_->code;
  base = top_->base;
  NEXT;
}

} // namespace branchline::vm
