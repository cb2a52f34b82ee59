// A place of a read plan as one reader sees it: with the keys that objects there have had so far.
#pragma once

#include "KeyTree.h"

#include "branchline/Format/ReadPlan.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace branchline::format {

/// Mirrors a ReadPlan; belongs to one reader.
class PlannedPlace {
public:
  /// \param plan  borrowed
  PlannedPlace(runtime::Heap &heap, const ReadPlan &plan)
      : heap_(heap), plan_(plan), need_(plan.need) {
    for (const auto &[key, member] : plan.members)
      members_.emplace(key, std::make_unique<PlannedPlace>(heap, member));
    if (plan.items)
      items_ = std::make_unique<PlannedPlace>(heap, *plan.items);
  }
  PlannedPlace(const PlannedPlace &) = delete;
  PlannedPlace &operator=(const PlannedPlace &) = delete;

  const ReadPlan &plan() const { return plan_; }
  ReadPlan::Need need() const { return need_; }
  /// The keys of objects at this place.
  KeyTree &keys() {
    if (!keys_)
      keys_ = std::make_unique<KeyTree>(heap_, KeyTree::Kind::Planned, this);
    return *keys_;
  }

  /// The place of a key; null when nothing of it is needed.
  PlannedPlace *member(std::string_view key) const {
    const auto found = members_.find(key);
    return found != members_.end() ? found->second.get() : nullptr;
  }
  /// The place of every item; null when nothing of them is needed.
  PlannedPlace *items() const { return items_.get(); }

  /// Whether objects here are built whole: they have too many keys, or ever new ones.
  bool isWhole() const { return whole_; }
  void makeWhole() { whole_ = true; }

private:
  runtime::Heap &heap_;
  const ReadPlan &plan_;
  const ReadPlan::Need need_;     // of `plan_`: looked at for every value
  std::unique_ptr<KeyTree> keys_; // made for the first object
  std::map<std::string, std::unique_ptr<PlannedPlace>, std::less<>> members_;
  std::unique_ptr<PlannedPlace> items_;
  bool whole_ = false;
};

} // namespace branchline::format
