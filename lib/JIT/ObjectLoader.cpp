// Reads, places, relocates and protects. Every offset is checked before it is used: objects come
// from files that anything may have happened to.
#include "branchline/JIT/ObjectLoader.h"

#include "DebuggerInterface.h"
#include "LineTable.h"

#include <cstring>
#include <elf.h>
#include <limits>
#include <optional>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace branchline::jit {

struct MachineCode::SymbolTable {
  std::vector<Symbol> functions;
  std::vector<Line> lines;
  std::optional<DebuggerEntry> debugger;
};

MachineCode::~MachineCode() {
  delete symbols_; // debuggers forget the code before it goes away
  if (memory_)
    ::munmap(memory_, size_);
}

MachineCode::MachineCode(MachineCode &&other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)), size_(std::exchange(other.size_, 0)),
      symbols_(std::exchange(other.symbols_, nullptr)) {}

MachineCode &MachineCode::operator=(MachineCode &&other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(size_, other.size_);
  std::swap(symbols_, other.symbols_);
  return *this;
}

const void *MachineCode::find(std::string_view symbol) const {
  if (symbols_)
    for (const Symbol &known : symbols_->functions)
      if (known.name == symbol)
        return memory_ + known.offset;
  return nullptr;
}

std::vector<MachineCode::Function> MachineCode::functions() const {
  std::vector<Function> found;
  if (symbols_)
    for (const Symbol &known : symbols_->functions)
      found.push_back({known.name, memory_ + known.offset, known.bytes});
  return found;
}

const std::vector<MachineCode::Line> &MachineCode::lines() const {
  static const auto *const kNone = new std::vector<Line>;
  return symbols_ ? symbols_->lines : *kNone;
}

/// One object file. Steps return a message when they fail, empty when they do not.
class ObjectReader {
public:
  explicit ObjectReader(std::string_view bytes) : bytes_(bytes) {}

  std::string read(MachineCode &out, bool debug) {
    using Step = std::string (ObjectReader::*)();
    for (Step step :
         {&ObjectReader::readHeader, &ObjectReader::placeSections, &ObjectReader::readSymbols,
          &ObjectReader::allocate, &ObjectReader::relocateAll, &ObjectReader::protect})
      if (std::string problem = (this->*step)(); !problem.empty())
        return problem;
    if (debug) {
      code_.symbols_->lines = readLineTable(lineSection());
      code_.symbols_->debugger.emplace(objectInMemory());
    }
    out = std::move(code_);
    return {};
  }

private:
  static constexpr size_t kMaxBytes = size_t(1) << 30;
  static constexpr size_t kNotPlaced = std::numeric_limits<size_t>::max();

