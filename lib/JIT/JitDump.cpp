// The file `jit-PID.dump`, in the format of perf: a head, then for each function its lines, if they
// are known, and its name and code. perf learns of the file when a page of it is mapped as code.
#include "JitDump.h"

#include "PerfMap.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <mutex>
#include <sys/mman.h>
#include <unistd.h>

namespace branchline::jit {
namespace {

constexpr uint32_t kLoad = 0, kDebugInfo = 2;

/// Numbers as they are in memory.
class Record {
public:
  template <class T> Record &add(T value) {
    bytes_.append(reinterpret_cast<const char *>(&value), sizeof value);
    return *this;
  }
  Record &addText(std::string_view text) {
    bytes_ += text;
    bytes_ += '\0';
    return *this;
  }
  Record &addBytes(const void *from, size_t count) {
    bytes_.append(static_cast<const char *>(from), count);
    return *this;
  }
  const std::string &bytes() const { return bytes_; }

private:
  std::string bytes_;
};

uint64_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

/// The dump of this process.
struct Dump {
  std::mutex mutex;
  int file = -1;
  uint64_t functions = 0;

  void write(const std::string &bytes) const {
    [[maybe_unused]] const ssize_t written = ::write(file, bytes.data(), bytes.size());
  }

  void open(const std::string &folder) {
    const std::string path = fmt::format("{}/jit-{}.dump", folder, ::getpid());
    file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
      return;
    constexpr uint32_t kMagic = 0x4A695444, kVersion = 1, kBytes = 40;
    write(Record()
              .add(kMagic)
              .add(kVersion)
              .add(kBytes)
              .add(uint32_t(EM_X86_64))
              .add(uint32_t(0))
              .add(uint32_t(::getpid()))
              .add(now())
              .add(uint64_t(0))
              .bytes());
    // Stays as long as the process: perf notes when it comes, and nobody reads it.
    ::mmap(nullptr, static_cast<size_t>(::sysconf(_SC_PAGESIZE)), PROT_READ | PROT_EXEC,
           MAP_PRIVATE, file, 0);
  }

  void add(uint32_t kind, const Record &body) const {
    constexpr size_t kHead = 2 * sizeof(uint32_t) + sizeof(uint64_t);
    write(Record()
              .add(kind)
              .add(static_cast<uint32_t>(kHead + body.bytes().size()))
              .add(now())
              .addBytes(body.bytes().data(), body.bytes().size())
              .bytes());
  }
};

/// The places of one function, without those of no line.
Record linesOf(const MachineCode &code, uint64_t begin, uint64_t end, const std::string &source) {
  Record entries;
  uint64_t count = 0;
  for (const MachineCode::Line &row : code.lines()) {
    if (row.address < begin || row.address >= end || row.line == 0)
      continue;
    entries.add(row.address).add(row.line).add(uint32_t(0)).addText(source);
    ++count;
  }
  Record record;
  record.add(begin).add(count).addBytes(entries.bytes().data(), entries.bytes().size());
  return record;
}

} // namespace

void writeJitDump(const MachineCode &code, const ir::Module &module, const std::string &folder,
                  const std::string &source) {
  static Dump *const kDump = new Dump; // lives as long as the process
  const std::lock_guard lock(kDump->mutex);
  if (kDump->file < 0)
    kDump->open(folder);
  if (kDump->file < 0)
    return;
  const std::map<std::string, std::string, std::less<>> names = shownNames(module);
  for (const MachineCode::Function &function : code.functions()) {
    const auto begin = reinterpret_cast<uintptr_t>(function.address);
    if (!code.lines().empty())
      kDump->add(kDebugInfo, linesOf(code, begin, begin + function.bytes, source));
    const auto known = names.find(function.symbol);
    kDump->add(kLoad, Record()
                          .add(uint32_t(::getpid()))
                          .add(uint32_t(::gettid()))
                          .add(uint64_t(begin))
                          .add(uint64_t(begin))
                          .add(uint64_t(function.bytes))
                          .add(kDump->functions++)
                          .addText(known == names.end() ? function.symbol : known->second)
                          .addBytes(function.address, function.bytes));
  }
}

} // namespace branchline::jit
