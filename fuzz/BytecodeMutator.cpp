// Changes good bytecode in many small ways and runs what is left of it:
//
//   BytecodeMutator [--runs N] [--seed S] [--first N] [--trace] [--save FILE] FILE...
//
// Files are programs (`.bl`), bytecode (`.blbc`) or conformance cases (`.jsonl`). Run number N of a
// seed is always the same, so a crash is found again: --trace prints the numbers, --first N begins
// there, and --save writes each run's bytes to a file before they are tried. Changes are made to
// bytes (with the checksum put right), to the program by what its fields mean (a few, or many that
// leave it verified), and to its text. The last line counts what verified and therefore ran.

#include "BytecodeHarness.h"

#include "branchline/Bytecode/Limits.h"
#include "branchline/Bytecode/Operands.h"
#include "branchline/Driver/Compilation.h"
#include "branchline/Driver/Engines.h"
#include "branchline/Lang/Traps.h"
#include "branchline/Opt/PassManager.h"
#include "branchline/Support/StackThread.h"

#include "Cases.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <vector>

using namespace branchline;
using bytecode::Program;

namespace {

/// SplitMix64: the same numbers everywhere.
class Random {
public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }
  /// Below `bound`, 0 when that is 0.
  size_t below(size_t bound) { return bound == 0 ? 0 : next() % bound; }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class T> T &of(std::vector<T> &items) { return items[below(items.size())]; }

private:
  uint64_t state_;
};

// --- Bytes ---

void changeBytes(std::string &bytes, const std::string &other, Random &random) {
  if (bytes.empty())
    return;
  switch (random.below(6)) {
  case 0: // bits
    for (size_t n = 1 + random.below(8); n > 0; --n)
      bytes[random.below(bytes.size())] ^= static_cast<char>(1 << random.below(8));
    return;
  case 1: { // bytes that are bounds of something
    static constexpr unsigned char kBounds[] = {0, 1, 2, 0x7F, 0x80, 0x81, 0xFE, 0xFF};
    for (size_t n = 1 + random.below(4); n > 0; --n)
      bytes[random.below(bytes.size())] = static_cast<char>(kBounds[random.below(8)]);
    return;
  }
  case 2: { // a piece of another file
    const size_t length = 1 + random.below(std::min<size_t>(other.size(), 64));
    const std::string piece = other.substr(random.below(other.size()), length);
    const size_t at = random.below(bytes.size());
    bytes.replace(at, std::min(piece.size(), bytes.size() - at), piece);
    return;
  }
  case 3: // a piece twice
    bytes.insert(random.below(bytes.size()),
                 bytes.substr(random.below(bytes.size()), 1 + random.below(16)));
    return;
  case 4: // a piece less
    bytes.erase(random.below(bytes.size()), 1 + random.below(16));
    return;
  default: // whole words of code: their place is a multiple of 8 from the start of a function
    if (bytes.size() < 32)
      return;
    for (size_t n = 1 + random.below(3); n > 0; --n) {
      const size_t to = random.below(bytes.size() - 8), from = random.below(bytes.size() - 8);
      bytes.replace(to, 8, bytes.substr(from, 8));
    }
  }
}

// --- Fields ---

