// Finds out what of the input a transform needs. Forwards, for every value the places of the input
// that it may be; then, for every use of a value, what that use needs of those places. Flow is
// ignored within a function; what gets into shared variables or other functions counts as needed
// whole, and so does every place beyond the bounds below.
#include "branchline/Opt/Demand.h"

#include "Edits.h"
#include "Effects.h"
#include "branchline/IR/Operands.h"

#include <algorithm>
#include <fmt/format.h>

namespace branchline::opt {
namespace {

using ir::Inst;
using ir::kNone;
using ir::Op;
using ir::Operand;
using ir::OperandKind;

using PlaceId = uint32_t;

constexpr unsigned kDeepest = 32;      // places below each other; programs walk lists of lists
constexpr size_t kMostPlaces = 10'000; // in all
constexpr size_t kMostAtOnce = 16;     // that one value may be

/// Marks of a place.
enum Mark : uint8_t { kWhole = 1, kPassed = 2, kShallow = 4, kCounted = 8 };

/// All places that anything was found out about.
class Places {
public:
  Places() { places_.emplace_back(); }

  static constexpr PlaceId kRoot = 0;

  /// \returns kNone when the place is not kept apart; its parent is then needed whole
  PlaceId member(PlaceId of, const std::string &key) {
    auto at = places_[of].members.find(key);
    if (at != places_[of].members.end())
      return at->second;
    PlaceId made = makeBelow(of);
    if (made != kNone)
      places_[of].members.emplace(key, made);
    return made;
  }
  PlaceId items(PlaceId of) {
    if (places_[of].items == kNone) {
      PlaceId made = makeBelow(of);
      places_[of].items = made;
    }
    return places_[of].items;
  }
  void mark(PlaceId place, uint8_t marks) { places_[place].marks |= marks; }

  Demand demand(PlaceId place) const { // as deep as kDeepest
    const Place &from = places_[place];
    Demand made;
    made.whole = from.marks & kWhole;
    if (made.whole) // which includes all the rest
      return made;
    made.passed = from.marks & kPassed;
    made.shallow = from.marks & kShallow;
    made.counted = from.marks & kCounted;
    for (const auto &[key, member] : from.members)
      if (Demand below = demand(member); !below.empty())
        made.members.emplace(key, std::move(below));
    if (from.items != kNone)
      if (Demand below = demand(from.items); !below.empty())
        made.items = std::make_unique<Demand>(std::move(below));
    return made;
  }

private:
  struct Place {
    std::map<std::string, PlaceId, std::less<>> members;
    PlaceId items = kNone;
    unsigned depth = 0;
    uint8_t marks = 0;
  };

  PlaceId makeBelow(PlaceId of) {
    if (places_[of].depth == kDeepest || places_.size() == kMostPlaces) {
      mark(of, kWhole);
      return kNone;
    }
    places_.emplace_back().depth = places_[of].depth + 1;
    return static_cast<PlaceId>(places_.size() - 1);
  }

  std::vector<Place> places_;
};

/// The places that one value may be, in order.
using PlaceSet = std::vector<PlaceId>;

/// One function of the program.
class FunctionDemand {
public:
  FunctionDemand(const ir::Module &module, const ir::Function &fn, Places &places)
      : module_(module), fn_(fn), places_(places), where_(definitions(fn)),
        values_(fn.valueKinds.size()), elements_(fn.valueKinds.size()), slots_(fn.slots.size()),
        carried_(fn.valueKinds.size(), true), held_(fn.valueKinds.size(), true),
        itemsCarried_(fn.valueKinds.size(), true), outgoing_(fn.valueKinds.size()) {}

  void run() {
    // Definitions before uses, then uses before definitions: few rounds suffice.
    std::vector<BlockId> order = Graph(fn_).order;
    for (changed_ = true; changed_;) {
      changed_ = false;
      for (BlockId block : order)
        for (const Inst &inst : fn_.blocks[block].insts)
          flow(inst);
    }
    std::reverse(order.begin(), order.end());
    for (changed_ = true; changed_;) {
      changed_ = false;
      for (BlockId block : order)
        for (auto inst = fn_.blocks[block].insts.rbegin(); inst != fn_.blocks[block].insts.rend();
             ++inst)
          settle(*inst);
    }
    for (const ir::Block &block : fn_.blocks)
      for (const Inst &inst : block.insts)
        need(inst);
  }

private:
  // --- Which places values are ---

