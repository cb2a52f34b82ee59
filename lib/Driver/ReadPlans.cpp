// From the demand of a program to the plan of a reader.
#include "branchline/Driver/ReadPlans.h"

#include "branchline/Opt/Demand.h"

namespace branchline::driver {
namespace {

using Need = format::ReadPlan::Need;

format::ReadPlan planOf(const opt::Demand &demand, bool passesText) {
  format::ReadPlan plan;
  const bool onlyPassed = demand.passed && !demand.shallow && !demand.counted &&
                          demand.members.empty() && !demand.items;
  if (demand.empty()) {
    plan.need = Need::Nothing;
  } else if (onlyPassed && passesText) {
    plan.need = Need::Text;
  } else if (demand.whole || demand.passed) {
    plan.need = Need::Value; // text cannot be looked at
  } else {
    plan.need = Need::Parts;
    plan.scalars = demand.shallow;
    plan.counted = demand.counted;
    for (const auto &[key, member] : demand.members)
      plan.members.emplace(key, planOf(member, passesText));
    if (demand.items)
      plan.items = std::make_unique<format::ReadPlan>(planOf(*demand.items, passesText));
    else if (demand.counted)
      plan.items = std::make_unique<format::ReadPlan>(planOf({}, passesText));
  }
  return plan;
}

} // namespace

format::ReadPlan readPlanOf(const ir::Module &module, const ir::TransformEntry &transform,
                            bool passesText) {
  return planOf(opt::computeDemand(module, transform), passesText);
}

} // namespace branchline::driver
