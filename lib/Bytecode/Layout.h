// The frame around the sections of a file: header, section table, checksum. Private to Bytecode.
//
// All numbers little-endian:
//    0  4 bytes  magic `BLBC`
//    4  u16      version
//    6  u16      features, 0
//    8  u64      checksum of everything from byte 16 on
//   16  u32      size of the file
//   20  u32      number of sections
//   24  per section: u32 id (ascending), u32 size
//       then the sections, one behind the other
#pragma once

#include "Sections.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace branchline::bytecode {

inline constexpr size_t kChecksumOffset = 8;
inline constexpr size_t kChecksumStart = 16;
inline constexpr size_t kHeaderBytes = 24;
inline constexpr size_t kSectionEntryBytes = 8;

enum class SectionId : uint32_t {
#define BL_SECTION(Name, Id, Text, Doc) Name = Id,
#include "Sections.def"
};

struct SectionInfo {
  SectionId id;
  std::string_view text;
};

inline constexpr auto kSections = std::to_array<SectionInfo>({
#define BL_SECTION(Name, Id, Text, Doc) {SectionId::Name, Text},
#include "Sections.def"
});

/// Whether a file may lack a section, and a reader skip it.
constexpr bool isOptional(uint32_t id) { return id >= 0x8000'0000; }

template <class T> T readFixed(std::string_view bytes, size_t at) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>(value | static_cast<T>(static_cast<unsigned char>(bytes[at + i]))
                                       << (8 * i));
  return value;
}

template <class T> void writeFixed(std::string &bytes, size_t at, T value) {
  for (size_t i = 0; i < sizeof(T); ++i)
    bytes[at + i] = static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
}

/// Detects damage, not forgery. \complexity linear
uint64_t checksum(std::string_view bytes);

} // namespace branchline::bytecode
