// Reads case files, one JSON object a line.
#include "Cases.h"

#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>

namespace branchline::conformance {
namespace {

using Json = nlohmann::ordered_json; // documents keep the order of their keys

Case readCase(const Json &json) {
  Case made;
  made.name = json.at("name").get<std::string>();
  made.rule = json.value("rule", "-");
  made.program = json.at("program").get<std::string>();
  if (json.contains("inputText"))
    made.input = json["inputText"].get<std::string>();
  else if (json.contains("input"))
    made.input = json["input"].dump();
  made.arguments = json.value("args", std::vector<std::string>());
  if (json.contains("expect")) {
    made.output = json["expect"].get<std::string>();
  } else {
    const Json &error = json.at("error");
    made.error.stage = error.at("stage").get<std::string>();
    if (!error.at("message").is_null())
      made.error.message = error["message"].get<std::string>();
  }
  return made;
}

} // namespace

std::optional<std::string> readCases(const std::string &path, std::vector<Case> &cases) {
  std::ifstream file(path);
  if (!file)
    return fmt::format("{}: cannot be read", path);
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos)
      continue;
    try {
      cases.push_back(readCase(Json::parse(line)));
    } catch (const Json::exception &error) {
      return fmt::format("{}:{}: {}", path, number, error.what());
    }
  }
  return std::nullopt;
}

} // namespace branchline::conformance
