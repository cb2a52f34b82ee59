// Files and streams of the process, by system calls: no locale, no buffers that a crash could lose.
#include "branchline/Driver/System.h"

#include "branchline/Lang/Errors.h"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <glob.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace branchline::driver {
namespace {

std::string reasonOf(int code) { return std::error_code(code, std::generic_category()).message(); }

/// Writes everything or returns an errno; 0 for success.
int writeAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written >= 0)
      text.remove_prefix(static_cast<size_t>(written));
    else if (errno != EINTR)
      return errno;
  }
  return 0;
}

/// Writes to a name that exists and is no regular file (a device, a pipe): replacing it would take
/// it away from those who use it.
int writeThrough(const std::string &path, std::string_view text) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0)
    return errno;
  const int failure = writeAll(descriptor, text);
  const int closing = ::close(descriptor) == 0 ? 0 : errno;
  return failure != 0 ? failure : closing;
}

/// The permission bits a plain new file would get.
mode_t newFileMode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

/// Fills a file of another name in the same folder and renames it, so that readers see the old
/// content or the new one, never a part.
int writeBeside(const std::string &path, mode_t mode, std::string_view text) {
  std::string temporary = path + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0)
    return errno;
  int failure = writeAll(descriptor, text);
  if (failure == 0 && ::fchmod(descriptor, mode) != 0)
    failure = errno;
  if (::close(descriptor) != 0 && failure == 0)
    failure = errno;
  if (failure == 0 && ::rename(temporary.c_str(), path.c_str()) != 0)
    failure = errno;
  if (failure != 0)
    ::unlink(temporary.c_str());
  return failure;
}

int replaceContents(const std::string &path, std::string_view text) {
  std::error_code failure;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) {
    std::filesystem::create_directories(folder, failure);
    if (failure)
      return failure.value();
  }
  struct stat status;
  if (::stat(path.c_str(), &status) != 0)
    return errno == ENOENT ? writeBeside(path, newFileMode(), text) : errno;
  if (S_ISDIR(status.st_mode))
    return EISDIR;
  if (!S_ISREG(status.st_mode))
    return writeThrough(path, text);
  // A link stays a link: its target is replaced.
  char *resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr)
    return errno;
  const int result = writeBeside(resolved, status.st_mode & 07777, text);
  std::free(resolved);
  return result;
}

} // namespace

System::~System() = default;

Expected<std::unique_ptr<stream::Source>, Error> System::openSource(const std::string &path) {
  return stream::openSource(path, {&interrupt});
}

Expected<std::unique_ptr<stream::Sink>, Error>
System::openSink(const std::string &path, const stream::SinkOptions &options) {
  return stream::openSink(path, options);
}

Expected<void, Error> System::checkFile(const std::string &path) {
  int code = ::access(path.c_str(), R_OK) == 0 ? 0 : errno;
  if (code == 0 && isFolder(path))
    code = EISDIR;
  if (code == 0)
    return {};
  // A missing file's reason is its path (R5.12.12).
  Error error =
      error::make<error::Id::CannotReadFile>(path, code == ENOENT ? path : reasonOf(code));
  error.file = path;
  return Unexpected(std::move(error));
}

std::vector<std::string> System::matchFiles(const std::string &pattern) {
  glob_t found = {};
  std::vector<std::string> paths;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  return paths;
}

std::optional<FileState> System::stateOf(const std::string &path) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
    return std::nullopt;
  constexpr uint64_t kNanoseconds = 1'000'000'000;
  return FileState{static_cast<uint64_t>(status.st_size),
                   static_cast<uint64_t>(status.st_mtim.tv_sec) * kNanoseconds +
                       static_cast<uint64_t>(status.st_mtim.tv_nsec),
                   status.st_dev, status.st_ino};
}

Expected<format::InputBuffer, Error> NativeSystem::readFile(const std::string &path,
                                                            Access access) {
  return format::InputBuffer::fromFile(path, access);
}

Expected<format::InputBuffer, Error> NativeSystem::readStdin() {
  return format::InputBuffer::fromStdin();
}

Expected<void, Error> NativeSystem::writeStdout(std::string_view text) {
  const int failure = writeAll(STDOUT_FILENO, text);
  if (failure == 0)
    return {};
  Error error = error::make<error::Id::CannotWriteStdout>(reasonOf(failure));
  // The reader went away on purpose, as `head` does: the status says so, a message would be noise.
  if (failure == EPIPE)
    error.message.clear();
  return Unexpected(std::move(error));
}

void NativeSystem::writeStderr(std::string_view text) { (void)writeAll(STDERR_FILENO, text); }

Expected<void, Error> NativeSystem::replaceFile(const std::string &path, std::string_view text) {
  const int failure = replaceContents(path, text);
  if (failure == 0)
    return {};
  Error error = error::make<error::Id::CannotWriteFile>(path, reasonOf(failure));
  error.file = path;
  return Unexpected(std::move(error));
}

bool NativeSystem::isTerminal() { return ::isatty(STDOUT_FILENO) == 1; }

bool NativeSystem::isErrorTerminal() { return ::isatty(STDERR_FILENO) == 1; }

bool NativeSystem::isFolder(const std::string &path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

std::string NativeSystem::cacheFolder() const {
  auto absolute = [](const char *path) { return path && *path == '/'; };
  if (const char *base = std::getenv("XDG_CACHE_HOME"); absolute(base))
    return std::string(base) + "/branchline";
  if (const char *home = std::getenv("HOME"); absolute(home))
    return std::string(home) + "/.cache/branchline";
  return {};
}

} // namespace branchline::driver
