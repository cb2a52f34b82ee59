// Statements and declarations; expressions are in ProgramGenerator-Expressions.cpp.
#include "ProgramGenerator.h"

#include "GeneratorImpl.h"

namespace branchline::fuzz {

std::string generateProgram(ByteSource &bytes) { return Generator(bytes).run(); }

std::string_view chooseInput(ByteSource &bytes) {
  static constexpr std::string_view kInputs[] = {
      R"({"n":5,"m":-3,"z":0,"f":2.5,"s":"text","t":"12","u":"é😀","b":true,"none":null,
          "big":123456789012345678901234567890,"xs":[3,1,2],"ys":[],"names":["b","a","é","a"],
          "mixed":[1,"x",null,{"a":1},[2],2.5,true],"o":{"a":{"n":1,"xs":[1]},"k":"v"},"empty":{},
          "rows":[{"q":2,"p":1.5,"k":"a","xs":[1,2]},{"q":0,"p":2,"k":"b","xs":[]},
                  {"q":-1,"p":0.5,"k":"a","xs":[7]}]})",
      R"({"n":2.5,"m":"3","z":null,"f":7,"s":["t"],"t":12,"b":"","xs":[1.5,2,"3"],"ys":null,
          "names":[],"mixed":[],"o":{"a":[1],"k":{}},"rows":[{"q":1,"p":"x"},null,{"q":{}}]})",
      R"([1,2,{"n":3}])", R"({})"};
  return bytes.of(kInputs);
}

std::string Generator::run() {
  for (unsigned count = bytes_.pick(4); count > 0; --count)
    addFunc();
  out_ += "TRANSFORM T {\n";
  inTransform_ = true;
  scope_.add("input", Kind::Object);
  statements(2 + bytes_.pick(7), kDepth);
  line("OUTPUT " + outcome());
  out_ += "}\n";
  return std::move(out_);
}

/// What the variables hold in the end.
std::string Generator::outcome() {
  std::string made = "[";
  for (const Variable &variable : scope_.all())
    if (variable.kind != Kind::Function && variable.name != "input")
      made += variable.name + ", ";
  return made + expr(Kind::Any, 1) + "]";
}

void Generator::addFunc() {
  Func func{"fn" + std::to_string(funcs_.size()), bytes_.pick(4), bytes_.onceIn(3)};
  if (func.recursive)
    func.params = std::max(func.params, 1u);
  Scope outer = std::exchange(scope_, {});
  std::string header = "FUNC " + func.name + "(";
  for (unsigned i = 0; i < func.params; ++i) {
    std::string name(1, static_cast<char>('p' + i));
    header += (i > 0 ? ", " : "") + name;
    scope_.add(name, func.recursive && i == 0 ? Kind::Number : anyKind());
  }
  header += ")";
  if (func.recursive) {
    std::string base = expr(Kind::Any, 1);
    recursion_ = func.name;
    line(header + " = IF p <= 0 THEN " + base + " ELSE " + expr(Kind::Any, kDepth));
    recursion_.clear();
  } else if (bytes_.onceIn(2)) {
    out_ += header + " {\n";
    statements(1 + bytes_.pick(4), kDepth - 1);
    line("RETURN " + expr(Kind::Any, 2));
    out_ += "}\n";
  } else {
    line(header + " = " + expr(Kind::Any, kDepth));
  }
  scope_ = std::move(outer);
  funcs_.push_back(func);
}

void Generator::statements(unsigned count, unsigned depth) {
  for (; count > 0 && out_.size() < kLongest; --count) {
    statement(depth);
    if (bytes_.isEmpty())
      return;
  }
}

std::string Generator::block(unsigned depth) {
  std::string outer = std::exchange(out_, {});
  const size_t mark = scope_.mark();
  statements(1 + bytes_.pick(3), depth == 0 ? 0 : depth - 1);
  scope_.close(mark);
  std::string made = "{\n" + out_ + "}";
  out_ = std::move(outer);
  return made;
}

/// An expression, most often with something to go on with when it fails: a program that ends at its
/// first statement shows little.
std::string Generator::guarded(Kind kind) {
  std::string made = expr(kind, kDepth);
  if (kind == Kind::Function || made.size() < 8 || bytes_.onceIn(6))
    return made;
  return "TRY " + made + " CATCH(e) -> " + atom(kind);
}

void Generator::let() {
  const Kind kind = bytes_.onceIn(8) ? Kind::Function : anyKind();
  std::string value = guarded(kind);
  std::string name = scope_.newName(bytes_);
  line("LET " + name + " = " + value);
  scope_.add(name, kind);
}

