// The choice of the kernel, and its memory.
#include "TokenIndex.h"

#include "branchline/Format/JsonOptions.h"

#include <algorithm>

namespace branchline::format {
namespace {

constexpr size_t kFirstCapacity = 4096;

/// The kernel for this processor. simdjson lets the environment name another one and answers a
/// wrong name with a kernel that refuses everything; the portable one then takes its place.
const simdjson::implementation &kernel() {
  const simdjson::implementation *active = simdjson::get_active_implementation();
  if (active->name() != "unsupported")
    return *active;
  const simdjson::implementation *portable = simdjson::get_available_implementations()["fallback"];
  return portable != nullptr ? *portable : *active;
}

} // namespace

// simdjson's portable kernel leaves UTF-8 to its own second half, which we do not use.
TokenIndex::TokenIndex() : checkUtf8_(kernel().name() == "fallback") {}

bool TokenIndex::reserve(size_t bytes) {
  if (scanner_ != nullptr && scanner_->capacity() >= bytes)
    return true;
  if (scanner_ == nullptr) {
    // The nesting depth concerns simdjson's second half only.
    return kernel().create_dom_parser_implementation(std::max(bytes, kFirstCapacity), 1,
                                                     scanner_) == simdjson::SUCCESS;
  }
  const size_t wanted = std::min(std::max(bytes, scanner_->capacity() * 2), size_t(kMaxJsonBytes));
  return scanner_->allocate(wanted, 1) == simdjson::SUCCESS;
}

bool TokenIndex::scan(std::string_view text) {
  const auto *bytes = reinterpret_cast<const uint8_t *>(text.data());
  return scanner_->stage1(bytes, text.size(), simdjson::stage1_mode::regular) ==
             simdjson::SUCCESS &&
         (!checkUtf8_ || kernel().validate_utf8(text.data(), text.size()));
}

} // namespace branchline::format
