// Other programs, and files that are made on the way to another one.
#include "branchline/Driver/System.h"

#include "branchline/Lang/Errors.h"

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

extern char **environ;

namespace branchline::driver {
namespace {

std::string reasonOf(int code) { return std::error_code(code, std::generic_category()).message(); }

Unexpected<Error> cannotWrite(const std::string &path, std::string_view reason) {
  Error error = error::make<error::Id::CannotWriteFile>(path, reason);
  error.file = path;
  return Unexpected(std::move(error));
}
Unexpected<Error> cannotWrite(const std::string &path, int code) {
  return cannotWrite(path, reasonOf(code));
}

/// Everything a descriptor still gives, which is closed then.
std::string readAll(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got > 0)
      text.append(buffer.data(), static_cast<size_t>(got));
    else if (got == 0 || errno != EINTR)
      break;
  }
  ::close(descriptor);
  return text;
}

} // namespace

std::string System::programFolder() const {
  std::array<char, PATH_MAX> path;
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0)
    return {};
  const std::string text(path.data(), static_cast<size_t>(length));
  return text.substr(0, text.rfind('/'));
}

std::string System::currentFolder() const {
  std::error_code failure;
  const std::filesystem::path folder = std::filesystem::current_path(failure);
  return failure ? std::string() : folder.string();
}

Expected<CommandResult, std::string> System::runCommand(const std::vector<std::string> &command) {
  std::array<int, 2> pipe;
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
    return Unexpected(reasonOf(errno));
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDERR_FILENO);
  std::vector<char *> words;
  for (const std::string &word : command)
    words.push_back(const_cast<char *>(word.c_str()));
  words.push_back(nullptr);
  pid_t child = 0;
  const int failure =
      ::posix_spawnp(&child, words.front(), &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  CommandResult result;
  result.messages = readAll(pipe[0]);
  if (failure != 0)
    return Unexpected(reasonOf(failure));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) // whoever started us may ignore the end of children
      return Unexpected(reasonOf(errno));
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

Expected<std::string, Error> System::replaceablePath(const std::string &path) {
  std::error_code failure;
  const std::filesystem::file_status status = std::filesystem::status(path, failure);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return cannotWrite(path, "it is no regular file");
  if (!std::filesystem::is_symlink(std::filesystem::symlink_status(path, failure)))
    return path;
  const std::filesystem::path target = std::filesystem::weakly_canonical(path, failure);
  return failure ? Expected<std::string, Error>(cannotWrite(path, failure.message()))
                 : target.string();
}

Expected<std::string, Error> System::makeTemporary(const std::string &path,
                                                   std::string_view content) {
  std::string made = path + ".XXXXXX.o";
  const int descriptor = ::mkostemps(made.data(), 2, O_CLOEXEC);
  if (descriptor < 0)
    return cannotWrite(path, errno);
  int failure = 0;
  while (!content.empty() && failure == 0) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written >= 0)
      content.remove_prefix(static_cast<size_t>(written));
    else if (errno != EINTR)
      failure = errno;
  }
  ::close(descriptor);
  if (failure == 0)
    return made;
  ::unlink(made.c_str());
  return cannotWrite(made, failure);
}

Expected<void, Error> System::renameFile(const std::string &from, const std::string &to) {
  if (::rename(from.c_str(), to.c_str()) != 0)
    return cannotWrite(to, errno);
  return {};
}

void System::removeFile(const std::string &path) { ::unlink(path.c_str()); }

} // namespace branchline::driver
