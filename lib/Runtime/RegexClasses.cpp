// Tables behind the named character classes. General categories are PCRE2's, completed by the
// characters that Unicode 15 added, so that the result does not depend on PCRE2's version of
// Unicode (R3.17.1). Scripts and binary properties are PCRE2's own.
#include "RegexClasses.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <algorithm>
#include <pcre2.h>
#include <utf8proc.h>

namespace branchline::runtime::regex {
namespace {

struct Addition {
  uint32_t low, high;
  std::string_view category;
};

// The characters that are assigned in Unicode 15.0 and not in 14.0.
constexpr Addition kUnicode15[] = {
    {0xCF3, 0xCF3, "Mc"},     {0xECE, 0xECE, "Mn"},     {0x10EFD, 0x10EFF, "Mn"},
    {0x1123F, 0x11240, "Lo"}, {0x11241, 0x11241, "Mn"}, {0x11B00, 0x11B09, "Po"},
    {0x11F00, 0x11F01, "Mn"}, {0x11F02, 0x11F02, "Lo"}, {0x11F03, 0x11F03, "Mc"},
    {0x11F04, 0x11F10, "Lo"}, {0x11F12, 0x11F33, "Lo"}, {0x11F34, 0x11F35, "Mc"},
    {0x11F36, 0x11F3A, "Mn"}, {0x11F3E, 0x11F3F, "Mc"}, {0x11F40, 0x11F40, "Mn"},
    {0x11F41, 0x11F41, "Mc"}, {0x11F42, 0x11F42, "Mn"}, {0x11F43, 0x11F4F, "Po"},
    {0x11F50, 0x11F59, "Nd"}, {0x1342F, 0x1342F, "Lo"}, {0x13439, 0x1343F, "Cf"},
    {0x13440, 0x13440, "Mn"}, {0x13441, 0x13446, "Lo"}, {0x13447, 0x13455, "Mn"},
    {0x1B132, 0x1B132, "Lo"}, {0x1B155, 0x1B155, "Lo"}, {0x1D2C0, 0x1D2D3, "No"},
    {0x1DF25, 0x1DF2A, "Ll"}, {0x1E030, 0x1E06D, "Lm"}, {0x1E08F, 0x1E08F, "Mn"},
    {0x1E4D0, 0x1E4EA, "Lo"}, {0x1E4EB, 0x1E4EB, "Lm"}, {0x1E4EC, 0x1E4EF, "Mn"},
    {0x1E4F0, 0x1E4F9, "Nd"}, {0x1F6DC, 0x1F6DC, "So"}, {0x1F774, 0x1F776, "So"},
    {0x1F77B, 0x1F77F, "So"}, {0x1F7D9, 0x1F7D9, "So"}, {0x1FA75, 0x1FA77, "So"},
    {0x1FA87, 0x1FA88, "So"}, {0x1FAAD, 0x1FAAF, "So"}, {0x1FABB, 0x1FABD, "So"},
    {0x1FABF, 0x1FABF, "So"}, {0x1FACE, 0x1FACF, "So"}, {0x1FADA, 0x1FADB, "So"},
    {0x1FAE8, 0x1FAE8, "So"}, {0x1FAF7, 0x1FAF8, "So"}, {0x2B739, 0x2B739, "Lo"},
    {0x31350, 0x323AF, "Lo"},
};

constexpr std::string_view kCategories[] = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd",
                                            "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Co", "Cs",
                                            "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So",
                                            "Pi", "Pf", "L",  "M",  "N",  "Z",  "P",  "S"};

// A general category (two letters) or a group of them (one letter).
ClassExpr category(std::string_view name) {
  CodePointSet additions;
  for (const Addition &addition : kUnicode15)
    if (addition.category.starts_with(name))
      additions.add(addition.low, addition.high);
  ClassExpr native = ClassExpr::ofProperty(std::string(name));
  return additions.empty() ? native : unite(std::move(native), ClassExpr(std::move(additions)));
}

ClassExpr categories(std::initializer_list<std::string_view> names) {
  ClassExpr result;
  for (std::string_view name : names)
    result = unite(std::move(result), category(name));
  return result;
}

ClassExpr assigned() {
  CodePointSet additions;
  for (const Addition &addition : kUnicode15)
    additions.add(addition.low, addition.high);
  return unite(complement(ClassExpr::ofProperty("Cn")), ClassExpr(std::move(additions)));
}

ClassExpr alphabetic() {
  return unite(ClassExpr::ofProperty("Alphabetic"), categories({"L", "Nl"}));
}

CodePointSet whiteSpace() {
  return {{0x09, 0x0D},     {0x20, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},     {0x1680, 0x1680},
          {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};
}

ClassExpr wordCharacters() {
  ClassExpr result = unite(alphabetic(), categories({"M", "Nd", "Pc"}));
  return unite(std::move(result), ClassExpr(CodePointSet{{0x200C, 0x200D}}));
}

ClassExpr hexDigits() {
  CodePointSet letters{{'A', 'F'}, {'a', 'f'}, {0xFF21, 0xFF26}, {0xFF41, 0xFF46}};
  return unite(category("Nd"), ClassExpr(std::move(letters)));
}

// Characters of the three cased binary properties; what each of them means when case is ignored.
ClassExpr anyCase() {
  ClassExpr result = unite(ClassExpr::ofProperty("Lowercase"), ClassExpr::ofProperty("Uppercase"));
  return unite(std::move(result), categories({"Lu", "Ll", "Lt"}));
}

ClassExpr lowercase() { return unite(ClassExpr::ofProperty("Lowercase"), category("Ll")); }
ClassExpr uppercase() { return unite(ClassExpr::ofProperty("Uppercase"), category("Lu")); }

ClassExpr graphic() {
  return intersect(assigned(), complement(categories({"Zs", "Zl", "Zp", "Cc", "Cs"})));
}

ClassExpr blankUnicode() { return unite(category("Zs"), ClassExpr(CodePointSet{{0x09, 0x09}})); }

std::string upperAscii(std::string_view text) {
  std::string result(text);
  for (char &c : result)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  return result;
}

std::optional<ClassExpr> asciiPosixClass(std::string_view name, bool caseInsensitive) {
  CodePointSet letters{{'A', 'Z'}, {'a', 'z'}};
  if (name == "ASCII")
    return CodePointSet{{0, 0x7F}};
  if (name == "Alpha")
    return letters;
  if (name == "Lower")
    return caseInsensitive ? letters : CodePointSet{{'a', 'z'}};
  if (name == "Upper")
    return caseInsensitive ? letters : CodePointSet{{'A', 'Z'}};
  if (name == "Digit")
    return CodePointSet{{'0', '9'}};
  if (name == "Alnum")
    return CodePointSet{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}};
  if (name == "Punct")
    return CodePointSet{{0x21, 0x2F}, {0x3A, 0x40}, {0x5B, 0x60}, {0x7B, 0x7E}};
  if (name == "Graph")
    return CodePointSet{{0x21, 0x7E}};
  if (name == "Print")
    return CodePointSet{{0x20, 0x7E}};
  if (name == "Blank")
    return CodePointSet{{'\t', '\t'}, {' ', ' '}};
  if (name == "Cntrl")
    return CodePointSet{{0, 0x1F}, {0x7F, 0x7F}};
  if (name == "XDigit")
    return CodePointSet{{'0', '9'}, {'A', 'F'}, {'a', 'f'}};
  if (name == "Space")
    return CodePointSet{{0x09, 0x0D}, {' ', ' '}};
  return std::nullopt;
}

} // namespace

