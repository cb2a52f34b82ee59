// Reading bytecode files, and their program texts. Private to Driver.
#pragma once

#include "branchline/Bytecode/Program.h"
#include "branchline/Driver/System.h"

#include <memory>
#include <string>

namespace branchline::driver {

/// A verified program. \param path  `-`: standard input
/// \errors CannotReadFile, CannotReadStdin; those of bytecode::read, with the file's name
Expected<std::unique_ptr<bytecode::Program>, Error> readBytecode(const std::string &path,
                                                                 System &system);

/// The program text for reports; of a stripped file the name alone.
SourceText sourceOf(const bytecode::Program &program, const std::string &path);

} // namespace branchline::driver