  void add(PlaceSet &set, PlaceId place) {
    if (place == kNone)
      return;
    auto at = std::lower_bound(set.begin(), set.end(), place);
    if (at != set.end() && *at == place)
      return;
    if (set.size() == kMostAtOnce) {
      places_.mark(place, kWhole);
      return;
    }
    set.insert(at, place);
    changed_ = true;
  }
  void addAll(PlaceSet &set, const PlaceSet &more) {
    for (size_t i = 0; i < more.size(); ++i) // may be the same set
      add(set, more[i]);
  }

  bool isPlain(Operand variable) const {
    return variable.kind == OperandKind::Local && !fn_.slots[variable.index].cell;
  }
  /// What goes into variables that others see is not followed.
  void store(Operand variable, const PlaceSet &from) {
    if (isPlain(variable))
      addAll(slots_[variable.index], from);
    else
      markAll(from, kWhole);
  }
  std::vector<Operand> chain(const Inst &inst) const {
    std::vector<Operand> variables;
    for (Operand operand : inst.operands)
      if (operand.kind == OperandKind::Local || operand.kind == OperandKind::Capture)
        variables.push_back(operand);
    return variables;
  }
  const PlaceSet &operand(const Inst &inst, size_t index) const {
    return values_[inst.operands[index].index];
  }

  /// The text of a constant operand or constant value that is a string.
  const std::string *text(Operand of) const {
    const ir::Constant *constant = of.kind == OperandKind::Const
                                       ? &module_.constants[of.index]
                                       : constantOf(module_, definingInst(fn_, where_, of.index));
    return constant && constant->kind == ir::Constant::Kind::String ? &constant->text : nullptr;
  }

  void addMembers(PlaceSet &set, const PlaceSet &of, const std::string &key) {
    for (size_t i = 0; i < of.size(); ++i)
      add(set, places_.member(of[i], key));
  }

  static bool isGet(const Inst &inst) {
    return inst.op == Op::CallLib && static_cast<Builtin>(inst.operands[0].index) == Builtin::GET &&
           (inst.operands.size() == 3 || inst.operands.size() == 4);
  }

  void flow(const Inst &inst) {
    switch (inst.op) {
    case Op::InputDoc:
      return add(values_[inst.result], Places::kRoot);
    case Op::InputGet:
      return addMembers(values_[inst.result], {Places::kRoot}, *text(inst.operands[0]));
    case Op::GetName:
    case Op::GetKey:
      if (const std::string *key = text(inst.operands[1]))
        addMembers(values_[inst.result], operand(inst, 0), *key);
      return;
    case Op::CallLib:
      if (!isGet(inst))
        return;
      if (const std::string *key = text(inst.operands[2])) {
        addMembers(values_[inst.result], operand(inst, 1), *key);
        if (inst.operands.size() == 4)
          addAll(values_[inst.result], operand(inst, 3));
      }
      return;
    case Op::IterNew:
      addAll(values_[inst.result], operand(inst, 1));
      return addAll(elements_[inst.result], elements_[inst.operands[1].index]);
    case Op::ListNew:
      for (size_t i = 0; i < inst.operands.size(); ++i)
        addAll(elements_[inst.result], operand(inst, i));
      return;
    case Op::ListPush:
      return addAll(elements_[inst.operands[0].index], operand(inst, 1));
    case Op::VarGet:
    case Op::VarGetOr:
    case Op::VarRead:
      for (Operand variable : chain(inst))
        if (isPlain(variable))
          addAll(values_[inst.result], slots_[variable.index]);
      if (inst.op == Op::VarGetOr)
        addAll(values_[inst.result], values_[inst.operands.back().index]);
      return;
    case Op::VarBind:
    case Op::VarLet:
    case Op::VarWrite:
      for (Operand variable : chain(inst))
        store(variable, values_[inst.operands.back().index]);
      return;
    default:
      if (std::optional<ValueId> same = passedThrough(inst)) {
        addAll(values_[inst.result], values_[*same]);
        return addAll(elements_[inst.result], elements_[*same]);
      }
      if (ir::info(inst.op).isTerminator())
        flowAlongEdges(inst);
      return;
    }
  }

