// Outputs one after another: inputs are worked on in order, so one is open at a time.
#include "ValueOutput.h"

#include "OutputFile.h"

#include "branchline/Lang/Errors.h"

#include <map>

namespace branchline::driver {
namespace {

/// `logs/a.ndjson.gz` → `a`.
std::string plainName(const std::string &input) {
  if (input == "-")
    return "stdin";
  std::string name = input.substr(input.rfind('/') + 1);
  for (std::string_view ending : {".gz", ".zst"})
    if (name.size() > ending.size() && name.ends_with(ending))
      name.resize(name.size() - ending.size());
  if (const size_t dot = name.rfind('.'); dot != std::string::npos && dot != 0)
    name.resize(dot);
  return name;
}

std::string fill(std::string pattern, const std::string &name) {
  for (size_t at = 0; (at = pattern.find("{}", at)) != std::string::npos; at += name.size())
    pattern.replace(at, 2, name);
  return pattern;
}

} // namespace

Expected<std::vector<std::string>, Error>
outputTargets(const std::string &path, const std::vector<std::string> &inputs, System &system) {
  if (!isOutputPattern(path)) {
    BL_TRY(std::string target, outputFileTarget(path, system));
    return std::vector<std::string>{std::move(target)};
  }
  std::vector<std::string> targets;
  std::map<std::string, std::string> inputOf; // by target
  for (const std::string &input : inputs) {
    BL_TRY(std::string target, outputFileTarget(fill(path, plainName(input)), system));
    const auto [other, isNew] = inputOf.emplace(target, input);
    if (!isNew)
      return Unexpected(error::make<error::Id::OutputNameTwice>(other->second, input, target));
    targets.push_back(std::move(target));
  }
  return targets;
}

Expected<void, Error> ValueOutput::open(uint32_t input, uint64_t keep, bool begun) {
  stream::SinkOptions options;
  options.mode = inPlace_ ? stream::SinkOptions::Mode::Append : stream::SinkOptions::Mode::Replace;
  options.keep = keep;
  target_ = targets_.size() == 1 ? 0 : input;
  begun_ = begun;
  BL_TRY(sink_, system_.openSink(targets_[target_], options));
  return {};
}

Expected<void, Error> ValueOutput::moveTo(uint32_t input) {
  while (targets_.size() != 1 && target_ != input) {
    BL_CHECK(complete());
    BL_CHECK(open(static_cast<uint32_t>(target_ + 1)));
  }
  return {};
}

Expected<void, Error> ValueOutput::write(std::string &text) {
  if (text.empty())
    return {};
  if (framing_ == ValueFraming::Array && !begun_)
    text.front() = '['; // in the place of the comma
  begun_ = true;
  return sink_->write(text);
}

Expected<void, Error> ValueOutput::flush() {
  if (!isStdout())
    return {};
  return sink_->flush();
}

Expected<void, Error> ValueOutput::writeEnd() {
  if (framing_ != ValueFraming::Array)
    return {};
  return sink_->write(begun_ ? "\n]\n" : "[]\n");
}

Expected<void, Error> ValueOutput::complete() {
  BL_CHECK(writeEnd());
  if (inPlace_)
    BL_CHECK(sink_->sync());
  return sink_->close();
}

Expected<void, Error> ValueOutput::close() {
  BL_CHECK(moveTo(static_cast<uint32_t>(targets_.size() - 1)));
  return complete();
}

void ValueOutput::breakOff() {
  if (sink_ && isStdout() && writeEnd())
    (void)sink_->flush(); // the failure under way is the one to report
}

} // namespace branchline::driver
