// Files are mapped: a program is a copy of what it needs.
#include "BytecodeFile.h"

#include "ScriptFile.h"
#include "branchline/Bytecode/File.h"

namespace branchline::driver {

Expected<std::unique_ptr<bytecode::Program>, Error> readBytecode(const std::string &path,
                                                                 System &system) {
  BL_TRY(const format::InputBuffer buffer,
         path == "-" ? system.readStdin() : system.readFile(path, System::Access::Map));
  auto program = bytecode::read(buffer.text());
  if (program)
    return program;
  Error error = program.error();
  error.file = scriptName(path);
  return Unexpected(std::move(error));
}

SourceText sourceOf(const bytecode::Program &program, const std::string &path) {
  return SourceText(program.sourceName.empty() ? scriptName(path) : program.sourceName,
                    program.source);
}

} // namespace branchline::driver
