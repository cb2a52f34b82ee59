// One line for each number: easy to look at, and nothing to be lenient about. A crash of the
// machine may bring back the checkpoint before the last one; that one is as good, only further
// back.
#include "branchline/Stream/Checkpoint.h"

#include "Descriptor.h"

#include "branchline/Format/InputBuffer.h"
#include "branchline/Lang/Errors.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace branchline::stream {
namespace {

constexpr std::string_view kHead = "branchline checkpoint 1\n";

struct Field {
  std::string_view name;
  uint64_t Checkpoint::*member;
};

constexpr Field kFields[] = {
    {"program", &Checkpoint::program},
    {"options", &Checkpoint::options},
    {"inputs", &Checkpoint::inputs},
    {"complete", &Checkpoint::complete},
    {"input", &Checkpoint::input},
    {"offset", &Checkpoint::offset},
    {"lines", &Checkpoint::lines},
    {"input-records", &Checkpoint::inputRecords},
    {"records", &Checkpoint::records},
    {"values", &Checkpoint::values},
    {"dropped", &Checkpoint::dropped},
    {"failed", &Checkpoint::failed},
    {"first-failure", &Checkpoint::firstFailure},
    {"output-bytes", &Checkpoint::outputBytes},
    {"output-begun", &Checkpoint::outputBegun},
    {"error-bytes", &Checkpoint::errorBytes},
};

std::string checksumLine(std::string_view text) {
  return fmt::format("checksum {}\n", Fingerprint().add(text).value());
}

/// Takes `NAME NUMBER\n` from the front of a text.
bool takeField(std::string_view &text, std::string_view name, uint64_t &number) {
  if (!text.starts_with(name) || text.substr(name.size(), 1) != " ")
    return false;
  text.remove_prefix(name.size() + 1);
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  if (failure != std::errc() || !text.starts_with('\n'))
    return false;
  text.remove_prefix(1);
  return true;
}

/// \returns an errno; 0 for success
int writeDurably(const std::string &path, std::string_view text) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666),
                  Descriptor::Owned::Yes);
  if (file.number() < 0)
    return errno;
  while (!text.empty()) {
    const ssize_t written = ::write(file.number(), text.data(), text.size());
    if (written >= 0)
      text.remove_prefix(static_cast<size_t>(written));
    else if (errno != EINTR)
      return errno;
  }
  return ::fsync(file.number()) == 0 ? file.close() : errno;
}

} // namespace

void Fingerprint::mix(std::string_view bytes) {
  for (const char byte : bytes)
    hash_ = (hash_ ^ static_cast<unsigned char>(byte)) * 0x0000'0100'0000'01b3;
}

Fingerprint &Fingerprint::add(std::string_view text) {
  mix(text);
  return add(text.size());
}

Fingerprint &Fingerprint::add(uint64_t number) {
  for (int i = 0; i < 8; ++i, number >>= 8) {
    const char byte = static_cast<char>(number & 0xFF);
    mix({&byte, 1});
  }
  return *this;
}

std::string renderCheckpoint(const Checkpoint &checkpoint) {
  std::string text(kHead);
  for (const Field &field : kFields)
    text += fmt::format("{} {}\n", field.name, checkpoint.*field.member);
  return text + checksumLine(text);
}

std::optional<Checkpoint> parseCheckpoint(std::string_view text) {
  Checkpoint checkpoint;
  std::string_view rest = text;
  if (!rest.starts_with(kHead))
    return std::nullopt;
  rest.remove_prefix(kHead.size());
  for (const Field &field : kFields)
    if (!takeField(rest, field.name, checkpoint.*field.member))
      return std::nullopt;
  // Also refuses other spellings of the same numbers.
  if (renderCheckpoint(checkpoint) != text)
    return std::nullopt;
  return checkpoint;
}

Expected<void, Error> saveCheckpoint(const std::string &path, const Checkpoint &checkpoint) {
  // Always the same name, so that a killed run leaves at most one file behind.
  const std::string fresh = path + ".new";
  const int code = writeDurably(fresh, renderCheckpoint(checkpoint));
  if (code == 0 && ::rename(fresh.c_str(), path.c_str()) == 0)
    return {};
  Error error = error::make<error::Id::CannotWriteFile>(path, reasonOf(code != 0 ? code : errno));
  error.file = path;
  return Unexpected(std::move(error));
}

Expected<std::optional<Checkpoint>, Error> loadCheckpoint(const std::string &path) {
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT)
    return std::optional<Checkpoint>();
  BL_TRY(const format::InputBuffer buffer,
         format::InputBuffer::fromFile(path, format::InputBuffer::Access::Copy));
  const std::optional<Checkpoint> checkpoint = parseCheckpoint(buffer.text());
  if (!checkpoint) {
    Error error = error::make<error::Id::CheckpointDamaged>(path);
    error.file = path;
    return Unexpected(std::move(error));
  }
  return checkpoint;
}

} // namespace branchline::stream