  void flowAlongEdges(const Inst &inst) {
    for (const EdgeRef &edge : EdgeRefs(inst)) {
      const auto &params = fn_.blocks[inst.operands[edge.at].index].params;
      size_t param = 0;
      if (edge.suppliesFirst) {
        if (inst.op == Op::IterNext) {
          for (size_t i = 0; i < operand(inst, 0).size(); ++i)
            add(values_[params[0]], places_.items(operand(inst, 0)[i]));
          addAll(values_[params[0]], elements_[inst.operands[0].index]);
        }
        ++param;
      }
      for (Operand argument : edgeArgs(inst, edge)) {
        addAll(values_[params[param]], values_[argument.index]);
        addAll(elements_[params[param++]], elements_[argument.index]);
      }
    }
  }

  // --- What only travels to the output ---
  //
  // A value is carried when all that happens to it is that it is put into an output, perhaps inside
  // of other carried values. A list that the function makes is held when it is carried, measured or
  // gone through; its items then are followed. From the greatest assumption downwards: everything
  // is both until a use says otherwise.

  /// Whether a value made here may go into a list without its contents being looked at: of what is
  /// taken out again nobody knows which value it was.
  bool takesIn(ValueId list) const { return held_[list] && itemsCarried_[list]; }

  /// Whether a use puts the value into an output or into something that goes there.
  static bool isOutgoingUse(const Inst &inst, size_t index) {
    return inst.op == Op::OutputAdd || inst.op == Op::OutputEmit || inst.op == Op::ListNew ||
           (inst.op == Op::ObjectNew && index % 2 == 1) || (inst.op == Op::ListPush && index == 1);
  }
  /// Whether a use tells at most the kind of a value made here.
  static bool isHarmlessUse(const Inst &inst) {
    return inst.op == Op::Truth || inst.op == Op::Not || inst.op == Op::LibTruth ||
           inst.op == Op::BrIf || inst.op == Op::BrNull;
  }
  static bool isMeasured(const Inst &inst) {
    if (inst.op != Op::CallLib || inst.operands.size() != 2)
      return false;
    auto builtin = static_cast<Builtin>(inst.operands[0].index);
    return builtin == Builtin::LENGTH || builtin == Builtin::COUNT;
  }

  bool carries(const Inst &inst, size_t index) const {
    if (!isOutgoingUse(inst, index))
      return isHarmlessUse(inst);
    switch (inst.op) {
    case Op::ObjectNew:
      return carried_[inst.result];
    case Op::ListNew:
      return takesIn(inst.result);
    case Op::ListPush:
      return takesIn(inst.operands[0].index);
    default:
      return true;
    }
  }
  bool holds(const Inst &inst, size_t index) const {
    return carries(inst, index) || inst.op == Op::ListPush || inst.op == Op::IterNew ||
           inst.op == Op::IterNext || isMeasured(inst) ||
           (inst.op == Op::ListCheck && held_[inst.result]);
  }

  void assume(std::vector<bool> &flags, ValueId value, bool stays) {
    if (stays || !flags[value])
      return;
    flags[value] = false;
    changed_ = true;
  }

  void settle(const Inst &inst) {
    for (size_t i = 0; i < inst.operands.size(); ++i) {
      Operand use = inst.operands[i];
      if (use.kind != OperandKind::Value && use.kind != OperandKind::PathKey)
        continue;
      assume(carried_, use.index, carries(inst, i));
      // Pushing into a list is holding the list, but not what is pushed.
      bool isPushed = inst.op == Op::ListPush && i == 1;
      assume(held_, use.index, isPushed ? carries(inst, i) : holds(inst, i));
      if (inst.op == Op::IterNew || inst.op == Op::ListCheck)
        assume(itemsCarried_, use.index, itemsCarried_[inst.result]);
      bool isOut = isOutgoingUse(inst, i) || (inst.op == Op::ListCheck && outgoing_[inst.result]);
      changed_ = changed_ || (isOut && !outgoing_[use.index]);
      outgoing_[use.index] = outgoing_[use.index] || isOut;
    }
    if (ir::info(inst.op).isTerminator())
      settleEdges(inst);
  }

