// Closing, and messages of the system.
#include "Descriptor.h"

#include <cerrno>
#include <system_error>
#include <unistd.h>

namespace branchline::stream {

int Descriptor::close() {
  if (number_ < 0 || owned_ == Owned::No)
    return 0;
  const int code = ::close(std::exchange(number_, -1)) == 0 ? 0 : errno;
  // An interrupted close has closed the file all the same.
  return code == EINTR ? 0 : code;
}

std::string reasonOf(int code) { return std::error_code(code, std::generic_category()).message(); }

} // namespace branchline::stream
