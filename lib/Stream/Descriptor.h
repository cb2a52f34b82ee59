// Open files as values, and what the system says about failures.
#pragma once

#include "branchline/Support/Error.h"

#include <cstdint>
#include <string>
#include <utility>

namespace branchline::stream {

/// Closes a descriptor at the end of its life, unless it belongs to somebody else.
class Descriptor {
public:
  enum class Owned : bool { No, Yes };

  Descriptor() = default;
  Descriptor(int number, Owned owned) : number_(number), owned_(owned) {}
  Descriptor(Descriptor &&other) noexcept { swap(other); }
  Descriptor &operator=(Descriptor &&other) noexcept {
    swap(other);
    return *this;
  }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() { (void)close(); }

  int number() const { return number_; }
  /// \returns an errno; 0 for success
  int close();

private:
  void swap(Descriptor &other) noexcept {
    std::swap(number_, other.number_);
    std::swap(owned_, other.owned_);
  }

  int number_ = -1;
  Owned owned_ = Owned::No;
};

/// The system's words for an errno.
std::string reasonOf(int code);

/// What messages call standard input and output.
inline constexpr const char *kStdinName = "<stdin>";
inline constexpr const char *kStdoutName = "<stdout>";

} // namespace branchline::stream
