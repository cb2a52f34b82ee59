// Path writes: SET a.b[c] = v, APPEND TO a.b v, MODIFY a.b { … }. \rule R2.11.3-7
// The walk that checks and the write that commits are separate because the language evaluates
// expressions between them. Commits change containers in place when nobody else sees them, so a
// keyed SET or APPEND in a loop is O(1) amortised.
#pragma once

#include "branchline/Runtime/Objects.h"

#include <span>

namespace branchline::runtime {

enum class PathOp : uint8_t { Set, Append, Modify };

/// One segment of a write path; the key is borrowed for the call.
struct PathKey {
  enum class Kind : uint8_t { Name, Index, Dynamic } kind;
  const Value *key; // Name: String; Index: Int or BigInt; Dynamic: anything
};

/// Checks that `root` is there: bound and not null. \param name for the message
/// \errors PathRootMissing (SET, APPEND TO), ModifyRootMissing
Result<void> checkPathRoot(PathOp op, const Value &root, std::string_view name);

/// Walks all of `keys` as inner segments (R2.11.3 step 2).
Result<void> checkPathInner(Heap &heap, PathOp op, const Value &root,
                            std::span<const PathKey> keys);

/// Walks all but the last key, then checks parent and leaf key (step 3).
Result<void> checkPathLeaf(Heap &heap, PathOp op, const Value &root, std::span<const PathKey> keys);

/// Writes `value` at `keys` (at least one) below `root`, which is taken over and given back with
/// the change; copies only the containers that somebody else can see. Checks the leaf first, so
/// nothing has changed when it fails (then `root` is unchanged as well).
/// Setting a missing key to null leaves the object alone (2-Q9).
Result<void> setPath(Heap &heap, Value &root, std::span<const PathKey> keys, Value value);

/// Appends `value` to the list at `keys` below `root`; with no keys, to `root` itself, which is a
/// list or null. \param init used where the list is missing or null; null means the empty list.
/// \errors AppendPathKind
Result<void> appendPath(Heap &heap, Value &root, std::span<const PathKey> keys, const Value &init,
                        Value value);

/// Merges `updates` (an object) into the object at `keys` below `root`; walks and checks all.
/// \param name of the root variable. \errors those of R2.11.7
Result<void> modifyPath(Heap &heap, Value &root, std::string_view name,
                        std::span<const PathKey> keys, const ObjectObject &updates);

} // namespace branchline::runtime