/// A value that may suit a role: mostly in range, sometimes at or beyond its end.
int64_t valueFor(const Program &program, const bytecode::Function &function, bytecode::Role role,
                 Random &random) {
  using bytecode::Role;
  auto index = [&](size_t size) {
    return static_cast<int64_t>(random.chance(5) ? size + random.below(3) : random.below(size));
  };
  switch (role) {
  case Role::Const:
  case Role::Name:
  case Role::OptName:
  case Role::WideConst:
  case Role::WideName:
    return index(program.constants.size());
  case Role::Function:
  case Role::OptFunction:
    return index(program.functions.size());
  case Role::Import:
    return index(program.imports.size());
  case Role::Layout:
    return index(program.layouts.size());
  case Role::Path:
    return index(program.paths.size());
  case Role::Capture:
    return index(function.captures);
  case Role::Variable:
    return index(std::max<size_t>(function.captures, function.registers.size()));
  case Role::ResumePoint:
    return index(function.resumePoints.size());
  case Role::TrapId:
    return index(kTraps.size());
  case Role::KeyRule:
  case Role::PathOp:
  case Role::IterKind:
  case Role::VarKind:
  case Role::Negate:
  case Role::Imm:
    return index(2);
  case Role::Count:
    return index(5);
  case Role::Label:
  case Role::Label16:
  case Role::WideLabel:
    return static_cast<int64_t>(random.below(2 * function.code.size())) -
           static_cast<int64_t>(function.code.size());
  case Role::WideImm:
    return static_cast<int32_t>(random.chance(50) ? random.below(10) : random.next());
  case Role::None:
  case Role::Def:
  case Role::Use:
  case Role::Take:
  case Role::UseDef:
  case Role::DefCell:
  case Role::UseCell:
  case Role::DefIter:
  case Role::UseIter:
  case Role::Window:
  case Role::WindowCall:
  case Role::WindowOfLayout:
  case Role::WindowOfCells:
  case Role::WindowKept:
  case Role::WindowOfPath1:
  case Role::WindowOfPath2:
  case Role::WindowOfPath3:
    return index(function.registers.size());
  }
  return 0;
}

/// Positions of the instructions of a function.
std::vector<size_t> instructions(const bytecode::Function &function) {
  std::vector<size_t> starts;
  for (size_t pc = 0; pc < function.code.size();
       pc += bytecode::lengthOf(static_cast<bytecode::Op>(function.code[pc].op)))
    starts.push_back(pc);
  return starts;
}

void changeOperand(const Program &program, bytecode::Function &function, size_t pc,
                   Random &random) {
  bytecode::Word *at = &function.code[pc];
  const auto operands = bytecode::operandsOf(at);
  const auto count = static_cast<size_t>(operands.end() - operands.begin());
  if (count == 0)
    return;
  const bytecode::Operand &operand = operands.begin()[random.below(count)];
  bytecode::setOperand(at, operand.role, operand.field,
                       valueFor(program, function, operand.role, random));
}

/// Another instruction of the same length, with operands made for it.
void changeOpcode(const Program &program, bytecode::Function &function, size_t pc, Random &random) {
  bytecode::Word *at = &function.code[pc];
  const auto op = static_cast<bytecode::Op>(random.below(bytecode::kOps.size() - 1));
  if (bytecode::lengthOf(op) != bytecode::lengthOf(static_cast<bytecode::Op>(at->op)))
    return;
  *at = {static_cast<uint8_t>(op), 0, 0, 0, 0};
  for (const bytecode::Operand &field : bytecode::fieldsOf(op))
    bytecode::setOperand(at, field.role, field.field,
                         valueFor(program, function, field.role, random));
}

