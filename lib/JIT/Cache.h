// Compiled programs kept in files for later runs. A file is found by a hash over everything that
// decides about the code, so that nothing has to be invalidated; a damaged file is ignored and
// written again. Safe with any number of processes at once. Private to JIT.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/JIT/JIT.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace branchline::jit {

/// 128 bits over the IR, the options, the compiler and the processor.
struct CacheKey {
  std::array<uint64_t, 2> words;
  bool operator==(const CacheKey &) const = default;
};

/// \complexity O(size of the module)
CacheKey cacheKey(const ir::Module &module, const Options &options);

/// A hash of bytes; not for protection against people who may write to the cache.
CacheKey hashBytes(std::string_view bytes);

class Cache {
public:
  /// \param folder  made on the first `put`; only the user may read what is put there.
  explicit Cache(std::string folder) : folder_(std::move(folder)) {}

  /// The object of a key; nothing when there is none, it is damaged, or it is somebody else's.
  std::optional<std::string> get(const CacheKey &key) const;
  /// Failures to write are no failures of the run, which goes on without.
  void put(const CacheKey &key, std::string_view object) const;

  std::string pathOf(const CacheKey &key) const;

private:
  std::string folder_;
};

} // namespace branchline::jit
