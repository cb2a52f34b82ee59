// Shared memory: named resources that map string keys to values. \rule R12.1-R12.11 (part 4)
// This is the store of a single-threaded run: a wait that nothing can satisfy is an error (D26).
#pragma once

#include "branchline/Runtime/Heap.h"
#include "branchline/Runtime/Trap.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace branchline::runtime {

/// SINGLE keys are written once, MANY keys may be overwritten.
enum class ResourceKind : uint8_t { Single, Many };

/// Resources of one run, in order of declaration. Values belong to the run's heap.
class SharedStore {
public:
  /// Declares a resource; an existing one of that name is replaced by an empty one.
  void declare(std::string_view name, ResourceKind kind);
  bool has(std::string_view name) const;
  bool empty() const { return resources_.empty(); }
  /// Forgets everything that was stored; the resources stay declared.
  void clear();
  /// SHARED_WRITE. \errors SharedUnknown, SharedAlreadySet, SharedNull
  Result<void> write(std::string_view resource, std::string_view key, const Value &value);
  /// Stores what the outside supplies before the run; null is allowed (D26).
  /// \errors SharedUnknown, SharedAlreadySet
  Result<void> seed(std::string_view resource, std::string_view key, const Value &value);
  /// AWAIT. \errors SharedUnknown, SharedDeadlock
  Result<Value> await(std::string_view resource, std::string_view key) const;
  /// Keys stored so far in insertion order (D27). \errors SharedUnknown
  Result<std::vector<std::string>> keys(std::string_view resource) const;

  /// Memory of the store itself, about; the values are the heap's.
  uint64_t bytes() const { return bytes_; }

private:
  struct Entry {
    std::string key;
    Value value;
  };
  struct Resource {
    std::string name;
    ResourceKind kind;
    std::vector<Entry> entries;                     // in order of the first write
    std::unordered_map<std::string, size_t> places; // key -> index in entries
  };
  Resource *find(std::string_view name);
  const Resource *find(std::string_view name) const;
  Result<void> store(Resource *resource, std::string_view name, std::string_view key,
                     const Value &value);
  std::vector<Resource> resources_;
  uint64_t bytes_ = 0;
};

} // namespace branchline::runtime