void changeTables(Program &program, bytecode::Function &function, Random &random) {
  switch (random.below(10)) {
  case 0:
    if (!function.registers.empty())
      random.of(function.registers) = static_cast<bytecode::RegisterClass>(random.below(3));
    return;
  case 1:
    if (!function.handlers.empty())
      random.of(function.handlers).target =
          static_cast<uint32_t>(random.below(function.code.size()));
    return;
  case 2:
    function.handlers.insert(function.handlers.begin(),
                             {static_cast<uint32_t>(random.below(function.code.size())),
                              static_cast<uint32_t>(random.below(function.code.size() + 1)),
                              static_cast<uint32_t>(random.below(function.code.size()))});
    return;
  case 3:
    if (!program.layouts.empty())
      random.of(program.layouts)
          .keys.push_back(random.chance(30)
                              ? bytecode::kComputedKey
                              : static_cast<uint32_t>(random.below(program.constants.size())));
    return;
  case 4:
    if (!program.paths.empty()) {
      auto &segments = random.of(program.paths).segments;
      if (random.chance(50) && !segments.empty())
        segments.pop_back();
      else
        segments.push_back({bytecode::PathSegment::Kind::Computed});
    }
    return;
  case 5:
    if (program.constants.size() > 1)
      std::swap(random.of(program.constants), random.of(program.constants));
    return;
  case 6:
    function.params.push_back(static_cast<uint16_t>(random.below(function.registers.size())));
    return;
  case 7: {
    const size_t sites = function.inlineSites.size();
    function.inlineSites.push_back({static_cast<uint32_t>(random.below(program.functions.size())),
                                    random.chance(30) || sites == 0
                                        ? bytecode::kNoSite
                                        : static_cast<uint32_t>(random.below(sites)),
                                    {0, 0}});
    if (random.chance(5))
      program.minCallDepth = static_cast<uint32_t>(random.below(70));
    return;
  }
  case 8:
    if (random.chance(50) && !function.siteEntries.empty())
      random.of(function.siteEntries).site =
          static_cast<uint32_t>(random.below(function.inlineSites.size() + 1));
    else
      function.siteEntries.push_back({static_cast<uint32_t>(random.below(function.code.size())),
                                      static_cast<uint32_t>(random.below(2))});
    return;
  default:
    function.kind = static_cast<bytecode::FunctionKind>(random.below(3));
  }
}

void changeProgram(Program &program, Random &random, size_t changes) {
  if (program.functions.empty())
    return;
  for (; changes > 0; --changes) {
    bytecode::Function &function = random.of(program.functions);
    std::vector<size_t> starts = instructions(function);
    const unsigned kind = static_cast<unsigned>(random.below(100));
    if (kind < 50) {
      changeOperand(program, function, random.of(starts), random);
    } else if (kind < 75) {
      changeOpcode(program, function, random.of(starts), random);
    } else if (kind < 85) { // two instructions change places
      const size_t a = random.of(starts), b = random.of(starts);
      if (bytecode::lengthOf(static_cast<bytecode::Op>(function.code[a].op)) == 1 &&
          bytecode::lengthOf(static_cast<bytecode::Op>(function.code[b].op)) == 1)
        std::swap(function.code[a], function.code[b]);
    } else {
      changeTables(program, function, random);
    }
  }
}

/// Many changes, of which only those stay after which the program still verifies: code that is well
/// formed and otherwise without sense.
void scramble(Program &program, Random &random) {
  constexpr size_t kLongest = 20'000; // words of a program whose copies take no time
  size_t words = 0;
  for (const bytecode::Function &function : program.functions)
    words += function.code.size();
  for (size_t n = words > kLongest ? 0 : 20 + random.below(60); n > 0; --n) {
    Program changed = program;
    changeProgram(changed, random, 1);
    if (!bytecode::verify(changed))
      program = std::move(changed);
  }
}

// --- Text ---

std::string changeText(const std::string &text, Random &random) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  for (size_t n = 1 + random.below(3); n > 0 && !lines.empty(); --n) {
    const size_t at = random.below(lines.size());
    switch (random.below(4)) {
    case 0:
      lines.erase(lines.begin() + static_cast<long>(at));
      break;
    case 1:
      lines.insert(lines.begin() + static_cast<long>(at), std::string(random.of(lines)));
      break;
    case 2:
      std::swap(lines[at], random.of(lines));
      break;
    default:
      if (!lines[at].empty())
        lines[at].erase(random.below(lines[at].size()), 1);
    }
  }
  std::string out;
  for (const std::string &line : lines)
    out += line + "\n";
  return out;
}

// --- Runs ---

struct Counts {
  size_t valid = 0;
  size_t invalid = 0;
};

bool tryBytes(const std::string &bytes, const std::string &saveTo) {
  if (!saveTo.empty())
    std::ofstream(saveTo, std::ios::binary) << bytes;
  return fuzz::checkBytes(bytes);
}

