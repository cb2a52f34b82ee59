// Files are read by large reads, not mapped: see docs/performance.md for the measurement, and
// docs/Streams.md for what else speaks for it.
#include "RawInput.h"

#include "branchline/Lang/Errors.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace branchline::stream {
namespace {

/// A pipe as wide as an unprivileged process may have it: fewer switches between the two sides.
constexpr int kPipeBytes = 1 << 20;
/// How long a wish to stop may go unnoticed while there is nothing to read.
constexpr int kStopCheckMilliseconds = 50;

} // namespace

Error RawInput::failure(int code) const {
  // A missing file's reason is its path (R5.12.12).
  Error error =
      name_ == kStdinName
          ? error::make<error::Id::CannotReadStdin>(reasonOf(code))
          : error::make<error::Id::CannotReadFile>(name_, code == ENOENT ? name_ : reasonOf(code));
  error.file = name_;
  return error;
}

Expected<RawInput, Error> RawInput::open(const std::string &path, const SourceOptions &options) {
  const bool isStdin = path == "-";
  RawInput input(
      isStdin ? Descriptor(STDIN_FILENO, Descriptor::Owned::No)
              : Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC), Descriptor::Owned::Yes),
      isStdin ? kStdinName : path, options);
  const int file = input.file_.number();
  struct stat status;
  if (file < 0 || ::fstat(file, &status) != 0)
    return Unexpected(input.failure(errno));
  if (S_ISDIR(status.st_mode))
    return Unexpected(input.failure(EISDIR));
  if (S_ISREG(status.st_mode)) {
    input.isFile_ = true;
    if (const off_t at = isStdin ? ::lseek(file, 0, SEEK_CUR) : 0; at > 0)
      input.start_ = static_cast<uint64_t>(at);
    const auto size = static_cast<uint64_t>(status.st_size);
    input.total_ = size > input.start_ ? size - input.start_ : 0;
    (void)::posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL);
  } else if (S_ISFIFO(status.st_mode)) {
    (void)::fcntl(file, F_SETPIPE_SZ, kPipeBytes);
  }
  return input;
}

int RawInput::await() const {
  if (stop_ == nullptr)
    return 0;
  for (;;) {
    if (stop_->load(std::memory_order_relaxed))
      return EINTR;
    pollfd wanted{file_.number(), POLLIN, 0};
    const int ready = ::poll(&wanted, 1, kStopCheckMilliseconds);
    if (ready > 0)
      return 0;
    if (ready < 0 && errno != EINTR && errno != EAGAIN)
      return errno;
  }
}

bool RawInput::hasMore() const {
  pollfd wanted{file_.number(), POLLIN, 0};
  return ::poll(&wanted, 1, 0) > 0 && (wanted.revents & POLLIN) != 0;
}

Expected<size_t, Error> RawInput::readSome(char *into, size_t size) {
  for (;;) {
    if (!isFile_)
      if (const int code = await())
        return Unexpected(failure(code));
    const ssize_t got = ::read(file_.number(), into, size);
    if (got >= 0) {
      taken_ += static_cast<uint64_t>(got);
      return static_cast<size_t>(got);
    }
    if (errno == EAGAIN) { // somebody made the descriptor one that does not wait
      pollfd wanted{file_.number(), POLLIN, 0};
      (void)::poll(&wanted, 1, kStopCheckMilliseconds);
    } else if (errno != EINTR) {
      return Unexpected(failure(errno));
    }
  }
}

Expected<size_t, Error> RawInput::read(char *into, size_t size) {
  size_t filled = 0;
  if (aheadTaken_ < aheadSize_) {
    filled = std::min<size_t>(size, aheadSize_ - aheadTaken_);
    std::memcpy(into, ahead_.data() + aheadTaken_, filled);
    aheadTaken_ = static_cast<uint8_t>(aheadTaken_ + filled);
  }
  // One read gives at most what a pipe holds at the moment; a fast writer has filled it again.
  while (filled < size && (filled == 0 || isReady())) {
    BL_TRY(const size_t got, readSome(into + filled, size - filled));
    if (got == 0)
      break;
    filled += got;
  }
  return filled;
}

Expected<std::string_view, Error> RawInput::peek(size_t size) {
  while (aheadSize_ < size) {
    BL_TRY(const size_t got, readSome(ahead_.data() + aheadSize_, size - aheadSize_));
    if (got == 0)
      break;
    aheadSize_ = static_cast<uint8_t>(aheadSize_ + got);
  }
  return std::string_view(ahead_.data(), aheadSize_);
}

Expected<bool, Error> RawInput::seek(uint64_t offset) {
  if (!isFile_ || ::lseek(file_.number(), static_cast<off_t>(start_ + offset), SEEK_SET) < 0)
    return false;
  taken_ = offset;
  aheadTaken_ = aheadSize_;
  return true;
}

} // namespace branchline::stream
