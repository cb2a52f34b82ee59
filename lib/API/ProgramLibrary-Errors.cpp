// Errors of the C interface: from our own failures, and what callers may ask about them.
#include "ProgramErrors.h"

#include "branchline/Lang/Diagnostics.h"
#include "branchline/Lang/Errors.h"

#include <memory>

namespace branchline::api {
namespace {

bl_status statusOf(const Error &error) {
  switch (error::kindOf(error.code)) {
  case error::Kind::Input:
    return BL_DATA;
  case error::Kind::Usage:
    return BL_USAGE;
  case error::Kind::Io:
  case error::Kind::Runtime:
    return BL_RUNTIME;
  }
  BL_UNREACHABLE("error kind");
}

bl_status give(std::unique_ptr<bl_error> made, bl_error **out) {
  const bl_status status = made->status;
  if (out)
    *out = made.release();
  return status;
}

} // namespace

bl_status report(const Error &error, bl_error **out) {
  auto made = std::make_unique<bl_error>();
  made->status = statusOf(error);
  made->code = codeText(error.code);
  made->message = error.message;
  made->hint = error.hint;
  made->at = error.at;
  return give(std::move(made), out);
}

bl_status report(const runtime::Trap &trap, std::string_view file, bl_error **out) {
  const runtime::TrapInfo &details = trap.info();
  auto made = std::make_unique<bl_error>();
  made->status = trap.id() == TrapId::Interrupted ? BL_INTERRUPTED : BL_RUNTIME;
  made->code = codeText(info(trap.id()).code);
  made->message = details.message;
  made->type = details.type;
  made->file = file;
  made->at = details.at;
  made->stack = details.stack;
  return give(std::move(made), out);
}

} // namespace branchline::api

namespace {

const branchline::runtime::TrapFrame *frameAt(const bl_error *error, size_t index) {
  return error && index < error->stack.size() ? &error->stack[index] : nullptr;
}

} // namespace

bl_status bl_error_status(const bl_error *error) { return error ? error->status : BL_OK; }
const char *bl_error_code(const bl_error *error) { return error ? error->code.c_str() : ""; }
const char *bl_error_message(const bl_error *error) { return error ? error->message.c_str() : ""; }
const char *bl_error_hint(const bl_error *error) { return error ? error->hint.c_str() : ""; }
const char *bl_error_type(const bl_error *error) { return error ? error->type.c_str() : ""; }
const char *bl_error_file(const bl_error *error) { return error ? error->file.c_str() : ""; }
uint32_t bl_error_line(const bl_error *error) { return error ? error->at.line : 0; }
uint32_t bl_error_column(const bl_error *error) {
  return error && error->at.line != 0 ? error->at.column : 0;
}
size_t bl_error_frame_count(const bl_error *error) { return error ? error->stack.size() : 0; }
const char *bl_error_frame_function(const bl_error *error, size_t index) {
  const auto *frame = frameAt(error, index);
  return frame ? frame->function.c_str() : "";
}
uint32_t bl_error_frame_line(const bl_error *error, size_t index) {
  const auto *frame = frameAt(error, index);
  return frame ? frame->at.line : 0;
}
uint32_t bl_error_frame_column(const bl_error *error, size_t index) {
  const auto *frame = frameAt(error, index);
  return frame && frame->at.line != 0 ? frame->at.column : 0;
}
void bl_error_free(bl_error *error) { delete error; }
