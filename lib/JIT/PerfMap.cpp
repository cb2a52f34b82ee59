// The file is where perf looks for it: `perf-PID.map` in the folder of temporary files, a line
// `ADDRESS SIZE NAME` for each function, numbers in hexadecimal.
#include "PerfMap.h"

#include "Plan.h"

#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace branchline::jit {

std::map<std::string, std::string, std::less<>> shownNames(const ir::Module &module) {
  std::map<std::string, std::string, std::less<>> names;
  for (ir::FunctionId id = 0; id < module.functions.size(); ++id) {
    const ir::Function &fn = module.functions[id];
    names[fn.name] = displayName(fn);
    names[entryName(id)] = displayName(fn) + " (entry)";
  }
  return names;
}

void writePerfMap(const MachineCode &code, const ir::Module &module) {
  const auto names = shownNames(module);
  std::string text;
  for (const MachineCode::Function &function : code.functions()) {
    const auto known = names.find(function.symbol);
    text += fmt::format("{:x} {:x} {}\n", reinterpret_cast<uintptr_t>(function.address),
                        function.bytes, known == names.end() ? function.symbol : known->second);
  }
  const std::string path = fmt::format("{}/perf-{}.map", P_tmpdir, ::getpid());
  const int file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0)
    return;
  // The folder is everybody's; what somebody else put there is not ours to write to.
  struct stat found;
  if (::fstat(file, &found) == 0 && S_ISREG(found.st_mode) && found.st_uid == ::geteuid())
      [[maybe_unused]]
    const ssize_t written = ::write(file, text.data(), text.size());
  ::close(file);
}

} // namespace branchline::jit
