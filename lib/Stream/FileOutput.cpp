// Replacing by renaming, growing in place, writing through to pipes and devices.
#include "FileOutput.h"

#include "branchline/Lang/Errors.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace branchline::stream {
namespace {

constexpr int kNewFileMode = 0666; // less the mask of the process

/// Makes the folders a path leads through. \returns an errno; 0 for success
int createFolders(const std::string &path) {
  std::error_code failure;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (!folder.empty())
    std::filesystem::create_directories(folder, failure);
  return failure.value();
}

/// What the folder says about a file must survive a crash as well as the file.
int syncFolderOf(const std::string &path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const Descriptor opened(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
      Descriptor::Owned::Yes);
  return opened.number() < 0 || ::fsync(opened.number()) == 0 ? 0 : errno;
}

bool cannotSync(int code) { return code == EINVAL || code == ENOTSUP || code == EROFS; }

} // namespace

Error FileOutput::failure(int code) const {
  Error error = name_ == kStdoutName
                    ? error::make<error::Id::CannotWriteStdout>(reasonOf(code))
                    : error::make<error::Id::CannotWriteFile>(name_, reasonOf(code));
  if (name_ != kStdoutName)
    error.file = name_;
  // The status says that the reader went away; a message would be noise.
  if (code == EPIPE)
    error.message.clear();
  return error;
}

int FileOutput::openStdout() {
  file_ = Descriptor(STDOUT_FILENO, Descriptor::Owned::No);
  struct stat status;
  if (::fstat(STDOUT_FILENO, &status) != 0)
    return errno;
  isFile_ = S_ISREG(status.st_mode);
  const int flags = ::fcntl(STDOUT_FILENO, F_GETFL);
  if (isFile_ && flags >= 0 && (flags & O_APPEND) != 0)
    position_ = static_cast<uint64_t>(status.st_size);
  else if (const off_t at = isFile_ ? ::lseek(STDOUT_FILENO, 0, SEEK_CUR) : 0; at > 0)
    position_ = static_cast<uint64_t>(at);
  return 0;
}

int FileOutput::openAppend(uint64_t keep) {
  if (const int code = createFolders(path_))
    return code;
  isNew_ = ::access(path_.c_str(), F_OK) != 0;
  file_ = Descriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kNewFileMode),
                     Descriptor::Owned::Yes);
  struct stat status;
  if (file_.number() < 0 || ::fstat(file_.number(), &status) != 0)
    return errno;
  isFile_ = S_ISREG(status.st_mode);
  position_ = keep;
  if (!isFile_)
    return keep == 0 ? 0 : ESPIPE;
  if (static_cast<uint64_t>(status.st_size) < keep) {
    position_ = static_cast<uint64_t>(status.st_size);
    return EOVERFLOW;
  }
  const auto length = static_cast<off_t>(keep);
  if (::ftruncate(file_.number(), length) != 0 || ::lseek(file_.number(), length, SEEK_SET) < 0)
    return errno;
  return 0;
}

/// Opens a new file in the folder of the final one. `mode` < 0: that of any new file.
int FileOutput::createBeside(int mode) {
  for (unsigned attempt = 0;; ++attempt) {
    temporary_ = fmt::format("{}.{}-{}.tmp", path_, ::getpid(), attempt);
    file_ = Descriptor(
        ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kNewFileMode),
        Descriptor::Owned::Yes);
    if (file_.number() >= 0)
      break;
    if (errno != EEXIST) {
      temporary_.clear();
      return errno;
    }
  }
  isFile_ = true;
  return mode >= 0 && ::fchmod(file_.number(), static_cast<mode_t>(mode)) != 0 ? errno : 0;
}

int FileOutput::openReplace() {
  if (const int code = createFolders(path_))
    return code;
  struct stat status;
  if (::stat(path_.c_str(), &status) != 0)
    return errno == ENOENT ? createBeside(-1) : errno;
  if (S_ISDIR(status.st_mode))
    return EISDIR;
  if (!S_ISREG(status.st_mode)) {
    // Replacing a device or a pipe would take it away from those who use it.
    file_ = Descriptor(::open(path_.c_str(), O_WRONLY | O_CLOEXEC), Descriptor::Owned::Yes);
    return file_.number() >= 0 ? 0 : errno;
  }
  // A link stays a link: its target is replaced.
  char *resolved = ::realpath(path_.c_str(), nullptr);
  if (resolved == nullptr)
    return errno;
  path_ = resolved;
  std::free(resolved);
  return createBeside(static_cast<int>(status.st_mode & 07777));
}

Expected<FileOutput, Error> FileOutput::open(const std::string &path, const SinkOptions &options) {
  FileOutput output;
  const bool isStdout = path == "-";
  output.name_ = isStdout ? kStdoutName : path;
  output.path_ = path;
  const int code = isStdout                                    ? output.openStdout()
                   : options.mode == SinkOptions::Mode::Append ? output.openAppend(options.keep)
                                                               : output.openReplace();
  if (code == EOVERFLOW && options.mode == SinkOptions::Mode::Append) {
    Error error = error::make<error::Id::OutputTooShort>(path, output.position_, options.keep);
    error.file = path;
    return Unexpected(std::move(error));
  }
  if (code != 0)
    return Unexpected(output.failure(code));
  return output;
}

FileOutput::~FileOutput() {
  if (!temporary_.empty())
    ::unlink(temporary_.c_str());
}

Expected<void, Error> FileOutput::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.number(), bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
      position_ += static_cast<uint64_t>(written);
    } else if (errno == EAGAIN) { // somebody made the descriptor one that does not wait
      pollfd wanted{file_.number(), POLLOUT, 0};
      (void)::poll(&wanted, 1, -1);
    } else if (errno != EINTR) {
      return Unexpected(failure(errno));
    }
  }
  return {};
}

void FileOutput::dropBehind(uint64_t position) {
  struct stat status;
  if (!isFile_ || position >= position_ || ::fstat(file_.number(), &status) != 0 ||
      static_cast<uint64_t>(status.st_size) != position_)
    return;
  const auto length = static_cast<off_t>(position);
  if (::ftruncate(file_.number(), length) == 0 && ::lseek(file_.number(), length, SEEK_SET) >= 0)
    position_ = position;
}

Expected<void, Error> FileOutput::sync() {
  if (!isFile_)
    return {};
  if (::fdatasync(file_.number()) != 0 && !cannotSync(errno))
    return Unexpected(failure(errno));
  if (std::exchange(isNew_, false))
    if (const int code = syncFolderOf(path_); code != 0 && !cannotSync(code))
      return Unexpected(failure(code));
  return {};
}

Expected<void, Error> FileOutput::close() {
  if (const int code = file_.close())
    return Unexpected(failure(code));
  if (temporary_.empty())
    return {};
  if (::rename(temporary_.c_str(), path_.c_str()) != 0)
    return Unexpected(failure(errno));
  temporary_.clear();
  return {};
}

} // namespace branchline::stream
