// The shared memory of a single-threaded run. \rule R12.1-R12.11 (part 4), D26, D27
#include "branchline/Runtime/SharedStore.h"

namespace branchline::runtime {

const SharedStore::Resource *SharedStore::find(std::string_view name) const {
  for (const Resource &resource : resources_)
    if (resource.name == name)
      return &resource;
  return nullptr;
}

SharedStore::Resource *SharedStore::find(std::string_view name) {
  return const_cast<Resource *>(std::as_const(*this).find(name));
}

void SharedStore::declare(std::string_view name, ResourceKind kind) {
  if (Resource *existing = find(name)) {
    *existing = Resource{std::string(name), kind, {}, {}};
    return;
  }
  resources_.push_back(Resource{std::string(name), kind, {}, {}});
}

void SharedStore::clear() {
  for (Resource &resource : resources_) {
    resource.entries.clear();
    resource.places.clear();
  }
  bytes_ = 0;
}

bool SharedStore::has(std::string_view name) const { return find(name) != nullptr; }

Result<void> SharedStore::store(Resource *resource, std::string_view name, std::string_view key,
                                const Value &value) {
  if (!resource)
    return trap<TrapId::SharedUnknown>(name);
  const auto [at, added] = resource->places.try_emplace(std::string(key), resource->entries.size());
  if (added) {
    resource->entries.push_back({std::string(key), value});
    constexpr uint64_t kTableNode = 64; // of the key's place in the hash table
    bytes_ += 2 * key.size() + sizeof(Entry) + kTableNode;
    return {};
  }
  if (resource->kind == ResourceKind::Single)
    return trap<TrapId::SharedAlreadySet>(name, key);
  resource->entries[at->second].value = value;
  return {};
}

Result<void> SharedStore::write(std::string_view resource, std::string_view key,
                                const Value &value) {
  Resource *found = find(resource);
  // The null check comes before the one for a taken key: nothing is stored either way (R12.8).
  if (found && value.isNull())
    return trap<TrapId::SharedNull>();
  return store(found, resource, key, value);
}

Result<void> SharedStore::seed(std::string_view resource, std::string_view key,
                               const Value &value) {
  return store(find(resource), resource, key, value);
}

Result<Value> SharedStore::await(std::string_view resource, std::string_view key) const {
  const Resource *found = find(resource);
  if (!found)
    return trap<TrapId::SharedUnknown>(resource);
  const auto at = found->places.find(std::string(key));
  if (at == found->places.end())
    return trap<TrapId::SharedDeadlock>(resource, key);
  return found->entries[at->second].value;
}

Result<std::vector<std::string>> SharedStore::keys(std::string_view resource) const {
  const Resource *found = find(resource);
  if (!found)
    return trap<TrapId::SharedUnknown>(resource);
  std::vector<std::string> names;
  names.reserve(found->entries.size());
  for (const Entry &entry : found->entries)
    names.push_back(entry.key);
  return names;
}

} // namespace branchline::runtime