ClassExpr predefinedClass(char letter, bool unicodeClasses) {
  ClassExpr result;
  switch (letter | 0x20) {
  case 'd':
    result = unicodeClasses ? category("Nd") : ClassExpr(CodePointSet{{'0', '9'}});
    break;
  case 'w':
    result = unicodeClasses
                 ? wordCharacters()
                 : ClassExpr(CodePointSet{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}});
    break;
  case 's':
    result = unicodeClasses ? whiteSpace() : CodePointSet{{0x09, 0x0D}, {' ', ' '}};
    break;
  case 'h':
    result = CodePointSet{{0x09, 0x09},     {0x20, 0x20},     {0xA0, 0xA0},
                          {0x1680, 0x1680}, {0x180E, 0x180E}, {0x2000, 0x200A},
                          {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};
    break;
  case 'v':
    result = CodePointSet{{0x0A, 0x0D}, {0x85, 0x85}, {0x2028, 0x2029}};
    break;
  }
  bool upper = letter >= 'A' && letter <= 'Z';
  return upper ? complement(std::move(result)) : result;
}

ClassExpr dotClass(bool dotAll, bool unixLines) {
  if (dotAll)
    return CodePointSet::all();
  CodePointSet terminators{{'\n', '\n'}};
  if (!unixLines)
    terminators = CodePointSet{{'\n', '\n'}, {'\r', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}};
  return terminators.complement();
}

