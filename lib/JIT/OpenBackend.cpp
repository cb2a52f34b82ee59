// Finds and opens the shared object with LLVM: beside the program, or in `../lib` from there.
#include "OpenBackend.h"

#include "branchline/JIT/JIT.h"
#include "branchline/Lang/Errors.h"

#if BRANCHLINE_ENABLE_JIT
#include <array>
#include <dlfcn.h>
#include <limits.h>
#include <mutex>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace branchline::jit {

#if BRANCHLINE_ENABLE_JIT

namespace {

/// The folder of the running program; empty when the system does not tell.
std::string programFolder() {
  std::array<char, PATH_MAX> path;
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0)
    return {};
  std::string text(path.data(), static_cast<size_t>(length));
  return text.substr(0, text.rfind('/'));
}

constexpr const char *kName = "libbranchline-jit.so";

/// Where the shared object may be.
std::array<std::string, 2> candidates(const std::string &folder) {
  return {folder + "/" + kName, folder + "/../lib/" + kName};
}

/// Opened once and kept: what it made may be in use until the process ends.
struct Opened {
  BackendCompile compile = nullptr;
  std::string problem;
};

Opened open() {
  Opened opened;
  const std::string folder = programFolder();
  for (const std::string &path : candidates(folder)) {
    if (::access(path.c_str(), F_OK) != 0)
      continue;
    void *library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
      opened.problem = ::dlerror();
      return opened;
    }
    opened.compile = reinterpret_cast<BackendCompile>(::dlsym(library, kBackendSymbol));
    if (!opened.compile)
      opened.problem = path + " belongs to another build";
    return opened;
  }
  opened.problem =
      std::string(kName) + " is neither in " + folder + " nor in " + folder + "/../lib";
  return opened;
}

} // namespace

bool isAvailable() { return true; }

Expected<std::string, Error> compileWithBackend(const BackendRequest &request) {
  static std::mutex mutex;
  static Opened *opened = nullptr; // lives as long as the process
  {
    const std::lock_guard lock(mutex);
    if (!opened)
      opened = new Opened(open());
  }
  if (!opened->compile)
    return Unexpected(error::make<error::Id::JitLibrary>(opened->problem));
  BackendReply reply{};
  const int failed = opened->compile(&request, &reply);
  std::string text(reply.data, reply.size);
  reply.release(reply.data);
  if (failed)
    return Unexpected(error::make<error::Id::JitCode>(text));
  return text;
}

std::string backendStamp() {
  struct stat found;
  for (const std::string &path : candidates(programFolder()))
    if (::stat(path.c_str(), &found) == 0)
      return std::to_string(found.st_size) + "." + std::to_string(found.st_mtim.tv_sec) + "." +
             std::to_string(found.st_mtim.tv_nsec);
  return {};
}

#else

bool isAvailable() { return false; }

std::string backendStamp() { return {}; }

Expected<std::string, Error> compileWithBackend(const BackendRequest &) {
  return Unexpected(error::make<error::Id::JitMissing>());
}

#endif

} // namespace branchline::jit
