// A program as bytes.
#include "branchline/Bytecode/File.h"

#include "Encoder.h"
#include "Layout.h"

#include <algorithm>

namespace branchline::bytecode {
namespace {

void writeSection(SectionId id, Encoder &encoder, const Program &program) {
  switch (id) {
#define BL_SECTION(Name, Id, Text, Doc)                                                            \
  case SectionId::Name:                                                                            \
    return visit##Name(encoder, program);
#include "Sections.def"
  }
}

bool hasPlaces(const Function &function) {
  return !function.lines.empty() ||
         std::any_of(function.inlineSites.begin(), function.inlineSites.end(),
                     [](const InlineSite &site) { return site.at.line != 0; });
}

bool isPresent(SectionId id, const Program &program, const WriteOptions &options) {
  if (id == SectionId::Source)
    return !options.strip && !(program.sourceName.empty() && program.source.empty());
  if (id == SectionId::Lines)
    return !options.strip &&
           std::any_of(program.functions.begin(), program.functions.end(),
                       [](const Function &function) { return hasPlaces(function); });
  return true;
}

} // namespace

std::string write(const Program &program, const WriteOptions &options) {
  struct Entry {
    SectionId id;
    size_t size;
  };
  std::vector<Entry> entries;
  std::string body;
  Encoder encoder(body);
  for (const SectionInfo &section : kSections) {
    if (!isPresent(section.id, program, options))
      continue;
    const size_t begin = body.size();
    writeSection(section.id, encoder, program);
    entries.push_back({section.id, body.size() - begin});
  }
  std::string file(kHeaderBytes + entries.size() * kSectionEntryBytes, '\0');
  std::copy(kMagic.begin(), kMagic.end(), file.begin());
  writeFixed<uint16_t>(file, 4, kFormatVersion);
  writeFixed<uint32_t>(file, 16, static_cast<uint32_t>(file.size() + body.size()));
  writeFixed<uint32_t>(file, 20, static_cast<uint32_t>(entries.size()));
  for (size_t i = 0; i < entries.size(); ++i) {
    const size_t at = kHeaderBytes + i * kSectionEntryBytes;
    writeFixed<uint32_t>(file, at, static_cast<uint32_t>(entries[i].id));
    writeFixed<uint32_t>(file, at + 4, static_cast<uint32_t>(entries[i].size));
  }
  file += body;
  repairChecksum(file);
  return file;
}

bool repairChecksum(std::string &bytes) {
  if (bytes.size() < kHeaderBytes)
    return false;
  writeFixed<uint64_t>(bytes, kChecksumOffset,
                       checksum(std::string_view(bytes).substr(kChecksumStart)));
  return true;
}

} // namespace branchline::bytecode