std::optional<ClassExpr> categoryClass(std::string_view name, bool caseInsensitive) {
  if (caseInsensitive && (name == "Lu" || name == "Ll" || name == "Lt"))
    return categories({"Lu", "Ll", "Lt"});
  if (std::find(std::begin(kCategories), std::end(kCategories), name) != std::end(kCategories))
    return category(name);
  if (name == "Cn")
    return complement(assigned());
  if (name == "C")
    return unite(categories({"Cc", "Cf", "Co", "Cs"}), complement(assigned()));
  if (name == "LC")
    return categories({"Lu", "Ll", "Lt"});
  if (name == "LD")
    return categories({"L", "Nd"});
  if (name == "L1")
    return CodePointSet{{0, 0xFF}};
  if (name == "all")
    return CodePointSet::all();
  return asciiPosixClass(name, caseInsensitive);
}

std::optional<ClassExpr> binaryPropertyClass(std::string_view name, bool caseInsensitive) {
  std::string upper = upperAscii(name);
  if (upper == "ALPHABETIC")
    return alphabetic();
  if (upper == "ASSIGNED")
    return assigned();
  if (upper == "CONTROL")
    return category("Cc");
  if (upper == "HEXDIGIT" || upper == "HEX_DIGIT")
    return hexDigits();
  if (upper == "IDEOGRAPHIC")
    return unite(ClassExpr::ofProperty("Ideographic"),
                 ClassExpr(CodePointSet{{0x2B739, 0x2B739}, {0x31350, 0x323AF}}));
  if (upper == "JOINCONTROL" || upper == "JOIN_CONTROL")
    return CodePointSet{{0x200C, 0x200D}};
  if (upper == "LETTER")
    return category("L");
  if (upper == "LOWERCASE")
    return caseInsensitive ? anyCase() : lowercase();
  if (upper == "UPPERCASE")
    return caseInsensitive ? anyCase() : uppercase();
  if (upper == "TITLECASE")
    return caseInsensitive ? anyCase() : category("Lt");
  if (upper == "NONCHARACTERCODEPOINT" || upper == "NONCHARACTER_CODE_POINT")
    return ClassExpr::ofProperty("Noncharacter_Code_Point");
  if (upper == "PUNCTUATION")
    return category("P");
  if (upper == "WHITESPACE" || upper == "WHITE_SPACE")
    return whiteSpace();
  if (upper == "WORD")
    return wordCharacters();
  if (upper == "DIGIT")
    return category("Nd");
  for (std::string_view emoji : {"EMOJI", "EMOJI_PRESENTATION", "EMOJI_MODIFIER",
                                 "EMOJI_MODIFIER_BASE", "EMOJI_COMPONENT", "EXTENDED_PICTOGRAPHIC"})
    if (upper == emoji)
      return ClassExpr::ofProperty(upper);
  return std::nullopt;
}

