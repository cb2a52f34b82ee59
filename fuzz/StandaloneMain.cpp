// Drives a fuzz target without libFuzzer: runs its entry point once over every file named on the
// command line, and over every file in every folder named there. It finds nothing new; it keeps the
// targets building and replays inputs that once failed.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace {

bool runFile(const std::filesystem::path &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    return false;
  }
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  // Named before the run, so that the culprit is known when the run does not come back.
  std::printf("%s: %zu bytes\n", path.c_str(), bytes.size());
  std::fflush(stdout);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
  return true;
}

bool runPath(const std::filesystem::path &path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error))
    return runFile(path);
  bool ok = true;
  for (const auto &entry : std::filesystem::directory_iterator(path, error))
    ok = runPath(entry.path()) && ok;
  return ok && !error;
}

} // namespace

int main(int argc, char **argv) {
  bool ok = true;
  for (int i = 1; i < argc; ++i)
    ok = runPath(argv[i]) && ok;
  return ok ? 0 : 1;
}
