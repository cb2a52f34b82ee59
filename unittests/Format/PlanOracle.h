// What is left of a value under a read plan, as compact text. A value that was read whole and one
// that was read by the plan must give the same text.
#pragma once

#include "branchline/Format/JsonWriter.h"
#include "branchline/Format/ReadPlan.h"
#include "branchline/Runtime/Objects.h"

#include <string>

namespace branchline::format {

inline void appendPruned(std::string &out, const runtime::Value &value, const ReadPlan &plan) {
  using Need = ReadPlan::Need;
  const bool scalar = !value.isList() && !value.isObject();
  if (plan.need == Need::Nothing || (plan.need == Need::Parts && scalar && !plan.scalars)) {
    out += "null";
    return;
  }
  if (plan.need != Need::Parts || scalar) {
    JsonWriteOptions options;
    options.format = JsonFormat::Compact;
    options.maxBytes = size_t(16) << 20; // decimals may grow a million times
    if (!writeJson(out, value, options))
      out += "<not written>";
    return;
  }
  static const ReadPlan kNothing{ReadPlan::Need::Nothing, false, false, {}, nullptr};
  bool first = true;
  auto separate = [&] {
    out += first ? "" : ",";
    first = false;
  };
  if (value.isList()) {
    out += '[';
    for (const runtime::Value &item : value.list()->items())
      if (plan.counted) {
        separate();
        appendPruned(out, item, plan.items ? *plan.items : kNothing);
      }
    out += ']';
    return;
  }
  out += '{';
  const runtime::ObjectObject &object = *value.asObject();
  for (uint32_t i = 0; i < object.size; ++i) {
    const auto member = plan.members.find(runtime::keyAt(object, i).text());
    if (member == plan.members.end() && !plan.counted)
      continue;
    separate();
    out += std::string(runtime::keyAt(object, i).text()) + ":";
    appendPruned(out, runtime::valueAt(object, i),
                 member != plan.members.end() ? member->second : kNothing);
  }
  out += '}';
}

inline std::string prunedText(const runtime::Value &value, const ReadPlan &plan) {
  std::string out;
  appendPruned(out, value, plan);
  return out;
}

} // namespace branchline::format
