// Expressions. Everything that is made of several parts stands in parentheses, so that precedence
// need not be thought of.
#include "GeneratorImpl.h"

#include "branchline/Lang/Builtins.h"

namespace branchline::fuzz {

namespace {

constexpr std::string_view kNumbers[] = {"1",
                                         "0",
                                         "2",
                                         "3",
                                         "7",
                                         "(-1)",
                                         "10",
                                         "1.5",
                                         "0.5",
                                         "0.0",
                                         "5",
                                         "100",
                                         "1e30",
                                         "(-2)",
                                         "0.1",
                                         "DEC(\"1.10\")",
                                         "DEC(\"3\")",
                                         "9223372036854775807",
                                         "9007199254740993",
                                         "123456789012345678901",
                                         "(-0.0)"};
constexpr std::string_view kTexts[] = {"\"\"",  "\"a\"",   "\"b\"",   "\"12\"",      "\"é\"",
                                       "\"k\"", "\"x y\"", "\"1.5\"", "\"\\ud83d\"", "\"A\""};

} // namespace

std::string Generator::atom(Kind kind) {
  if (bytes_.onceIn(3))
    return inputPart(kind);
  if (bytes_.onceIn(2))
    if (const std::optional<Variable> variable = scope_.find(bytes_, kind))
      return variable->name;
  switch (kind) {
  case Kind::Number:
    return std::string(bytes_.of(kNumbers));
  case Kind::Text:
    return std::string(bytes_.of(kTexts));
  case Kind::Truth:
    return bytes_.onceIn(2) ? "TRUE" : "FALSE";
  case Kind::List:
    return bytes_.onceIn(2) ? "[1, 2, 3]" : "[]";
  case Kind::Object:
    return bytes_.onceIn(2) ? "{ a: 1, k: [2] }" : "{}";
  case Kind::Function:
    return "((v) -> v)";
  case Kind::Any:
    break;
  }
  return bytes_.onceIn(4) ? "NULL" : atom(static_cast<Kind>(bytes_.pick(5)));
}

/// Something of the document, which is an object of this kind in most runs.
std::string Generator::inputPart(Kind kind) {
  static constexpr std::string_view kNumberParts[] = {"$.n", "$.m", "$.f", "$.z", "$.big"};
  static constexpr std::string_view kTextParts[] = {"$.s", "$.t", "$.u", "$.o.k"};
  static constexpr std::string_view kLists[] = {"$.xs", "$.rows", "$.names", "$.ys", "$.mixed"};
  static constexpr std::string_view kObjects[] = {"$.o", "$.o.a", "$.rows[0]", "$.empty"};
  static constexpr std::string_view kOthers[] = {"$.none", "$.b", "$.missing", "$", "$.mixed[3]"};
  switch (kind) {
  case Kind::Number:
    return std::string(bytes_.of(kNumberParts));
  case Kind::Text:
    return std::string(bytes_.of(kTextParts));
  case Kind::List:
    return std::string(bytes_.of(kLists));
  case Kind::Object:
    return std::string(bytes_.of(kObjects));
  case Kind::Truth:
  case Kind::Any:
  case Kind::Function:
    break;
  }
  return std::string(bytes_.of(kOthers));
}

std::string Generator::expr(Kind kind, unsigned depth) {
  if (depth == 0 || bytes_.isEmpty() || ++pieces_ > kMostPieces)
    return atom(kind);
  if (bytes_.onceIn(40))
    kind = anyKind();
  --depth;
  const unsigned form = bytes_.pick(20);
  if (form < 3)
    return atom(kind);
  if (form >= 17 && kind != Kind::Function)
    return choice(kind, depth);
  if (form == 16 && kind != Kind::Function)
    return call(depth);
  switch (kind) {
  case Kind::Number:
    return number(depth);
  case Kind::Text:
    return text(depth);
  case Kind::Truth:
    return truth(depth);
  case Kind::List:
    return list(depth);
  case Kind::Object:
    return object(depth);
  case Kind::Function:
    return lambda(Kind::Any, {Kind::Number, Kind::Any}, depth);
  case Kind::Any:
    break;
  }
  switch (bytes_.pick(4)) {
  case 0:
    return access(depth);
  case 1:
    return libraryCall(depth);
  default:
    return expr(static_cast<Kind>(bytes_.pick(5)), depth + 1);
  }
}

std::string Generator::number(unsigned depth) {
  static constexpr std::string_view kOperators[] = {"+", "-", "*", "/", "//", "%", "+", "*"};
  static constexpr std::string_view kFunctions[] = {"ABS", "FLOOR",  "CEIL", "ROUND",
                                                    "INT", "NUMBER", "DEC",  "SQRT"};
  switch (bytes_.pick(10)) {
  default:
    return "(" + expr(Kind::Number, depth) + " " + std::string(bytes_.of(kOperators)) + " " +
           expr(Kind::Number, depth) + ")";
  case 4:
    return std::string(bytes_.onceIn(2) ? "COUNT(" : "LENGTH(") + expr(Kind::List, depth) + ")";
  case 5: {
    static constexpr std::string_view kFolds[] = {"SUM", "AVG", "MIN", "MAX"};
    Kind items = Kind::Any;
    std::string over = listOf(items, depth);
    return std::string(bytes_.of(kFolds)) + "(MAP(" + over + ", " +
           lambda(Kind::Number, {items, Kind::Number}, depth) + "))";
  }
  case 6: {
    Kind items = Kind::Any;
    std::string over = listOf(items, depth);
    return "REDUCE(" + over + ", " + atom(Kind::Number) + ", " +
           lambda(Kind::Number, {Kind::Number, items, Kind::Number}, depth) + ")";
  }
  case 7:
    return std::string(bytes_.of(kFunctions)) + "(" + expr(Kind::Number, depth) + ")";
  case 8:
    return bytes_.onceIn(2)
               ? "POWER(" + expr(Kind::Number, depth) + ", " + std::to_string(bytes_.pick(8)) + ")"
               : "(-" + expr(Kind::Number, depth) + ")";
  case 9:
    return access(depth);
  }
}

std::string Generator::text(unsigned depth) {
  static constexpr std::string_view kFunctions[] = {"UPPER", "LOWER", "TRIM", "STRING"};
  switch (bytes_.pick(8)) {
  default:
    return "(" + expr(Kind::Text, depth) + " + " + expr(Kind::Any, depth) + ")";
  case 3:
    return std::string(bytes_.of(kFunctions)) + "(" + expr(Kind::Text, depth) + ")";
  case 4:
    return "JOIN(" + expr(Kind::List, depth) + ", " + atom(Kind::Text) + ")";
  case 5:
    return "SUBSTRING(" + expr(Kind::Text, depth) + ", " + std::to_string(bytes_.pick(4)) +
           (bytes_.onceIn(2) ? ", " + expr(Kind::Number, 0) : "") + ")";
  case 6:
    return "FORMAT(\"{0}-{1}\", " + expr(Kind::List, depth) + ")";
  case 7:
    return "REPLACE(" + expr(Kind::Text, depth) + ", \"[a-m]\", " + atom(Kind::Text) + ")";
  }
}

std::string Generator::truth(unsigned depth) {
  static constexpr std::string_view kComparisons[] = {"<", "<=", ">", ">=", "==", "!="};
  switch (bytes_.pick(10)) {
  default: {
    const Kind kind = bytes_.onceIn(4) ? Kind::Any : Kind::Number;
    return "(" + expr(kind, depth) + " " + std::string(bytes_.of(kComparisons)) + " " +
           expr(kind, depth) + ")";
  }
  case 5:
    return "(" + expr(Kind::Truth, depth) + (bytes_.onceIn(2) ? " && " : " || ") +
           expr(Kind::Truth, depth) + ")";
  case 6:
    return "(!" + expr(Kind::Truth, depth) + ")";
  case 7:
    return "CONTAINS(" + expr(Kind::Text, depth) + ", " + atom(Kind::Text) + ")";
  case 8: {
    Kind items = Kind::Any;
    std::string over = listOf(items, depth);
    return std::string(bytes_.onceIn(2) ? "SOME(" : "EVERY(") + over + ", " +
           lambda(Kind::Truth, {items, Kind::Number}, depth) + ")";
  }
  case 9:
    return "(" + expr(Kind::Any, depth) + " == NULL)";
  }
}

std::string Generator::listOf(Kind &items, unsigned depth) {
  switch (bytes_.pick(6)) {
  case 0:
    items = Kind::Number;
    return "RANGE(1, " + std::to_string(bytes_.pick(6)) + ")";
  case 1:
    items = Kind::Number;
    return "$.xs";
  case 2:
    items = Kind::Object;
    return "$.rows";
  case 3:
    items = Kind::Number;
    return "RANGE(" + atom(Kind::Number) + ")"; // perhaps no integer, perhaps too long
  case 4:
    items = Kind::Text;
    return "$.names";
  default:
    items = Kind::Any;
    return expr(Kind::List, depth);
  }
}

std::string Generator::list(unsigned depth) {
  static constexpr std::string_view kOfList[] = {"SORT",    "REVERSE", "DISTINCT",
                                                 "FLATTEN", "LISTIFY", "COLLECT"};
  static constexpr std::string_view kOfObject[] = {"KEYS", "VALUES", "ENTRIES"};
  Kind items = Kind::Any;
  switch (bytes_.pick(11)) {
  case 0: {
    std::string made = "[";
    for (unsigned count = bytes_.pick(4); count > 0; --count)
      made += expr(anyKind(), depth) + ", ";
    return made + "]";
  }
  default: {
    std::string over = listOf(items, depth);
    const bool keeps = bytes_.onceIn(2);
    return (keeps ? "FILTER(" : "MAP(") + over + ", " +
           lambda(keeps ? Kind::Truth : Kind::Any, {items, Kind::Number}, depth) + ")";
  }
  case 5:
  case 6: {
    std::string over = listOf(items, depth);
    const size_t mark = scope_.mark();
    std::string name = bytes_.onceIn(3) ? "x" : "c" + std::to_string(depth);
    scope_.add(name, items);
    std::string made = "[" + expr(Kind::Any, depth) + " FOR EACH " + name + " IN " + over;
    if (bytes_.onceIn(3))
      made += " WHERE " + expr(Kind::Truth, depth);
    scope_.close(mark);
    return made + "]";
  }
  case 7:
    return "(" + expr(Kind::List, depth) + " ++ " + expr(Kind::List, depth) + ")";
  case 8:
    return std::string(bytes_.of(kOfList)) + "(" + expr(Kind::List, depth) + ")";
  case 9:
    return std::string(bytes_.of(kOfObject)) + "(" + expr(Kind::Object, depth) + ")";
  case 10:
    return bytes_.onceIn(2) ? "APPEND(" + expr(Kind::List, depth) + ", " + atom(Kind::Any) + ")"
                            : "SPLIT(" + expr(Kind::Text, depth) + ", \" \")";
  }
}

std::string Generator::object(unsigned depth) {
  switch (bytes_.pick(8)) {
  default: {
    static constexpr std::string_view kKeys[] = {"a", "b", "k", "\"x y\"", "0"};
    std::string made = "{ ";
    for (unsigned count = bytes_.pick(4); count > 0; --count)
      made +=
          (bytes_.onceIn(5) ? "[" + expr(Kind::Text, depth) + "]" : std::string(bytes_.of(kKeys))) +
          ": " + expr(anyKind(), depth) + ", ";
    return made + "}";
  }
  case 5:
    return "PUT(" + expr(Kind::Object, depth) + ", " + atom(Kind::Text) + ", " +
           expr(Kind::Any, depth) + ")";
  case 6:
    return "SIFT(" + expr(Kind::Object, depth) + ", " +
           lambda(Kind::Truth, {Kind::Any, Kind::Text}, depth) + ")";
  case 7: {
    Kind items = Kind::Any;
    std::string over = listOf(items, depth);
    return "FIND(" + over + ", " + lambda(Kind::Truth, {items, Kind::Number}, depth) + ")";
  }
  }
}

/// One of several values, or one instead of an error.
std::string Generator::choice(Kind kind, unsigned depth) {
  switch (bytes_.pick(5)) {
  case 0:
    return "(IF " + expr(Kind::Truth, depth) + " THEN " + expr(kind, depth) + " ELSE " +
           expr(kind, depth) + ")";
  case 1:
    return "(" + expr(kind, depth) + " ?? " + expr(kind, depth) + ")";
  case 2:
    return "CASE { WHEN " + expr(Kind::Truth, depth) + " THEN " + expr(kind, depth) + " WHEN " +
           expr(Kind::Truth, depth) + " THEN " + expr(kind, depth) + " ELSE " + expr(kind, depth) +
           " }";
  default: {
    const size_t mark = scope_.mark();
    std::string tried = expr(kind, depth + 1);
    scope_.add("e", Kind::Object);
    std::string fallback = bytes_.onceIn(2) ? "e" : expr(kind, depth);
    scope_.close(mark);
    std::string retry = bytes_.onceIn(6) ? " RETRY 2 TIMES" : "";
    return "(TRY " + tried + " CATCH(e)" + retry + " -> " + fallback + ")";
  }
  }
}

std::string Generator::access(unsigned depth) {
  static constexpr std::string_view kOfList[] = {"[0]", "[1]", ".0", "[2]", ".a"};
  static constexpr std::string_view kOfObject[] = {".a", ".n",      ".q",  ".k", "?.a",
                                                   ".p", "[\"k\"]", ".xs", "[0]"};
  const bool isList = bytes_.onceIn(3);
  std::string base = expr(isList ? Kind::List : Kind::Object, depth);
  if (base.starts_with('{') || base.starts_with('['))
    base = "(" + base + ")";
  if (bytes_.onceIn(4))
    return base + "[" + expr(isList ? Kind::Number : Kind::Text, depth) + "]";
  if (!isList && bytes_.onceIn(5))
    return "GET(" + base + ", " + atom(Kind::Text) + ", " + expr(Kind::Any, depth) + ")";
  return base + std::string(isList ? bytes_.of(kOfList) : bytes_.of(kOfObject));
}

/// Of a FUNC, of a variable, or of a lambda on the spot.
std::string Generator::call(unsigned depth) {
  auto arguments = [&](unsigned count) {
    std::string made;
    for (unsigned i = 0; i < count; ++i)
      made += (i > 0 ? ", " : "") + expr(anyKind(), depth);
    return made;
  };
  if (!recursion_.empty() && bytes_.onceIn(2))
    return recursion_ + "(p - 1, " + expr(Kind::Any, depth) + ")";
  if (!funcs_.empty() && !bytes_.onceIn(3)) {
    const Func &func = funcs_[bytes_.pick(funcs_.size())];
    if (!func.recursive)
      return func.name + "(" + arguments(bytes_.onceIn(6) ? bytes_.pick(4) : func.params) + ")";
    // Now and then deeper than the limit.
    return func.name + "(" + (bytes_.onceIn(10) ? "500" : std::to_string(bytes_.pick(5))) + ", " +
           arguments(func.params - 1) + ")";
  }
  if (const std::optional<Variable> variable = scope_.find(bytes_, Kind::Function)) {
    return bytes_.onceIn(5) ? "APPLY(" + variable->name + ", " + arguments(2) + ")"
                            : variable->name + "(" + arguments(bytes_.pick(3)) + ")";
  }
  return "(" + lambda(Kind::Any, {Kind::Number, Kind::Any}, depth) + ")(" + arguments(2) + ")";
}

/// \param params  what the caller passes, in order; fewer may be taken
std::string Generator::lambda(Kind result, const std::vector<Kind> &params, unsigned depth) {
  static constexpr std::string_view kNames[] = {"v", "w", "i", "x", "a"};
  const size_t mark = scope_.mark();
  std::string made = "(";
  const size_t count = std::min<size_t>(params.size(), 1 + bytes_.pick(params.size() + 1));
  for (size_t i = 0; i < count; ++i) {
    std::string name(bytes_.of(kNames));
    made += (i > 0 ? ", " : "") + name;
    scope_.add(name, params[i]);
  }
  made += ") -> ";
  if (depth > 0 && bytes_.onceIn(5)) {
    // Writes to variables around it are seen by everybody who shares them.
    std::string outer = std::exchange(out_, {});
    const bool inTransform = std::exchange(inTransform_, false);
    statements(1 + bytes_.pick(2), depth - 1);
    line("RETURN " + expr(result, depth));
    made += "{\n" + out_ + "}";
    inTransform_ = inTransform;
    out_ = std::move(outer);
  } else {
    std::string body = expr(result, depth);
    made += body.starts_with('{') ? "(" + body + ")" : body;
  }
  scope_.close(mark);
  return made;
}

/// Any function of the library, with any arguments.
std::string Generator::libraryCall(unsigned depth) {
  const BuiltinInfo &row = bytes_.of(kBuiltins);
  // The world is not the same twice. Large exponents and widths only take time.
  if (row.effect == BuiltinEffect::World || row.name == "POWER" || row.name == "PAD")
    return text(depth);
  std::string made = std::string(row.name) + "(";
  const unsigned most = std::min<unsigned>(row.maxArgs, row.minArgs + 2u);
  const unsigned count = row.minArgs + bytes_.pick(most - row.minArgs + 1);
  for (unsigned i = 0; i < count; ++i) {
    const bool calls = row.effect == BuiltinEffect::Calls && i + 1 == row.minArgs;
    made += (i > 0 ? ", " : "") +
            (calls ? lambda(Kind::Any, {Kind::Any, Kind::Any}, depth) : expr(anyKind(), depth));
  }
  return made + ")";
}

} // namespace branchline::fuzz
