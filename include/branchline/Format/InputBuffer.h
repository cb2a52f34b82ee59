// The bytes of an input document: a file or standard input, held until the run is over, because
// strings of the document are slices of it. Leaves out: what the bytes mean.
#pragma once

#include "branchline/Support/Error.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace branchline::format {

/// Owns the bytes of one input. Moving keeps their address.
class InputBuffer {
public:
  /// How the bytes of a file are taken in.
  enum class Access {
    Map, ///< large regular files are mapped; nobody may change them before the run is over
    Copy ///< always read into memory of our own
  };

  InputBuffer() = default;
  InputBuffer(InputBuffer &&other) noexcept { swap(other); }
  InputBuffer &operator=(InputBuffer &&other) noexcept {
    swap(other);
    return *this;
  }
  InputBuffer(const InputBuffer &) = delete;
  InputBuffer &operator=(const InputBuffer &) = delete;
  ~InputBuffer();

  /// The bytes of a file. \param path as the user wrote it; messages name it
  /// \errors CannotReadFile. \complexity O(bytes), O(1) when mapped. \rule R5.12.12
  [[nodiscard]] static Expected<InputBuffer, Error> fromFile(const std::string &path,
                                                             Access access = Access::Map);

  /// Everything standard input still holds. \errors CannotReadStdin. \rule R5.12.8
  [[nodiscard]] static Expected<InputBuffer, Error> fromStdin();

  /// The same for any open descriptor, which stays open.
  /// \errors CannotReadStdin
  [[nodiscard]] static Expected<InputBuffer, Error> fromDescriptor(int descriptor);

  /// A copy of bytes that are in memory already. \complexity O(bytes)
  [[nodiscard]] static InputBuffer fromText(std::string_view text);

  /// The bytes; valid as long as this buffer (or the one it was moved to) lives.
  std::string_view text() const { return {data_, size_}; }

private:
  enum class Storage : unsigned char { None, Heap, Mapping };

  void swap(InputBuffer &other) noexcept;
  /// Reads to the end; returns an errno, 0 for success.
  int readAll(int descriptor, size_t expected);
  bool map(int descriptor, size_t size);

  char *data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
  Storage storage_ = Storage::None;
};

} // namespace branchline::format
