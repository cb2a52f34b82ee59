// The state behind NativeMachine, and how calls of native code read their arguments.
#pragma once

#include "branchline/Runtime/Builtins.h"
#include "branchline/Runtime/Native.h"
#include "branchline/Runtime/Objects.h"
#include "branchline/Runtime/Paths.h"

#include <array>
#include <cstring>
#include <deque>

namespace branchline::runtime {

/// A write path whose literal keys are in place.
struct NativePathTemplate {
  std::vector<PathKey> keys;
  std::vector<uint32_t> computed; // positions of keys that are filled in at each use
};

/// The object literal of a layout: by shape when all keys are different literal strings.
struct NativeLayoutPlan {
  enum class State : uint8_t { Unknown, Shaped, KeyByKey } state = State::Unknown;
  const Shape *shape = nullptr;
};

struct NativeMachine::Impl {
  Impl(const NativeTables &of, Heap &session, FunctionValues *shared)
      : tables(of), heap(session), functions(shared ? *shared : own) {}

  Status fail(Trap trap) {
    pending = std::move(trap);
    return 0;
  }
  Status done(Result<void> &&result) { return result ? 1 : fail(std::move(result).error()); }
  /// Writes a result where nothing counted is.
  Status store(Value *out, Result<Value> &&result) {
    if (!result)
      return fail(std::move(result).error());
    put(out, std::move(*result));
    return 1;
  }
  static void put(Value *out, Value &&value) {
    std::memcpy(static_cast<void *>(out), &value, sizeof(Value));
    new (&value) Value();
  }
  static void clear(Value *first, size_t count) {
    for (size_t i = 0; i < count; ++i)
      first[i] = Value();
  }
  std::string_view text(uint32_t constant) const { return tables.constants[constant].text; }
  const Symbol *symbol(uint32_t constant) {
    if (!symbols[constant])
      symbols[constant] = heap.intern(text(constant));
    return symbols[constant];
  }
  const NativeLayoutPlan &planOf(uint32_t layout);
  void makeConstants();
  Status refuel();
  void settleFuel();

  const NativeTables &tables;
  Heap &heap;
  Context *context = nullptr;
  NativeState state;
  int64_t granted = 0;         // what `fuel` was last filled up to
  std::optional<Trap> pending; // the trap under way
  std::vector<Value> constants;
  bool constantsReady = false;
  std::vector<NameCache> names;
  std::vector<const Symbol *> symbols; // by constant; null: not asked for yet
  std::vector<NativePathTemplate> paths;
  std::vector<NativeLayoutPlan> layouts;
  FunctionValues own; // unless they are shared
  FunctionValues &functions;
};

inline NativeMachine::Impl &implOf(NativeState *state) { return state->machine->impl(); }

/// The keys of a path with the computed ones taken from a window, where they stay.
class NativeKeys {
public:
  NativeKeys(const NativePathTemplate &path, const Value *window) : keys_(path.keys) {
    if (path.computed.empty())
      return;
    PathKey *copy = few_.data();
    if (path.keys.size() > few_.size()) {
      many_ = path.keys;
      copy = many_.data();
    } else {
      std::copy(path.keys.begin(), path.keys.end(), copy);
    }
    for (uint32_t position : path.computed)
      copy[position].key = window++;
    keys_ = {copy, path.keys.size()};
  }
  NativeKeys(const NativeKeys &) = delete;
  NativeKeys &operator=(const NativeKeys &) = delete;
  operator std::span<const PathKey>() const { return keys_; }

private:
  std::span<const PathKey> keys_;
  std::array<PathKey, 8> few_;
  std::vector<PathKey> many_;
};

} // namespace branchline::runtime
