// What a program needs of a document, so that a reader can build that and no more. Leaves out: how
// that is found out (Opt/Demand.h), which documents are well-formed (a plan changes no verdict).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace branchline::format {

/// What is needed of one place of a document and of the places below it. Immutable once made; any
/// number of readers may share it.
struct ReadPlan {
  enum class Need : uint8_t {
    Nothing, ///< checked and skipped
    Text,    ///< goes to compact output untouched: read as Tag::JsonText where the text is already
             ///< as the writer would write it, else as a value
    Value,   ///< everything, as a value
    Parts,   ///< what the members below say
  };

  Need need = Need::Value;
  /// Parts: a value that is neither list nor object is kept; otherwise it is read as null.
  bool scalars = false;
  /// Parts: the number of items or entries counts. Lists keep all items and objects all keys, those
  /// that nobody needs with null as their value; otherwise lists are empty and objects have only
  /// the keys in `members`.
  bool counted = false;
  /// Parts, objects: by key.
  std::map<std::string, ReadPlan, std::less<>> members;
  /// Parts, lists: what is needed of every item; null: nothing.
  std::unique_ptr<ReadPlan> items;
};

} // namespace branchline::format