  template <class T> bool get(uint64_t offset, T &out) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T))
      return false;
    std::memcpy(&out, bytes_.data() + offset, sizeof(T));
    return true;
  }
  /// The bytes of a section that has any.
  bool contents(const Elf64_Shdr &section, std::string_view &out) const {
    if (section.sh_offset > bytes_.size() || section.sh_size > bytes_.size() - section.sh_offset)
      return false;
    out = bytes_.substr(section.sh_offset, section.sh_size);
    return true;
  }

  std::string readHeader() {
    Elf64_Ehdr header;
    if (bytes_.size() > kMaxBytes || !get(0, header))
      return "not an object file";
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_type != ET_REL || header.e_machine != EM_X86_64 ||
        header.e_shentsize != sizeof(Elf64_Shdr))
      return "not an object file for this machine";
    sections_.resize(header.e_shnum);
    for (size_t i = 0; i < sections_.size(); ++i)
      if (!get(header.e_shoff + i * sizeof(Elf64_Shdr), sections_[i]))
        return "a section header is outside the file";
    return {};
  }

  /// Code first, then data on pages of its own.
  std::string placeSections() {
    place_.assign(sections_.size(), kNotPlaced);
    const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
    for (bool executable : {true, false}) {
      size_ = (size_ + page - 1) / page * page;
      for (size_t i = 0; i < sections_.size(); ++i) {
        const Elf64_Shdr &section = sections_[i];
        const bool isCode = (section.sh_flags & SHF_EXECINSTR) != 0;
        if (!(section.sh_flags & SHF_ALLOC) || isCode != executable)
          continue;
        if (section.sh_type != SHT_PROGBITS && section.sh_type != SHT_X86_64_UNWIND)
          return "a section of unknown type";
        std::string_view ignored;
        if (!contents(section, ignored))
          return "a section is outside the file";
        const uint64_t align = section.sh_addralign == 0 ? 1 : section.sh_addralign;
        if (align > page || (align & (align - 1)) != 0)
          return "a section with an alignment that is none";
        size_ = (size_ + align - 1) & ~(align - 1);
        place_[i] = size_;
        size_ += section.sh_size;
        if (size_ > kMaxBytes)
          return "the sections are too large";
      }
      if (executable)
        codeBytes_ = size_;
    }
    if (size_ == 0)
      return "the object has no code";
    size_ = (size_ + page - 1) / page * page;
    codeBytes_ = (codeBytes_ + page - 1) / page * page;
    return {};
  }

  std::string readSymbols() {
    for (const Elf64_Shdr &section : sections_) {
      if (section.sh_type != SHT_SYMTAB)
        continue;
      std::string_view table, names;
      if (section.sh_link >= sections_.size() || !contents(section, table) ||
          !contents(sections_[section.sh_link], names))
        return "the symbol table is outside the file";
      for (size_t at = 0; table.size() - at >= sizeof(Elf64_Sym); at += sizeof(Elf64_Sym)) {
        Elf64_Sym symbol;
        std::memcpy(&symbol, table.data() + at, sizeof symbol);
        symbols_.push_back(symbol);
        if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || !addressOf(symbol))
          continue;
        if (symbol.st_name >= names.size())
          return "a symbol has its name outside the file";
        const std::string_view name = names.substr(symbol.st_name);
        functions_.push_back(
            {std::string(name.substr(0, name.find('\0'))), *addressOf(symbol), symbol.st_size});
      }
    }
    return {};
  }

  /// Where a symbol is in memory, if the object defines it inside a placed section.
  const size_t *addressOf(const Elf64_Sym &symbol) {
    if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= sections_.size() ||
        place_[symbol.st_shndx] == kNotPlaced ||
        symbol.st_value > sections_[symbol.st_shndx].sh_size)
      return nullptr;
    found_ = place_[symbol.st_shndx] + symbol.st_value;
    return &found_;
  }

  std::string allocate() {
    void *memory =
        ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
      return "the system has no memory for it";
    code_.memory_ = static_cast<char *>(memory);
    code_.size_ = size_;
    code_.symbols_ = new MachineCode::SymbolTable{std::move(functions_), {}, std::nullopt};
    for (size_t i = 0; i < sections_.size(); ++i) {
      std::string_view text;
      if (place_[i] != kNotPlaced && contents(sections_[i], text) && !text.empty())
        std::memcpy(code_.memory_ + place_[i], text.data(), text.size());
    }
    return {};
  }

  std::string relocateAll() {
    for (const Elf64_Shdr &section : sections_) {
      if (section.sh_type == SHT_REL)
        return "relocations of an unknown form";
      if (section.sh_type != SHT_RELA)
        continue;
      std::string_view table;
      if (section.sh_info >= sections_.size() || !contents(section, table))
        return "relocations are outside the file";
      if (place_[section.sh_info] == kNotPlaced)
        continue; // of what is not loaded
      for (size_t at = 0; table.size() - at >= sizeof(Elf64_Rela); at += sizeof(Elf64_Rela)) {
        Elf64_Rela entry;
        std::memcpy(&entry, table.data() + at, sizeof entry);
        if (std::string problem = relocate(section.sh_info, entry); !problem.empty())
          return problem;
      }
    }
    return {};
  }

  std::string relocate(size_t target, const Elf64_Rela &entry) {
    const uint64_t index = ELF64_R_SYM(entry.r_info);
    if (index >= symbols_.size() || !addressOf(symbols_[index]))
      return "it refers to something outside itself";
    const auto value = static_cast<int64_t>(reinterpret_cast<uintptr_t>(code_.memory_) + found_);
    const uint64_t type = ELF64_R_TYPE(entry.r_info);
    const size_t width = type == R_X86_64_64 ? 8 : 4;
    if (sections_[target].sh_size < width || entry.r_offset > sections_[target].sh_size - width)
      return "a relocation is outside its section";
    char *place = code_.memory_ + place_[target] + entry.r_offset;
    int64_t sum = 0;
    if (__builtin_add_overflow(value, entry.r_addend, &sum))
      return "a relocation does not fit";
    if (type == R_X86_64_64) {
      std::memcpy(place, &sum, sizeof sum);
      return {};
    }
    if (type != R_X86_64_PC32 && type != R_X86_64_PLT32)
      return "a relocation of an unknown type";
    const int64_t distance = sum - static_cast<int64_t>(reinterpret_cast<uintptr_t>(place));
    const auto narrow = static_cast<int32_t>(distance);
    if (narrow != distance)
      return "a relocation does not fit";
    std::memcpy(place, &narrow, sizeof narrow);
    return {};
  }

  std::string protect() {
    const bool done =
        (codeBytes_ == 0 || ::mprotect(code_.memory_, codeBytes_, PROT_READ | PROT_EXEC) == 0) &&
        (codeBytes_ == size_ ||
         ::mprotect(code_.memory_ + codeBytes_, size_ - codeBytes_, PROT_READ) == 0);
    return done ? std::string() : "the system does not let this process run code it made";
  }

  /// The contents of `.debug_line` with addresses of code in memory; empty when there is none, or
  /// it is not of the kind we make.
  std::string lineSection() {
    std::string_view names, text;
    Elf64_Ehdr header;
    if (!get(0, header) || header.e_shstrndx >= sections_.size() ||
        !contents(sections_[header.e_shstrndx], names))
      return {};
    size_t found = 0;
    for (size_t i = 0; i < sections_.size(); ++i)
      if (sections_[i].sh_name < names.size() &&
          names.substr(sections_[i].sh_name).starts_with(std::string_view(".debug_line\0", 12)))
        found = i;
    if (found == 0 || !contents(sections_[found], text))
      return {};
    std::string lines(text);
    for (const Elf64_Shdr &section : sections_) {
      std::string_view table;
      if (section.sh_type != SHT_RELA || section.sh_info != found || !contents(section, table))
        continue;
      for (size_t at = 0; table.size() - at >= sizeof(Elf64_Rela); at += sizeof(Elf64_Rela)) {
        Elf64_Rela entry;
        std::memcpy(&entry, table.data() + at, sizeof entry);
        const uint64_t index = ELF64_R_SYM(entry.r_info);
        if (ELF64_R_TYPE(entry.r_info) != R_X86_64_64 || index >= symbols_.size() ||
            !addressOf(symbols_[index]) || lines.size() < sizeof(uint64_t) ||
            entry.r_offset > lines.size() - sizeof(uint64_t))
          return {};
        const uint64_t address = reinterpret_cast<uintptr_t>(code_.memory_) + found_ +
                                 static_cast<uint64_t>(entry.r_addend);
        std::memcpy(lines.data() + entry.r_offset, &address, sizeof address);
      }
    }
    return lines;
  }

  /// A copy of the object that says where its sections are; debuggers apply the relocations of what
  /// is not loaded themselves.
  std::string objectInMemory() const {
    std::string copy(bytes_);
    Elf64_Ehdr header;
    std::memcpy(&header, copy.data(), sizeof header);
    for (size_t i = 0; i < sections_.size(); ++i) {
      if (place_[i] == kNotPlaced)
        continue;
      Elf64_Shdr section = sections_[i];
      section.sh_addr = reinterpret_cast<uintptr_t>(code_.memory_) + place_[i];
      std::memcpy(copy.data() + header.e_shoff + i * sizeof section, &section, sizeof section);
    }
    return copy;
  }

  std::string_view bytes_;
  std::vector<Elf64_Shdr> sections_;
  std::vector<size_t> place_; // by section
  std::vector<Elf64_Sym> symbols_;
  std::vector<MachineCode::Symbol> functions_;
  size_t found_ = 0;
  size_t size_ = 0;
  size_t codeBytes_ = 0;
  MachineCode code_;
};

Expected<MachineCode, std::string> MachineCode::load(std::string_view object, bool debug) {
  MachineCode code;
  std::string problem = ObjectReader(object).read(code, debug);
  if (!problem.empty())
    return Unexpected(std::move(problem));
  return code;
}

} // namespace branchline::jit