std::optional<ClassExpr> unicodePosixClass(std::string_view name, bool caseInsensitive) {
  std::string upper = upperAscii(name);
  if (upper == "ALPHA")
    return alphabetic();
  if (upper == "LOWER")
    return caseInsensitive ? anyCase() : lowercase();
  if (upper == "UPPER")
    return caseInsensitive ? anyCase() : uppercase();
  if (upper == "SPACE")
    return whiteSpace();
  if (upper == "PUNCT")
    return category("P");
  if (upper == "XDIGIT")
    return hexDigits();
  if (upper == "ALNUM")
    return unite(alphabetic(), category("Nd"));
  if (upper == "CNTRL")
    return category("Cc");
  if (upper == "DIGIT")
    return category("Nd");
  if (upper == "BLANK")
    return blankUnicode();
  if (upper == "GRAPH")
    return graphic();
  if (upper == "PRINT")
    return intersect(unite(graphic(), blankUnicode()), complement(category("Cc")));
  return std::nullopt;
}

std::optional<ClassExpr> scriptClass(std::string_view name) {
  // PCRE2 knows the names; ask it, after making sure that the name cannot be anything else.
  if (name.empty() || name.size() > 40)
    return std::nullopt;
  for (char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'))
      return std::nullopt;
  std::string property = "sc:" + std::string(name);
  std::string pattern = "\\p{" + property + "}";
  int code = 0;
  PCRE2_SIZE offset = 0;
  pcre2_code *compiled = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                       PCRE2_UTF, &code, &offset, nullptr);
  if (!compiled)
    return std::nullopt;
  pcre2_code_free(compiled);
  return ClassExpr::ofProperty(std::move(property));
}

uint32_t simpleUpper(uint32_t codePoint) {
  // utf8proc maps ß to ẞ here, which Unicode's simple mapping does not.
  if (codePoint == 0xDF)
    return codePoint;
  return static_cast<uint32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(codePoint)));
}

uint32_t simpleLower(uint32_t codePoint) {
  return static_cast<uint32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(codePoint)));
}

void addIgnoringAsciiCase(CodePointSet &set, uint32_t low, uint32_t high) {
  set.add(low, high);
  auto addOther = [&](uint32_t first, uint32_t last, int32_t distance) {
    uint32_t from = std::max(low, first);
    uint32_t to = std::min(high, last);
    if (from <= to)
      set.add(from + static_cast<uint32_t>(distance), to + static_cast<uint32_t>(distance));
  };
  addOther('A', 'Z', 'a' - 'A');
  addOther('a', 'z', 'A' - 'a');
}

CaseFolds::CaseFolds() {
  // No character past this one has case; nor do the ideographs and syllables skipped below.
  constexpr uint32_t kLastCased = 0x1E943;
  for (uint32_t point = 0; point <= kLastCased; ++point) {
    if (point == 0x2E80)
      point = 0xA640;
    if (point == 0xABC0)
      point = 0xFB00;
    uint32_t upper = simpleUpper(point);
    uint32_t fold = simpleLower(upper);
    if (upper != point || fold != point)
      entries_.push_back({point, upper, fold});
  }
}

void CaseFolds::addRange(CodePointSet &set, uint32_t low, uint32_t high) const {
  set.add(low, high);
  auto inside = [&](uint32_t point) { return low <= point && point <= high; };
  if (low == high) {
    uint32_t upper = simpleUpper(low);
    uint32_t fold = simpleLower(upper);
    if (upper == fold) // no case; keeps ß apart from ẞ, as the dialect does
      return;
    set.add(fold);
    for (const Entry &entry : entries_)
      if (entry.fold == fold)
        set.add(entry.point);
    return;
  }
  for (const Entry &entry : entries_)
    if (inside(entry.upper) || inside(entry.fold))
      set.add(entry.point);
}

} // namespace branchline::runtime::regex
