// Bytes as a program: the frame of the file, its sections, then the verifier.
#include "branchline/Bytecode/File.h"

#include "Decoder.h"
#include "Layout.h"
#include "branchline/Bytecode/Verifier.h"
#include "branchline/Lang/Errors.h"

#include <algorithm>

namespace branchline::bytecode {
namespace {

class Reader {
public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  Expected<std::unique_ptr<Program>, Error> run();

private:
  Expected<void, Error> checkHeader() const;
  Expected<void, Error> readSections();
  Expected<void, Error> readSection(uint32_t id, size_t begin, size_t end);
  Error invalid(const VerifyError &broken) const;

  static Unexpected<Error> malformed(size_t at, std::string_view what) {
    return Unexpected(error::make<error::Id::BytecodeMalformed>("header", at, what));
  }

  std::string_view bytes_;
  std::unique_ptr<Program> program_ = std::make_unique<Program>();
  std::vector<size_t> codeOffsets_;
};

Expected<std::unique_ptr<Program>, Error> Reader::run() {
  BL_CHECK(checkHeader());
  BL_CHECK(readSections());
  if (const auto broken = verify(*program_))
    return Unexpected(invalid(*broken));
  return std::move(program_);
}

Expected<void, Error> Reader::checkHeader() const {
  if (bytes_.size() < kMagic.size() || !bytes_.starts_with(kMagic))
    return Unexpected(error::make<error::Id::BytecodeForeign>());
  if (bytes_.size() >= 6)
    if (const auto version = readFixed<uint16_t>(bytes_, 4); version != kFormatVersion)
      return Unexpected(error::make<error::Id::BytecodeVersion>(version, kFormatVersion));
  if (bytes_.size() < kHeaderBytes)
    return Unexpected(error::make<error::Id::BytecodeTruncated>(bytes_.size(), kHeaderBytes));
  if (const auto features = readFixed<uint16_t>(bytes_, 6); features != 0)
    return Unexpected(error::make<error::Id::BytecodeFeatures>(features));
  const auto size = readFixed<uint32_t>(bytes_, 16);
  if (bytes_.size() < size)
    return Unexpected(error::make<error::Id::BytecodeTruncated>(bytes_.size(), size));
  if (bytes_.size() > size)
    return malformed(size, "bytes follow the end of the file");
  if (size > kMaxFileBytes)
    return Unexpected(error::make<error::Id::BytecodeLimit>(size, "bytes", kMaxFileBytes, 16));
  const auto declared = readFixed<uint64_t>(bytes_, kChecksumOffset);
  const uint64_t found = checksum(bytes_.substr(kChecksumStart));
  if (declared != found)
    return Unexpected(error::make<error::Id::BytecodeChecksum>(found, declared));
  return {};
}

Expected<void, Error> Reader::readSections() {
  const auto count = readFixed<uint32_t>(bytes_, 20);
  if (count > (bytes_.size() - kHeaderBytes) / kSectionEntryBytes)
    return malformed(20, "the section table does not fit the file");
  size_t begin = kHeaderBytes + count * kSectionEntryBytes;
  size_t known = 0; // row of kSections that may come next
  uint64_t last = 0;
  for (size_t i = 0; i < count; ++i) {
    const size_t at = kHeaderBytes + i * kSectionEntryBytes;
    const auto id = readFixed<uint32_t>(bytes_, at);
    const auto size = readFixed<uint32_t>(bytes_, at + 4);
    if (id <= last)
      return malformed(at, "sections are not in order");
    last = id;
    if (size > bytes_.size() - begin)
      return malformed(at, "a section does not fit the file");
    for (; known < kSections.size() && static_cast<uint32_t>(kSections[known].id) < id; ++known)
      if (!isOptional(static_cast<uint32_t>(kSections[known].id)))
        return malformed(at, fmt::format("section `{}` is missing", kSections[known].text));
    if (known < kSections.size() && static_cast<uint32_t>(kSections[known].id) == id)
      ++known;
    BL_CHECK(readSection(id, begin, begin + size));
    begin += size;
  }
  for (const SectionInfo &section : kSections)
    if (!isOptional(static_cast<uint32_t>(section.id)) && static_cast<uint32_t>(section.id) > last)
      return malformed(20, fmt::format("section `{}` is missing", section.text));
  if (begin != bytes_.size())
    return malformed(begin, "bytes belong to no section");
  return {};
}

void visitSection(SectionId id, Decoder &decoder, Program &program) {
  switch (id) {
#define BL_SECTION(Name, Id, Text, Doc)                                                            \
  case SectionId::Name:                                                                            \
    return visit##Name(decoder, program);
#include "Sections.def"
  }
}

Expected<void, Error> Reader::readSection(uint32_t id, size_t begin, size_t end) {
  const auto row =
      std::find_if(kSections.begin(), kSections.end(), [id](const SectionInfo &section) {
        return static_cast<uint32_t>(section.id) == id;
      });
  if (row == kSections.end()) {
    if (isOptional(id))
      return {};
    return Unexpected(error::make<error::Id::BytecodeSection>(id));
  }
  Decoder decoder(bytes_, begin, end, row->text);
  visitSection(row->id, decoder, *program_);
  if (!decoder.error() && !decoder.atEnd())
    decoder.fail(decoder.offset(), "bytes are left over");
  if (decoder.error())
    return Unexpected(*decoder.error());
  if (row->id == SectionId::Functions)
    codeOffsets_ = decoder.codeOffsets();
  return {};
}

/// The finding with its place, in the file too.
Error Reader::invalid(const VerifyError &broken) const {
  Error error = errorOf(broken);
  if (broken.functionIndex < codeOffsets_.size() && !broken.function.empty())
    error.message += fmt::format(" (file offset {})",
                                 codeOffsets_[broken.functionIndex] + size_t(broken.pc) * 8);
  return error;
}

} // namespace

Expected<std::unique_ptr<Program>, Error> read(std::string_view bytes) {
  return Reader(bytes).run();
}

std::vector<std::string> missingHostFunctions(const Program &program,
                                              const std::vector<std::string> &available) {
  std::vector<std::string> missing;
  for (const Import &import : program.imports)
    if (import.kind == Import::Kind::Host &&
        std::find(available.begin(), available.end(), import.name) == available.end())
      missing.push_back(import.name);
  return missing;
}

} // namespace branchline::bytecode
