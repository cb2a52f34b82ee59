// Compressed inputs of any bytes: no crash, bounded memory, and what comes out does not depend on
// how it is asked for.
#include "branchline/Stream/Source.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace {

using namespace branchline;

/// Some bytes become a thousand times as many; the first ones tell as much.
constexpr size_t kMaxOutput = size_t(1) << 20;

std::string readAll(const std::string &path, size_t piece, std::string &message) {
  std::string text;
  auto source = stream::openSource(path);
  const auto block = std::make_unique<char[]>(piece);
  while (source && text.size() < kMaxOutput) {
    auto got = (*source)->read(block.get(), piece);
    if (!got || *got == 0) {
      message = got ? "" : got.error().message;
      return text;
    }
    text.append(block.get(), *got);
  }
  text.resize(std::min(text.size(), kMaxOutput));
  message = "too much";
  return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const int file = ::memfd_create("input", MFD_CLOEXEC);
  if (file < 0 || ::write(file, data, size) != static_cast<ssize_t>(size))
    std::abort();
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  std::string first, second;
  const std::string large = readAll(path, 100'000, first);
  const std::string small = readAll(path, 333, second);
  ::close(file);
  if (large != small || first != second) {
    std::fprintf(stderr, "DecompressFuzzer: pieces make a difference\n");
    std::abort();
  }
  return 0;
}
