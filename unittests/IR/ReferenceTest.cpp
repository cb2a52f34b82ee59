// The reference page names every instruction.
#include "branchline/IR/Reference.h"

#include "branchline/IR/Inst.h"
#include "branchline/IR/Operands.h"

#include <gtest/gtest.h>

namespace branchline::ir {
namespace {

TEST(Reference, HasEveryInstructionOnce) {
  std::string page = printInstructionReference();
  for (const InstInfo &row : kInsts) {
    std::string cell = "\n| `" + std::string(row.mnemonic) + "` |";
    size_t at = page.find(cell);
    ASSERT_NE(at, std::string::npos) << row.mnemonic;
    EXPECT_EQ(page.find(cell, at + 1), std::string::npos) << row.mnemonic;
  }
}

TEST(Reference, StartsWithTheFirstGroupAndExplainsRoles) {
  std::string page = printInstructionReference();
  EXPECT_NE(page.find("## Constants and the input\n\n| Mnemonic |"), std::string::npos);
  EXPECT_NE(page.find("| Vars | `$x\\|^x` |"), std::string::npos);
  EXPECT_NE(page.find("| `rem` | Use, Use | int\\|float\\|bigint\\|decimal | traps | R2.7.6 |"),
            std::string::npos);
}

} // namespace
} // namespace branchline::ir
