// The path that picks the part of a result to write: `a.b[0]['d.e']`.
#pragma once

#include "branchline/Runtime/Heap.h"
#include "branchline/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::format {

/// A parsed output path. An empty one selects everything.
class OutputPath {
public:
  /// A key text; an index as well when it came from brackets and looks like one.
  struct Segment {
    std::string key;
    std::optional<int32_t> index;
  };

  OutputPath() = default;

  /// \param text blank text is the empty path. \errors OutputPathOpen, OutputPathEmptyIndex
  /// \rule R5.17.4, 5-Q26
  [[nodiscard]] static Expected<OutputPath, Error> parse(std::string_view text);

  /// The part of `value` the path leads to; null when there is none. A missing part is no error.
  /// \complexity O(segments). \rule R5.17.5, 5-Q26
  [[nodiscard]] runtime::Value select(runtime::Heap &heap, const runtime::Value &value) const;

  bool empty() const { return segments_.empty(); }
  /// The steps from the root on: an object is entered by key, a list by index.
  const std::vector<Segment> &segments() const { return segments_; }

private:
  std::vector<Segment> segments_;
};

} // namespace branchline::format
