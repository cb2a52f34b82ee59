// A path with a slash at its end, or of an existing folder, means a file of a fixed name in it.
#include "OutputFile.h"

#include "branchline/Format/JsonReader.h"
#include "branchline/Lang/Errors.h"

namespace branchline::driver {

Expected<std::string, Error> outputFileTarget(std::string_view path, System &system) {
  constexpr std::string_view kDefaultName = "output.json";
  if (format::isBlankText(path))
    return Unexpected(error::make<error::Id::BlankOutputFile>());
  const size_t begin = path.find_first_not_of(" \t\r\n");
  std::string trimmed(path.substr(begin, path.find_last_not_of(" \t\r\n") - begin + 1));
  const bool isFolder = trimmed.back() == '/' || system.isFolder(trimmed);
  while (!trimmed.empty() && trimmed.back() == '/')
    trimmed.pop_back();
  if (trimmed.empty())
    return Unexpected(error::make<error::Id::OutputFileIsFolder>(path));
  return isFolder ? fmt::format("{}/{}", trimmed, kDefaultName) : trimmed;
}

ExitStatus emit(const CommandLine &line, std::string_view text, Reporter &reporter) {
  const auto written =
      line.has(Option::Output)
          ? reporter.system().replaceFile(std::string(line.text(Option::Output)), text)
          : reporter.system().writeStdout(text);
  return written ? ExitStatus::Ok : reporter.report(written.error());
}

} // namespace branchline::driver
