// Reading whole files and streams. Large regular files are mapped, which saves a copy and the
// memory for it; everything else, pipes and small files, is read.
#include "branchline/Format/InputBuffer.h"

#include "branchline/Lang/Errors.h"
#include "branchline/Support/Assert.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace branchline::format {
namespace {

/// Below this size reading is as fast as mapping, and a file that changes cannot hurt.
constexpr size_t kMinMappedBytes = size_t(1) << 20;
constexpr size_t kFirstBlock = size_t(64) << 10;

std::string reasonOf(int code) { return std::error_code(code, std::generic_category()).message(); }

/// Closes a descriptor at the end of a scope.
class Descriptor {
public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }
  int number() const { return number_; }

private:
  int number_;
};

} // namespace

InputBuffer::~InputBuffer() {
  switch (storage_) {
  case Storage::None:
    break;
  case Storage::Heap:
    std::free(data_);
    break;
  case Storage::Mapping:
    ::munmap(data_, capacity_);
    break;
  }
}

void InputBuffer::swap(InputBuffer &other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  std::swap(storage_, other.storage_);
}

bool InputBuffer::map(int descriptor, size_t size) {
  void *address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (address == MAP_FAILED)
    return false;
  ::madvise(address, size, MADV_WILLNEED);
  data_ = static_cast<char *>(address);
  size_ = capacity_ = size;
  storage_ = Storage::Mapping;
  return true;
}

int InputBuffer::readAll(int descriptor, size_t expected) {
  storage_ = Storage::Heap;
  for (;;) {
    if (size_ == capacity_) {
      // One byte more than expected, so that the end is seen without growing again.
      const size_t wanted =
          capacity_ == 0 ? (expected != 0 ? expected + 1 : kFirstBlock) : capacity_ + capacity_ / 2;
      void *grown = wanted > capacity_ ? std::realloc(data_, wanted) : nullptr;
      if (grown == nullptr)
        return ENOMEM;
      data_ = static_cast<char *>(grown);
      capacity_ = wanted;
    }
    const ssize_t got = ::read(descriptor, data_ + size_, capacity_ - size_);
    if (got == 0)
      return 0;
    if (got > 0)
      size_ += static_cast<size_t>(got);
    else if (errno != EINTR)
      return errno;
  }
}

Expected<InputBuffer, Error> InputBuffer::fromFile(const std::string &path, Access access) {
  auto fail = [&](int code) {
    // A missing file's reason is its path (R5.12.12).
    Error error =
        error::make<error::Id::CannotReadFile>(path, code == ENOENT ? path : reasonOf(code));
    error.file = path;
    return Unexpected(std::move(error));
  };
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0)
    return fail(errno);
  struct stat status;
  if (::fstat(file.number(), &status) != 0)
    return fail(errno);
  if (S_ISDIR(status.st_mode))
    return fail(EISDIR);
  InputBuffer buffer;
  const size_t size =
      S_ISREG(status.st_mode) && status.st_size > 0 ? static_cast<size_t>(status.st_size) : 0;
  if (access == Access::Map && size >= kMinMappedBytes && buffer.map(file.number(), size))
    return buffer;
  if (const int code = buffer.readAll(file.number(), size))
    return fail(code);
  return buffer;
}

Expected<InputBuffer, Error> InputBuffer::fromStdin() { return fromDescriptor(STDIN_FILENO); }

Expected<InputBuffer, Error> InputBuffer::fromDescriptor(int descriptor) {
  InputBuffer buffer;
  if (const int code = buffer.readAll(descriptor, 0)) {
    Error error = error::make<error::Id::CannotReadStdin>(reasonOf(code));
    error.file = "<stdin>";
    return Unexpected(std::move(error));
  }
  return buffer;
}

InputBuffer InputBuffer::fromText(std::string_view text) {
  InputBuffer buffer;
  if (text.empty())
    return buffer;
  buffer.data_ = static_cast<char *>(std::malloc(text.size()));
  if (buffer.data_ == nullptr)
    BL_UNREACHABLE("no memory for a copy of an input");
  std::memcpy(buffer.data_, text.data(), text.size());
  buffer.size_ = buffer.capacity_ = text.size();
  buffer.storage_ = Storage::Heap;
  return buffer;
}

} // namespace branchline::format
