// What a transform needs of its input: which members it reads, which ones only travel to its output
// as they are, and which ones nobody asks for. Readers can skip the last kind and copy the second
// one as text. An over-estimate: what cannot be followed counts as needed whole. Leaves out what is
// not the program's: contracts on the input, other transforms, the raw input's being well-formed,
// repeated keys.
#pragma once

#include "branchline/IR/Module.h"

#include <map>
#include <memory>
#include <string>

namespace branchline::opt {

/// What is needed of one place of the input, and of the places below it. A place without any mark
/// and without places below it is not asked for at all.
struct Demand {
  /// Everything: the value and all below it, as values.
  bool whole = false;
  /// The value goes to the output untouched, with all below it; only its text is needed.
  bool passed = false;
  /// Its kind, and its value unless it is a list or an object. An object's keys are looked at as
  /// far as `members` has them.
  bool shallow = false;
  /// The number of its items, entries or characters.
  bool counted = false;
  /// By key, of an object. A key that is missing here is not asked for.
  std::map<std::string, Demand, std::less<>> members;
  /// What is needed of every item, of a list that is gone through; null when none is.
  std::unique_ptr<Demand> items;

  /// Whether nothing of the place is needed.
  bool empty() const {
    return !whole && !passed && !shallow && !counted && members.empty() && !items;
  }
};

/// What a transform needs of its document, the members that it sees as variables included.
/// \param module     verified; finds more where passes left fewer variables and lambdas.
/// \param transform  of the module.
/// \complexity  O(size of the functions it can reach · places found) a round, few rounds
Demand computeDemand(const ir::Module &module, const ir::TransformEntry &transform);

/// One line per place, members in order of their keys: `.name: shallow`, `[]: whole`.
std::string printDemand(const Demand &demand);

} // namespace branchline::opt
