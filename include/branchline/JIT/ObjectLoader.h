// Puts an object file into memory to run it: relocatable ELF for x86-64 whose only references are
// to itself. Public for its fuzz target.
#pragma once

#include "branchline/Support/Expected.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace branchline::jit {

/// Machine code in memory that can be executed and not written. Movable, frees the memory.
class MachineCode {
public:
  /// \param object  any bytes; borrowed for the call.
  /// \errors what is wrong with the object, as a text. \complexity O(bytes)
  static Expected<MachineCode, std::string> load(std::string_view object);

  MachineCode() = default;
  ~MachineCode();
  MachineCode(MachineCode &&other) noexcept;
  MachineCode &operator=(MachineCode &&other) noexcept;

  /// The address of a function by its symbol, or null. \complexity O(symbols)
  const void *find(std::string_view symbol) const;
  size_t bytes() const { return size_; }

private:
  struct Symbol {
    std::string name;
    size_t offset;
  };
  friend class ObjectReader;

  char *memory_ = nullptr;
  size_t size_ = 0;
  struct SymbolTable;
  SymbolTable *symbols_ = nullptr;
};

} // namespace branchline::jit