  void settleEdges(const Inst &inst) {
    for (const EdgeRef &edge : EdgeRefs(inst)) {
      const auto &params = fn_.blocks[inst.operands[edge.at].index].params;
      size_t param = 0;
      if (edge.suppliesFirst) {
        ValueId item = params[param++];
        if (inst.op == Op::IterNext)
          assume(itemsCarried_, inst.operands[0].index, carried_[item]);
      }
      for (Operand argument : edgeArgs(inst, edge)) {
        ValueId to = params[param++];
        assume(carried_, argument.index, carried_[to]);
        assume(held_, argument.index, held_[to]);
        assume(itemsCarried_, argument.index, itemsCarried_[to]);
        changed_ = changed_ || (outgoing_[to] && !outgoing_[argument.index]);
        outgoing_[argument.index] = outgoing_[argument.index] || outgoing_[to];
      }
    }
  }

  // --- What uses need ---

  void markAll(const PlaceSet &set, uint8_t marks) {
    for (PlaceId place : set)
      places_.mark(place, marks);
  }

  void need(const Inst &inst) {
    if (inst.op == Op::InputGet)
      places_.mark(Places::kRoot, kShallow);
    if (inst.op == Op::Suspend) // the state of the run is stored, with whatever is still alive
      places_.mark(Places::kRoot, kWhole);
    if (inst.op == Op::ModifyPath) // the root it reads is in the variable itself
      for (Operand variable : chain(inst))
        if (isPlain(variable))
          markAll(slots_[variable.index], kWhole);
    if (inst.op == Op::OutputEmit) { // a list is taken apart (R2.11.11)
      markAll(operand(inst, 0), kShallow);
      for (PlaceId place : PlaceSet(operand(inst, 0)))
        if (PlaceId items = places_.items(place); items != kNone)
          places_.mark(items, kPassed);
    }
    for (size_t i = 0; i < inst.operands.size(); ++i)
      if (OperandKind kind = inst.operands[i].kind;
          kind == OperandKind::Value || kind == OperandKind::PathKey)
        markAll(operand(inst, i), marksOf(inst, i));
  }

  /// What an instruction needs of the value in one of its operands. What a path says about its
  /// result is needed where that is used.
  uint8_t marksOf(const Inst &inst, size_t index) const {
    if (isOutgoingUse(inst, index))
      return marksOfMember(inst);
    switch (inst.op) {
    case Op::GetName:
      return kShallow;
    case Op::GetKey:
      return index == 0 && text(inst.operands[1]) ? kShallow : kWhole;
    case Op::Truth:
    case Op::Not:
    case Op::LibTruth:
    case Op::BrIf:
    case Op::BrNull:
    case Op::IsBound:
    case Op::OrNull:
    case Op::RequireBound:
    case Op::ListCheck:
    case Op::ListPush: // of the list itself
    case Op::AppendList:
    case Op::PathRoot:
    case Op::CalleeCheck:
    case Op::InitCheck:
    case Op::AbortCheck:
    case Op::KeyCheck:
      return kShallow;
    case Op::IterNew:
      return kShallow | kCounted; // there are as many turns as items
    case Op::IterNext:
      return 0; // the iterator
    case Op::VarBind:
    case Op::VarLet:
    case Op::VarWrite:
    case Op::VarGetOr:
      return 0; // followed, or marked when it was stored
    case Op::Ret:
      return fn_.kind == ir::FunctionKind::Transform ? 0 : kWhole; // R2.1.3
    case Op::CallLib:
      return marksOfLibrary(inst, index);
    default:
      return kWhole;
    }
  }

