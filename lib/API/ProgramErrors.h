// Failures as the C interface hands them out. Private to API.
#pragma once

#include "branchline-c/program.h"
#include "branchline/Runtime/Trap.h"
#include "branchline/Support/Error.h"

#include <string>
#include <string_view>
#include <vector>

struct bl_error {
  bl_status status = BL_OK;
  std::string code;
  std::string message;
  std::string hint;
  std::string type;
  std::string file;
  branchline::LineColumn at{0, 0};
  std::vector<branchline::runtime::TrapFrame> stack;
};

namespace branchline::api {

/// Each fills `*out`, unless `out` is null, and gives the status.
bl_status report(const Error &error, bl_error **out);
/// \param file  the program, for places; may be empty
bl_status report(const runtime::Trap &trap, std::string_view file, bl_error **out);

} // namespace branchline::api
