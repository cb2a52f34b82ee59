// Reference pages printed from the tables the toolchain is made of, so that they cannot differ from
// it. Leaves out: where the pages are kept; a test compares them with docs/.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace branchline::driver {

/// One page.
struct ReferencePage {
  std::string_view name; // the operand of `blc reference`
  std::string_view file; // where it is kept, relative to docs/
  std::string (*render)();
};

/// All pages, in the order of their names' list in messages.
std::span<const ReferencePage> referencePages();

/// The page of that name, or null.
const ReferencePage *findReferencePage(std::string_view name);

} // namespace branchline::driver
