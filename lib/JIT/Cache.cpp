// Files of the cache: a head, then the object. Written beside and renamed, so that readers see all
// of a file or none of it.
#include "Cache.h"

#include "OpenBackend.h"
#include "Plan.h"

#include "branchline/IR/Text.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace branchline::jit {
namespace {

struct Head {
  char magic[8];
  CacheKey key;
  uint64_t bytes;
  CacheKey check; // of the object
};

constexpr char kMagic[8] = {'B', 'L', 'N', 'A', 'T', 'I', 'V', '1'};
constexpr uint64_t kMaxBytes = uint64_t(1) << 28;

uint64_t mix(uint64_t a, uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

/// What the processor is and can do.
std::string processorText() {
  std::string text;
#if defined(__x86_64__)
  for (const auto &[leaf, sub] :
       std::array<std::array<unsigned, 2>, 5>{{{0, 0}, {1, 0}, {7, 0}, {7, 1}, {0x80000001u, 0}}}) {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid_count(leaf, sub, &a, &b, &c, &d))
      continue;
    if (leaf == 1)
      b = 0; // the number of the core that asked
    text += fmt::format("{:x}.{:x}:{:x},{:x},{:x},{:x};", leaf, sub, a, b, c, d);
  }
#endif
  return text;
}

/// Makes a folder and those above it.
bool makeFolder(const std::string &path) {
  for (size_t end = 1; end <= path.size(); ++end)
    if ((end == path.size() || path[end] == '/') &&
        ::mkdir(path.substr(0, end).c_str(), 0700) != 0 && errno != EEXIST && errno != EROFS &&
        errno != EACCES)
      return false;
  struct stat found;
  return ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

/// An open file, closed at the end.
class File {
public:
  File(const std::string &path, int flags, mode_t mode = 0)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode)) {}
  ~File() {
    if (descriptor_ >= 0)
      ::close(descriptor_);
  }
  File(const File &) = delete;
  File &operator=(const File &) = delete;
  explicit operator bool() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

  bool read(char *to, size_t bytes) const {
    while (bytes > 0) {
      const ssize_t got = ::read(descriptor_, to, bytes);
      if (got <= 0 && !(got < 0 && errno == EINTR))
        return false;
      to += std::max<ssize_t>(got, 0);
      bytes -= static_cast<size_t>(std::max<ssize_t>(got, 0));
    }
    return true;
  }
  bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t put = ::write(descriptor_, text.data(), text.size());
      if (put < 0 && errno != EINTR)
        return false;
      text.remove_prefix(static_cast<size_t>(std::max<ssize_t>(put, 0)));
    }
    return true;
  }

private:
  int descriptor_;
};

} // namespace

CacheKey hashBytes(std::string_view bytes) {
  constexpr uint64_t kFirst = 0x9E3779B97F4A7C15u, kSecond = 0xD1B54A32D192ED03u;
  CacheKey key{{bytes.size() ^ kFirst, bytes.size() * kSecond + 1}};
  size_t at = 0;
  auto add = [&](uint64_t word) {
    key.words[0] = mix(key.words[0] ^ word, kFirst);
    key.words[1] = (key.words[1] ^ mix(word + kFirst, kSecond)) * 0xFF51AFD7ED558CCDu;
    key.words[1] ^= key.words[1] >> 29;
  };
  for (; bytes.size() - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    add(word);
  }
  uint64_t rest = 0;
  if (at < bytes.size())
    std::memcpy(&rest, bytes.data() + at, bytes.size() - at);
  add(rest);
  return key;
}

CacheKey cacheKey(const ir::Module &module, const Options &options) {
  ir::PrintOptions printing;
  printing.kinds = true; // they decide how values are kept
  printing.locations = options.debug.enabled;
  std::string text = ir::print(module, printing);
  // Code refers to constants by their numbers, which the text of a module does not show.
  for (const ir::Constant &constant : module.constants)
    text +=
        fmt::format("\n{} {} {:x} {} {}", static_cast<int>(constant.kind), constant.integer,
                    std::bit_cast<uint64_t>(constant.real), constant.text.size(), constant.text);
  if (options.debug.enabled) {
    text += fmt::format("\n{}\n{}", options.debug.source, options.debug.folder);
    for (const ir::Function &fn : module.functions)
      text += fmt::format("\n{}:{}", fn.loc.line, fn.loc.column);
  }
  text += fmt::format("\n{} {:x} {} {}", options.optimise ? 1 : 0, backendAbi(), backendStamp(),
                      processorText());
  text += options.entries.everyFunction ? " every" : "";
  for (const LoopPoint &loop : options.entries.loops) {
    text += " " + loopName(loop);
    for (ir::KindSet seen : loop.seen)
      text += fmt::format(" {:x}", seen.bits);
  }
  return hashBytes(text);
}

std::string Cache::pathOf(const CacheKey &key) const {
  return fmt::format("{}/{:016x}{:016x}.blo", folder_, key.words[0], key.words[1]);
}

std::optional<std::string> Cache::get(const CacheKey &key) const {
  const File file(pathOf(key), O_RDONLY);
  struct stat found;
  // Code is run only when nobody else can have written it.
  if (!file || ::fstat(file.descriptor(), &found) != 0 || !S_ISREG(found.st_mode) ||
      found.st_uid != ::geteuid() || (found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return std::nullopt;
  Head head;
  if (!file.read(reinterpret_cast<char *>(&head), sizeof head) ||
      std::memcmp(head.magic, kMagic, sizeof kMagic) != 0 || !(head.key == key) ||
      head.bytes > kMaxBytes || static_cast<uint64_t>(found.st_size) != sizeof head + head.bytes)
    return std::nullopt;
  std::string object(head.bytes, '\0');
  if (!file.read(object.data(), object.size()) || !(hashBytes(object) == head.check))
    return std::nullopt;
  return object;
}

void Cache::put(const CacheKey &key, std::string_view object) const {
  if (object.size() > kMaxBytes || !makeFolder(folder_))
    return;
  Head head{{}, key, object.size(), hashBytes(object)};
  std::memcpy(head.magic, kMagic, sizeof kMagic);
  const std::string path = pathOf(key);
  const std::string beside = fmt::format("{}.{}", path, ::getpid());
  bool written = false;
  {
    const File file(beside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    written = file && file.write({reinterpret_cast<const char *>(&head), sizeof head}) &&
              file.write(object);
  }
  if (!written || ::rename(beside.c_str(), path.c_str()) != 0)
    ::unlink(beside.c_str());
}

} // namespace branchline::jit
