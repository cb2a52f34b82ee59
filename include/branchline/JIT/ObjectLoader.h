// Puts an object file into memory to run it: relocatable ELF for x86-64 whose only references are
// to itself. Public for its fuzz target.
#pragma once

#include "branchline/Support/Expected.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::jit {

/// Machine code in memory that can be executed and not written. Movable, frees the memory.
class MachineCode {
public:
  /// \param object  any bytes; borrowed for the call.
  /// \param debug  keep lines, if the object has them, and make the code known to debuggers as long
  ///               as it lives
  /// \errors what is wrong with the object, as a text. \complexity O(bytes)
  static Expected<MachineCode, std::string> load(std::string_view object, bool debug = false);

  MachineCode() = default;
  ~MachineCode();
  MachineCode(MachineCode &&other) noexcept;
  MachineCode &operator=(MachineCode &&other) noexcept;

  /// The address of a function by its symbol, or null. \complexity O(symbols)
  const void *find(std::string_view symbol) const;
  size_t bytes() const { return size_; }

  struct Function {
    std::string symbol;
    const void *address;
    size_t bytes;
  };
  /// All functions. \complexity O(symbols)
  std::vector<Function> functions() const;

  /// From this address on code comes from this line, until the next row; 0: from none.
  struct Line {
    uint64_t address;
    uint32_t line;
  };
  /// In no particular order. \complexity O(1)
  const std::vector<Line> &lines() const;

private:
  struct Symbol {
    std::string name;
    size_t offset;
    size_t bytes;
  };
  friend class ObjectReader;

  char *memory_ = nullptr;
  size_t size_ = 0;
  struct SymbolTable;
  SymbolTable *symbols_ = nullptr;
};

} // namespace branchline::jit