/// One run. \returns whether the result verified and ran
bool mutate(const std::vector<std::string> &seeds, Random random, const std::string &saveTo) {
  std::string bytes = seeds[random.below(seeds.size())];
  const unsigned kind = static_cast<unsigned>(random.below(100));
  if (kind < 30) {
    changeBytes(bytes, seeds[random.below(seeds.size())], random);
    bytecode::repairChecksum(bytes);
    return tryBytes(bytes, saveTo);
  }
  const auto program = bytecode::read(bytes);
  fuzz::require(program.has_value(), "a seed is no program");
  if (kind < 90) {
    if (kind < 40)
      scramble(**program, random);
    else
      changeProgram(**program, random, 1 + random.below(4));
    const bool verifies = !bytecode::verify(**program);
    const bool reads = tryBytes(bytecode::write(**program), saveTo);
    fuzz::require(verifies == reads, "reading and verifying disagree");
    return reads;
  }
  const SourceText source("text", changeText(bytecode::disassemble(**program), random));
  DiagnosticSink sink;
  const auto assembled = bytecode::assemble(source, sink);
  fuzz::require((assembled == nullptr) == sink.hasErrors(), "no program, or errors, but not both");
  return assembled && tryBytes(bytecode::write(*assembled), saveTo);
}

// --- Seeds ---

/// Adds the bytecode of a program, optimised and not; nothing when it does not compile.
void addProgram(const std::string &text, std::vector<std::string> &seeds) {
  for (bool optimised : {false, true}) {
    driver::StageTimes times;
    driver::Compilation compilation("seed.bl", text);
    const auto compiled = compilation.compile(driver::CompileTo::Module, {}, times);
    if (!compiled || !*compiled)
      return;
    if (optimised && !opt::runPipeline(*compilation.module, {}))
      return;
    const auto program = driver::generateBytecode(*compilation.module, &compilation.source);
    if (program)
      seeds.push_back(bytecode::write(**program));
  }
}

bool addFile(const std::string &path, std::vector<std::string> &seeds) {
  if (path.ends_with(".jsonl")) {
    std::vector<conformance::Case> cases;
    if (conformance::readCases(path, cases))
      return false;
    for (const conformance::Case &theCase : cases)
      addProgram(theCase.program, seeds);
    return true;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file)
    return false;
  if (path.ends_with(".blbc"))
    seeds.push_back(bytes);
  else
    addProgram(bytes, seeds);
  return true;
}

struct Settings {
  uint64_t runs = 1000;
  uint64_t seed = 1;
  uint64_t first = 0;
  bool trace = false;
  std::string saveTo;
  std::vector<std::string> files;
};

int runAll(const Settings &settings) {
  std::vector<std::string> seeds;
  for (const std::string &file : settings.files)
    if (!addFile(file, seeds)) {
      fmt::print(stderr, "cannot read {}\n", file);
      return 74;
    }
  if (seeds.empty())
    return 64;
  Counts counts;
  for (uint64_t run = settings.first; run < settings.first + settings.runs; ++run) {
    if (settings.trace) {
      fmt::print("run {}\n", run);
      std::fflush(stdout);
    }
    const bool valid = mutate(seeds, Random(settings.seed << 32 ^ run), settings.saveTo);
    ++(valid ? counts.valid : counts.invalid);
  }
  fmt::print("{} seeds, {} runs, {} verified and ran, {} refused\n", seeds.size(), settings.runs,
             counts.valid, counts.invalid);
  // Changes that never leave a program, or always, would test one half only.
  return counts.valid > 0 && counts.invalid > 0 ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    auto number = [&] { return ++i < argc ? std::strtoull(argv[i], nullptr, 10) : 0; };
    if (argument == "--runs")
      settings.runs = number();
    else if (argument == "--seed")
      settings.seed = number();
    else if (argument == "--first")
      settings.first = number();
    else if (argument == "--save" && i + 1 < argc)
      settings.saveTo = argv[++i];
    else if (argument == "--trace")
      settings.trace = true;
    else
      settings.files.emplace_back(argument);
  }
  int status = 70;
  if (!runOnStack(kLargeStack, [&] { status = runAll(settings); }))
    return 70;
  return status;
}
