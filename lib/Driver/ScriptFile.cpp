// Program texts are copied: trees and modules keep them longer than the file may stay as it is.
#include "ScriptFile.h"

#include "branchline/Lang/Errors.h"

namespace branchline::driver {

std::string scriptName(std::string_view path) {
  return std::string(path == "-" ? "<stdin>" : path);
}

Expected<std::string, Error> readScript(const std::string &path, System &system) {
  BL_TRY(const format::InputBuffer buffer,
         path == "-" ? system.readStdin() : system.readFile(path, System::Access::Copy));
  if (buffer.text().size() > kMaxScriptBytes)
    return Unexpected(error::make<error::Id::CannotReadFile>(path, "larger than 1 GiB"));
  return std::string(buffer.text());
}

} // namespace branchline::driver
