// The machine of DWARF line programs. Sections may come from a file that anything may have happened
// to, so every read is checked and no number is believed.
#include "LineTable.h"

#include <cstring>

namespace branchline::jit {
namespace {

/// Bytes that are read from the front. After a read beyond the end everything is 0.
class Cursor {
public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

  bool good() const { return good_; }
  bool atEnd() const { return bytes_.empty() || !good_; }

  template <class T> T get() {
    T value{};
    const std::string_view taken = take(sizeof(T));
    if (taken.size() == sizeof(T))
      std::memcpy(&value, taken.data(), sizeof(T));
    return value;
  }
  std::string_view take(size_t count) {
    if (count > bytes_.size() || !good_) {
      good_ = false;
      return {};
    }
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  /// LEB128. \param isSigned  whether the highest bit of the last byte is a sign
  uint64_t number(bool isSigned = false) {
    uint64_t value = 0;
    for (unsigned shift = 0; good_ && shift < 64; shift += 7) {
      const auto byte = get<uint8_t>();
      value |= uint64_t(byte & 0x7F) << shift;
      if (byte < 0x80)
        return isSigned && (byte & 0x40) && shift + 7 < 64 ? value | ~uint64_t(0) << (shift + 7)
                                                           : value;
    }
    good_ = false;
    return 0;
  }

private:
  std::string_view bytes_;
  bool good_ = true;
};

/// Operations of line programs; numbers from `kFirstSpecial` on move both address and line.
enum Standard : uint8_t {
  kExtended = 0,
  kCopy = 1,
  kAdvanceAddress = 2,
  kAdvanceLine = 3,
  kSetFile = 4,
  kSetColumn = 5,
  kNegateStatement = 6,
  kBasicBlock = 7,
  kAddConstant = 8,
  kAddFixed = 9,
  kPrologueEnd = 10,
  kEpilogueBegin = 11,
  kSetIsa = 12,
  kFirstSpecial = 13
};
enum Extended : uint8_t { kEndSequence = 1, kSetAddress = 2 };

/// One unit of the section.
class LineProgram {
public:
  LineProgram(Cursor &header, std::string_view unit, std::vector<MachineCode::Line> &rows)
      : rows_(rows) {
    const auto version = header.get<uint16_t>();
    const auto headerBytes = header.get<uint32_t>();
    constexpr size_t kBefore = sizeof(uint16_t) + sizeof(uint32_t);
    step_ = header.get<uint8_t>();
    const auto parallel = header.get<uint8_t>();
    header.get<uint8_t>(); // whether rows are statements
    lineBase_ = header.get<int8_t>();
    lineRange_ = header.get<uint8_t>();
    const auto firstSpecial = header.get<uint8_t>();
    if (header.good() && version == 4 && parallel == 1 && lineRange_ != 0 &&
        firstSpecial == kFirstSpecial && unit.size() >= kBefore &&
        headerBytes <= unit.size() - kBefore)
      code_ = unit.substr(kBefore + headerBytes);
  }

  void run() {
    Cursor code(code_);
    while (!code.atEnd()) {
      const auto op = code.get<uint8_t>();
      if (op >= kFirstSpecial) {
        const unsigned adjusted = op - kFirstSpecial;
        address_ += uint64_t(adjusted / lineRange_) * step_;
        line_ += static_cast<uint32_t>(lineBase_ + static_cast<int>(adjusted % lineRange_));
        addRow();
      } else if (op == kExtended) {
        runExtended(code);
      } else {
        runStandard(code, op);
      }
    }
  }

private:
  void runExtended(Cursor &code) {
    Cursor rest(code.take(code.number()));
    const auto op = rest.get<uint8_t>();
    if (op == kSetAddress) {
      address_ = rest.get<uint64_t>();
    } else if (op == kEndSequence) {
      line_ = 0; // what follows belongs to no line
      addRow();
      address_ = 0;
      line_ = 1;
    }
  }

  void runStandard(Cursor &code, uint8_t op) {
    switch (op) {
    case kCopy:
      addRow();
      break;
    case kAdvanceAddress:
      address_ += code.number() * step_;
      break;
    case kAdvanceLine:
      line_ += static_cast<uint32_t>(code.number(true));
      break;
    case kAddConstant:
      address_ += uint64_t((255 - kFirstSpecial) / lineRange_) * step_;
      break;
    case kAddFixed:
      address_ += code.get<uint16_t>();
      break;
    case kSetFile:
    case kSetColumn:
    case kSetIsa:
      code.number();
      break;
    default: // marks without operands
      break;
    }
  }

  void addRow() { rows_.push_back({address_, line_}); }

  std::vector<MachineCode::Line> &rows_;
  std::string_view code_;
  uint8_t step_ = 1;
  int lineBase_ = 0;
  unsigned lineRange_ = 1;
  uint64_t address_ = 0;
  uint32_t line_ = 1;
};

} // namespace

std::vector<MachineCode::Line> readLineTable(std::string_view section) {
  std::vector<MachineCode::Line> rows;
  Cursor units(section);
  while (!units.atEnd()) {
    const std::string_view unit = units.take(units.get<uint32_t>());
    Cursor header(unit);
    if (!unit.empty())
      LineProgram(header, unit, rows).run();
  }
  return rows;
}

} // namespace branchline::jit