void Generator::statement(unsigned depth) {
  switch (bytes_.pick(depth == 0 ? 10 : 18)) {
  case 0:
  case 1:
  case 2:
    return let();
  case 3:
  case 4:
    return set();
  case 5:
    return setPath();
  case 6:
    return append();
  case 7:
    return line(inTransform_ || bytes_.onceIn(12) ? "OUTPUT " + guarded(anyKind())
                                                  : "PRINT(" + expr(Kind::Any, 2) + ")");
  case 8:
    return line("PRINT(" + expr(Kind::Text, 2) + ", " + expr(Kind::Any, 2) + ")");
  case 9:
    return rare();
  case 10:
  case 11: {
    std::string made = "IF " + expr(Kind::Truth, 2) + " THEN " + block(depth);
    if (bytes_.onceIn(2))
      made += " ELSE " + block(depth);
    return line(made);
  }
  case 12:
  case 13:
  case 14:
    return forEach(depth);
  case 15:
  case 16:
    return tryBlock(depth);
  default:
    return modify();
  }
}

/// Ends of activations and errors.
void Generator::rare() {
  switch (bytes_.pick(5)) {
  case 0:
    return line("ASSERT(" + expr(Kind::Truth, 2) + ", \"assertion\")");
  case 1:
    return line("IF " + expr(Kind::Truth, 2) + " THEN {\nRETURN " +
                (inTransform_ ? "" : expr(Kind::Any, 1)) + "\n}");
  case 2:
    return line("IF " + expr(Kind::Truth, 2) + " THEN {\nTHROW " +
                (bytes_.onceIn(2) ? "\"thrown\"" : "{ message: \"m\", type: \"T\", n: 1 }") +
                "\n}");
  case 3:
    return line("TRY " + expr(Kind::Any, 3) + " CATCH(e) -> " +
                (inTransform_ ? "e.message" : "NULL"));
  default:
    return line("IF " + expr(Kind::Truth, 2) + " THEN {\nABORT" +
                (bytes_.onceIn(2) ? " { aborted: TRUE }" : "") + "\n}");
  }
}

void Generator::set() {
  const std::optional<Variable> variable = scope_.find(bytes_, anyKind());
  if (!variable || variable->name == "input")
    return let();
  line("SET " + variable->name + " = " + guarded(variable->kind));
}

/// A statement, most often in a TRY.
void Generator::attempt(const std::string &text) {
  line(bytes_.onceIn(3) ? text : "TRY {\n" + text + ";\n} CATCH(e) {\nPRINT(e.message);\n}");
}

/// A place below a variable: `o.a[0]`.
std::string Generator::target(const std::string &root) {
  static constexpr std::string_view kSegments[] = {".a", "[0]", ".k", "[\"b\"]", ".0", ".xs"};
  std::string made = root;
  for (unsigned count = bytes_.pick(3); count > 0; --count)
    made += bytes_.onceIn(3) ? "[" + expr(bytes_.onceIn(2) ? Kind::Text : Kind::Number, 1) + "]"
                             : std::string(bytes_.of(kSegments));
  return made;
}

std::optional<Variable> Generator::container() {
  const std::optional<Variable> variable =
      scope_.find(bytes_, bytes_.onceIn(2) ? Kind::List : Kind::Object);
  return variable && variable->name != "input" ? variable : std::nullopt;
}

void Generator::setPath() {
  const std::optional<Variable> variable = container();
  if (!variable)
    return let();
  std::string where = target(variable->name);
  where += bytes_.onceIn(2)               ? "[" + expr(Kind::Text, 1) + "]"
           : variable->kind == Kind::List ? "[0]"
                                          : ".a";
  attempt("SET " + where + " = " + expr(Kind::Any, 2));
}

void Generator::append() {
  const std::optional<Variable> variable = container();
  if (!variable)
    return let();
  std::string made = "APPEND TO " + (bytes_.onceIn(2) ? target(variable->name) : variable->name) +
                     " (" + expr(Kind::Any, 2) + ")";
  if (bytes_.onceIn(4))
    made += " INIT " + expr(Kind::List, 1);
  attempt(made);
}

void Generator::modify() {
  const std::optional<Variable> variable = container();
  if (!variable)
    return let();
  attempt("MODIFY " + variable->name + (bytes_.onceIn(2) ? ".a" : "") + " { a: " +
          expr(Kind::Any, 2) + ", [" + expr(Kind::Text, 1) + "]: " + expr(Kind::Any, 2) + " }");
}

void Generator::forEach(unsigned depth) {
  Kind items = Kind::Any;
  std::string list = listOf(items, 2);
  const size_t mark = scope_.mark();
  std::string name = bytes_.onceIn(3) ? "x" : "it" + std::to_string(depth);
  scope_.add(name, items);
  std::string made = "FOR EACH " + name + " IN " + list;
  if (bytes_.onceIn(3))
    made += " WHERE " + expr(Kind::Truth, 2);
  made += " " + block(depth);
  scope_.close(mark);
  line(made);
}

void Generator::tryBlock(unsigned depth) {
  std::string made = "TRY {\nLET t" + std::to_string(depth) + " = " + expr(Kind::Any, 2) + ";\n";
  made += block(depth).substr(2);
  const size_t mark = scope_.mark();
  scope_.add("e", Kind::Object);
  made += " CATCH(e)";
  if (bytes_.onceIn(3))
    made += " RETRY " + std::to_string(bytes_.pick(3)) + " TIMES";
  made += " " + block(depth);
  scope_.close(mark);
  line(made);
}

} // namespace branchline::fuzz
