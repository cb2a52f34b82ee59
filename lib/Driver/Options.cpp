// Small questions about the command line tables.
#include "branchline/Driver/Options.h"

#include "branchline/Support/Assert.h"

namespace branchline::driver {

/// Names alone: what engines are made of is not for every program that has a command line.
static constexpr auto kEngineNames = std::to_array<std::string_view>({
#define BL_ENGINE(Name, Text, ...) Text,
#include "branchline/Driver/Engines.def"
});

std::vector<std::string_view> choicesOf(const OptionInfo &option) {
  std::vector<std::string_view> choices;
  if (option.kind == OptionKind::Engine)
    choices.assign(kEngineNames.begin(), kEngineNames.end());
  if (option.kind == OptionKind::Engine)
    choices.push_back(kAllEngines);
  if (option.kind == OptionKind::Choice) {
    std::string_view rest = option.values;
    for (size_t bar; (bar = rest.find('|')) != std::string_view::npos; rest.remove_prefix(bar + 1))
      choices.push_back(rest.substr(0, bar));
    choices.push_back(rest);
  }
  return choices;
}

ProgramName programNameOf(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  if (name == "bl")
    return ProgramName::Bl;
  if (name == "blvm")
    return ProgramName::Blvm;
  return ProgramName::Blc;
}

std::string_view textOf(ProgramName name) {
  switch (name) {
  case ProgramName::Blc:
    return "blc";
  case ProgramName::Bl:
    return "bl";
  case ProgramName::Blvm:
    return "blvm";
  }
  BL_UNREACHABLE("program name");
}

std::string_view versionNumber() { return "v" BRANCHLINE_VERSION; }

std::string versionText() { return "Branchline CLI " + std::string(versionNumber()); }

} // namespace branchline::driver
