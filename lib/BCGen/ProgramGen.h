// The tables of the program under construction. Private to BCGen.
#pragma once

#include "branchline/BCGen/BCGen.h"

#include <map>
#include <string>
#include <unordered_map>

namespace branchline::bcgen {

/// Interns constants, layouts, paths and imports; remembers the first bound of the encoding that
/// was exceeded.
class ProgramGen {
public:
  ProgramGen(const ir::Module &module, bytecode::Program &program)
      : module_(module), program_(program), constants_(module.constants.size(), ir::kNone) {}

  const ir::Module &module() const { return module_; }
  bytecode::Program &program() { return program_; }

  /// The program's constant for one of the module.
  uint32_t constant(ir::ConstId id);
  uint32_t constantInt(int64_t value);
  uint32_t layout(bytecode::Layout layout);
  uint32_t path(bytecode::Path path);
  uint32_t import(bytecode::Import::Kind kind, std::string_view name);

  /// Checks that an index fits 16 bits. \returns the index, 0 after noting the failure
  uint16_t index16(uint32_t index, std::string_view what);
  void fail(std::string message);
  const std::string &failure() const { return failure_; }

private:
  template <class T> uint32_t add(std::vector<T> &table, T row, const std::string &key);

  const ir::Module &module_;
  bytecode::Program &program_;
  std::vector<uint32_t> constants_; // ConstId → index in the program
  std::unordered_map<std::string, uint32_t> rows_;
  std::string failure_;
};

} // namespace branchline::bcgen
