// What a program under construction has in scope, and how its pieces are chosen; the statements and
// expressions made of it are in ProgramGenerator.cpp. Private to the generator.
#pragma once

#include "ByteSource.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::fuzz {

/// What an expression is likely to give. Guesses: a generator that was always right would never
/// see an operand of the wrong kind.
enum class Kind : uint8_t { Number, Text, Truth, List, Object, Any, Function };

struct Variable {
  std::string name;
  Kind kind;
};

struct Func {
  std::string name;
  unsigned params;
  bool recursive; // the first argument counts down
};

/// Variables by block. A mark is the number of variables outside.
class Scope {
public:
  size_t mark() const { return variables_.size(); }
  void close(size_t mark) { variables_.resize(mark); }
  const std::vector<Variable> &all() const { return variables_; }
  void add(std::string name, Kind kind) { variables_.push_back({std::move(name), kind}); }

  /// A variable that is likely to hold such a value, if there is one.
  std::optional<Variable> find(ByteSource &bytes, Kind kind) const {
    std::vector<const Variable *> fitting;
    for (const Variable &variable : variables_)
      if (kind == Kind::Any || variable.kind == kind)
        fitting.push_back(&variable);
    if (fitting.empty())
      return std::nullopt;
    return *fitting[fitting.size() - 1 - bytes.pick(fitting.size() > 250 ? 250 : fitting.size())];
  }

  /// A name for a LET: of few, so that activations and blocks share names, but none that is taken.
  std::string newName(ByteSource &bytes) {
    static constexpr std::array<std::string_view, 12> kNames = {"a", "b",   "c",  "x", "y", "n",
                                                                "s", "acc", "xs", "o", "f", "t"};
    std::string name(bytes.of(kNames));
    if (!isTaken(name))
      return name;
    do
      name = "v" + std::to_string(next_++);
    while (isTaken(name));
    return name;
  }

private:
  bool isTaken(std::string_view name) const {
    for (const Variable &variable : variables_)
      if (variable.name == name)
        return true;
    return false;
  }

  std::vector<Variable> variables_;
  unsigned next_ = 0;
};

} // namespace branchline::fuzz