  /// What is needed of a value that becomes a member of another, or an output itself.
  uint8_t marksOfMember(const Inst &inst) const {
    if (inst.op == Op::OutputAdd || inst.op == Op::OutputEmit)
      return kPassed;
    if (inst.op == Op::ObjectNew)
      return carried_[inst.result] ? kPassed : kWhole;
    ValueId list = inst.op == Op::ListNew ? inst.result : inst.operands[0].index;
    if (!held_[list])
      return kWhole;
    return outgoing_[list] ? kPassed : 0; // the items are followed
  }

  uint8_t marksOfLibrary(const Inst &inst, size_t index) const {
    switch (static_cast<Builtin>(inst.operands[0].index)) {
    case Builtin::LENGTH:
    case Builtin::COUNT:
      return inst.operands.size() == 2 ? kShallow | kCounted : kWhole;
    case Builtin::IS_OBJECT:
    case Builtin::IS_FUNCTION:
    case Builtin::BOOLEAN:
      return inst.operands.size() == 2 ? kShallow : kWhole;
    case Builtin::GET:
      if (!isGet(inst) || !text(inst.operands[2]))
        return kWhole;
      return index == 1 ? kShallow : 0; // the default is followed
    default:
      return kWhole;
    }
  }

  const ir::Module &module_;
  const ir::Function &fn_;
  Places &places_;
  std::vector<Definition> where_;
  std::vector<PlaceSet> values_;   // by value
  std::vector<PlaceSet> elements_; // by value: what the items of a list made here are
  std::vector<PlaceSet> slots_;    // by slot
  std::vector<bool> carried_;      // by value, see above
  std::vector<bool> held_;
  std::vector<bool> itemsCarried_; // of the list: what is taken out of it is carried
  std::vector<bool> outgoing_;     // whether a use of it puts it into something
  bool changed_ = false;
};

/// The functions whose code a run of one of them may reach, itself first.
std::vector<ir::FunctionId> reachedFrom(const ir::Module &module, ir::FunctionId first) {
  std::vector<bool> seen(module.functions.size());
  std::vector<ir::FunctionId> reached{first};
  seen[first] = true;
  for (size_t i = 0; i < reached.size(); ++i)
    for (const ir::Block &block : module.functions[reached[i]].blocks)
      for (const Inst &inst : block.insts)
        for (Operand operand : inst.operands)
          if (operand.kind == OperandKind::Function && operand.index != kNone &&
              !seen[operand.index]) {
            seen[operand.index] = true;
            reached.push_back(operand.index);
          }
  return reached;
}

// --- Printing ------------------------------------------------------------------------------------

std::string keyText(std::string_view key) {
  bool isBare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (isBare)
    return std::string(key);
  std::string text = "\"";
  for (char c : key) {
    if (c == '"' || c == '\\')
      text += fmt::format("\\{}", c);
    else if (static_cast<unsigned char>(c) < ' ' || c == 0x7F)
      text += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      text += c;
  }
  return text + "\"";
}

std::string marksText(const Demand &demand) {
  std::string text;
  auto add = [&](bool is, std::string_view word) {
    if (is)
      text += fmt::format("{}{}", text.empty() ? " " : ", ", word);
  };
  add(demand.whole, "whole");
  add(demand.passed, "passed");
  add(demand.shallow, "shallow");
  add(demand.counted, "counted");
  add(demand.empty(), "nothing");
  return text;
}

void printPlace(const Demand &demand, std::string_view name, size_t depth, std::string &out) {
  out += fmt::format("{:{}}{}:{}\n", "", 2 * depth, name, marksText(demand));
  for (const auto &[key, member] : demand.members)
    printPlace(member, "." + keyText(key), depth + 1, out);
  if (demand.items)
    printPlace(*demand.items, "[]", depth + 1, out);
}

} // namespace

Demand computeDemand(const ir::Module &module, const ir::TransformEntry &transform) {
  Places places;
  for (ir::FunctionId id : reachedFrom(module, transform.function))
    FunctionDemand(module, module.functions[id], places).run();
  return places.demand(Places::kRoot);
}

std::string printDemand(const Demand &demand) {
  std::string out;
  printPlace(demand, "input", 0, out);
  return out;
}

} // namespace branchline::opt
