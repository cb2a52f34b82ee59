// The file format `.blbc`: writing, reading, and the text form. docs/Bytecode.md tells
// the bytes. Reading always verifies.
#pragma once

#include "branchline/Bytecode/Program.h"
#include "branchline/Support/Diagnostic.h"
#include "branchline/Support/Error.h"

#include <memory>
#include <string>
#include <string_view>

namespace branchline::bytecode {

/// First bytes of every file.
inline constexpr std::string_view kMagic = "BLBC";
/// Raised whenever the meaning of a byte changes; files of another version are refused.
inline constexpr uint16_t kFormatVersion = 3;

struct WriteOptions {
  bool strip = false; // leaves out source, source name and line tables
};

/// The bytes of a file; the same program and options give the same bytes.
std::string write(const Program &program, const WriteOptions &options = {});

/// \param bytes  untrusted. \returns a verified program
/// \errors BL50xx: foreign or damaged file, unknown version, limits; BL51xx: verification
Expected<std::unique_ptr<Program>, Error> read(std::string_view bytes);

/// Makes the checksum of a file that was changed match again; for tools that test the reader.
/// \returns false when there is no room for a checksum
bool repairChecksum(std::string &bytes);

/// Text form, and back: disassemble → assemble → disassemble is the identity.
std::string disassemble(const Program &program);
/// \returns null after reporting errors (BL52xx) to `sink`. The result is not verified.
std::unique_ptr<Program> assemble(const SourceText &source, DiagnosticSink &sink);

/// What a file does not say about itself; checked against the host before a run.
/// \returns the names of imported host functions that `available` lacks
std::vector<std::string> missingHostFunctions(const Program &program,
                                              const std::vector<std::string> &available);

} // namespace branchline::bytecode
