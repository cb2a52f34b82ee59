// The compressed formats that are read and written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace branchline::stream {

enum class Compression : uint8_t { Gzip, Zstd };

/// What messages call a format.
constexpr const char *nameOf(Compression format) {
  return format == Compression::Gzip ? "gzip" : "zstd";
}

/// Bytes that `sniffCompression` wants to see.
inline constexpr size_t kSniffedBytes = 4;

/// The format of an input by its first bytes; none begins like JSON. \rule RFC 1952, RFC 8878
constexpr std::optional<Compression> sniffCompression(std::string_view beginning) {
  if (beginning.starts_with("\x1F\x8B"))
    return Compression::Gzip;
  // A frame, or one to be skipped: those differ in four bits of their first byte.
  const bool isSkippable = beginning.size() >= 4 && (beginning[0] & 0xF0) == 0x50 &&
                           beginning.substr(1, 3) == "\x2A\x4D\x18";
  if (isSkippable || beginning.starts_with("\x28\xB5\x2F\xFD"))
    return Compression::Zstd;
  return std::nullopt;
}

/// Whether more bytes could make `sniffCompression` see a format: what begins otherwise, such as a
/// short record in a pipe whose writer waits, needs no second look.
constexpr bool mayBeCompressed(std::string_view beginning) {
  if (beginning.empty())
    return true;
  constexpr std::string_view kGzip = "\x1F\x8B", kZstd = "\x28\xB5\x2F\xFD",
                             kSkippable = "\x2A\x4D\x18";
  return kGzip.starts_with(beginning) || kZstd.starts_with(beginning) ||
         ((beginning[0] & 0xF0) == 0x50 && kSkippable.starts_with(beginning.substr(1)));
}

/// The format of an output by the ending of its name.
constexpr std::optional<Compression> compressionOfName(std::string_view path) {
  if (path.ends_with(".gz"))
    return Compression::Gzip;
  if (path.ends_with(".zst"))
    return Compression::Zstd;
  return std::nullopt;
}

} // namespace branchline::stream
