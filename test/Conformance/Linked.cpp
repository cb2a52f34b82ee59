// Both streams go to files, so that a program that writes much waits for nobody.
#include "Linked.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <vector>

extern char **environ;

namespace branchline::conformance {
namespace {

std::string readFile(const std::string &path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

} // namespace

CaseFolder::CaseFolder() {
  std::string path = std::filesystem::temp_directory_path() / "conformance.XXXXXX";
  if (::mkdtemp(path.data()))
    path_ = path;
}

CaseFolder::~CaseFolder() {
  std::error_code ignored;
  if (!path_.empty())
    std::filesystem::remove_all(path_, ignored);
}

ProcessOutcome CaseFolder::run(const Case &theCase) const {
  const std::string input = path_ + "/case.json", output = path_ + "/out",
                    messages = path_ + "/err";
  std::ofstream(input, std::ios::binary) << theCase.input.value_or("{}");
  std::vector<std::string> words = {program(), "--output-format", "json-compact", "--input", input};
  words.insert(words.end(), theCase.arguments.begin(), theCase.arguments.end());
  std::vector<char *> pointers;
  for (std::string &word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  for (const auto &[descriptor, path] : {std::pair{1, &output}, {2, &messages}})
    ::posix_spawn_file_actions_addopen(&actions, descriptor, path->c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t child = 0;
  const int failure =
      ::posix_spawn(&child, pointers.front(), &actions, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failure != 0)
    return {failure, {}, fmt::format("cannot be started: {}", failure)};
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), readFile(output),
          readFile(messages)};
}

} // namespace branchline::conformance
