// The loader of object files: good ones run, damaged ones are refused.
#include "branchline/JIT/ObjectLoader.h"

#include "LineTable.h"

#include "Compile.h"

#include <cstring>
#include <elf.h>
#include <random>
#include <set>

/// The interface of debuggers, as they declare it.
struct JitCodeEntry {
  JitCodeEntry *next;
  JitCodeEntry *previous;
  const char *object;
  uint64_t size;
};
extern "C" struct {
  uint32_t version;
  uint32_t action_flag;
  JitCodeEntry *relevant_entry;
  JitCodeEntry *first_entry;
} __jit_debug_descriptor;

namespace branchline::jit {
namespace {

std::string goodObject(bool debug = false) {
  const auto module = moduleOf("LET s = 0.5\nFOR EACH i IN RANGE(1, 9) { SET s = s * 3.9 }\n"
                               "OUTPUT TRY s CATCH(e) -> e.message");
  EmitOptions options;
  options.debug = {debug, "test.bl", "folder"};
  auto object = emit(*module, Form::Object, options);
  return object ? *object : std::string();
}

TEST(ObjectLoader, FindsTheEntries) {
  if (!isAvailable())
    GTEST_SKIP() << "native code is not in this build";
  const auto code = MachineCode::load(goodObject());
  ASSERT_TRUE(code) << code.error();
  EXPECT_NE(code->find("entry.0"), nullptr);
  EXPECT_EQ(code->find("entry.1"), nullptr);
  EXPECT_GT(code->bytes(), 0u);
}

TEST(ObjectLoader, RefusesWhatIsNoObject) {
  for (const char *text : {"", "text", "\177ELF"})
    EXPECT_EQ(MachineCode::load(text).error(), "not an object file");
  EXPECT_EQ(MachineCode::load(std::string(200, 'x')).error(),
            "not an object file for this machine");
}

// Whatever is cut off or changed, loading ends with a message or with code, never outside the file.
TEST(ObjectLoader, DebuggersKnowCodeAsLongAsItLives) {
  if (!isAvailable())
    GTEST_SKIP() << "native code is not in this build";
  EXPECT_EQ(__jit_debug_descriptor.first_entry, nullptr);
  {
    const std::string object = goodObject(true);
    const auto quiet = MachineCode::load(object);
    EXPECT_EQ(__jit_debug_descriptor.first_entry, nullptr);
    const auto first = MachineCode::load(object, true);
    const auto second = MachineCode::load(object, true);
    ASSERT_TRUE(first && second);
    const JitCodeEntry *entry = __jit_debug_descriptor.first_entry;
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(__jit_debug_descriptor.relevant_entry, entry);
    EXPECT_EQ(__jit_debug_descriptor.action_flag, 1u);
    EXPECT_EQ(entry->size, object.size());
    ASSERT_NE(entry->next, nullptr);
    EXPECT_EQ(entry->next->previous, entry);
    // The second program's code is where its sections say.
    Elf64_Ehdr header;
    std::memcpy(&header, entry->object, sizeof header);
    bool found = false;
    for (size_t i = 0; i < header.e_shnum; ++i) {
      Elf64_Shdr section;
      std::memcpy(&section, entry->object + header.e_shoff + i * sizeof section, sizeof section);
      const auto start = reinterpret_cast<uintptr_t>(second->find("entry.0")) - section.sh_addr;
      found = found || ((section.sh_flags & SHF_EXECINSTR) && start < section.sh_size);
    }
    EXPECT_TRUE(found);
  }
  EXPECT_EQ(__jit_debug_descriptor.first_entry, nullptr);
  EXPECT_EQ(__jit_debug_descriptor.action_flag, 2u);
}

TEST(ObjectLoader, KnowsTheLinesOfCode) {
  if (!isAvailable())
    GTEST_SKIP() << "native code is not in this build";
  const std::string object = goodObject(true);
  const auto code = MachineCode::load(object, true);
  ASSERT_TRUE(code);
  std::set<uint32_t> found;
  const auto begin = reinterpret_cast<uintptr_t>(code->find("entry.0"));
  for (const MachineCode::Line &row : code->lines()) {
    // Code is in one piece, around the entry.
    EXPECT_LT(std::max<uint64_t>(row.address, begin) - std::min<uint64_t>(row.address, begin),
              code->bytes());
    found.insert(row.line);
  }
  found.erase(0);
  EXPECT_EQ(found, (std::set<uint32_t>{1, 2, 3}));
  EXPECT_TRUE(MachineCode::load(object)->lines().empty());
  EXPECT_TRUE(MachineCode::load(goodObject(), true)->lines().empty());
}

/// A literal with its zeros, but the last.
template <size_t kSize> std::string bytes(const char (&text)[kSize]) { return {text, kSize - 1}; }

// Line tables by hand: what the compiler happens not to use, and what makes no sense.
TEST(LineTable, FollowsEveryOperation) {
  const std::string header = bytes("\x04\0\x0b\0\0\0"         // version, bytes up to the program
                                   "\x01\x01\x01\xfb\x0e\x0d" // step, parallel, is_stmt, -5, 14, 13
                                   "\0\0\0\0\0");             // rest of the header
  const std::string program =
      bytes("\0\x09\x02\0\x10\0\0\0\0\0\0"                             // address 0x1000
            "\x03\x09\x01"                                             // line 10, a row
            "\x02\x90\x01\x05\x07\x06\x07\x0a\x0b\x0c\x01\x04\x01\x01" // address 0x1090, a row
            "\x03\x7e\x09\x10\0\x01"                                   // line 8, address 0x10a0
            "\x08\x21"                                                 // constant 17, 1 and line 9
            "\0\x02\x04\x05"                                           // something unknown
            "\0\x01\x01");                                             // the end
  auto tableOf = [](std::string unit) {
    const auto size = static_cast<uint32_t>(unit.size());
    return readLineTable(std::string(reinterpret_cast<const char *>(&size), 4) + unit);
  };
  std::vector<std::pair<uint64_t, uint32_t>> rows;
  for (const MachineCode::Line &row : tableOf(header + program))
    rows.emplace_back(row.address, row.line);
  EXPECT_EQ(rows, (std::vector<std::pair<uint64_t, uint32_t>>{
                      {0x1000, 10}, {0x1090, 10}, {0x10a0, 8}, {0x10b2, 9}, {0x10b2, 0}}));
  EXPECT_TRUE(tableOf("").empty());
  EXPECT_TRUE(tableOf(header).empty());
  std::string other = header + program;
  other[0] = 5; // another version
  EXPECT_TRUE(tableOf(other).empty());
  for (size_t length = 0; length < header.size() + program.size(); ++length)
    (void)tableOf((header + program).substr(0, length));
}

TEST(ObjectLoader, ListsFunctionsWithTheirSizes) {
  if (!isAvailable())
    GTEST_SKIP() << "native code is not in this build";
  const auto code = MachineCode::load(goodObject());
  ASSERT_TRUE(code);
  size_t entries = 0;
  for (const MachineCode::Function &function : code->functions()) {
    EXPECT_GT(function.bytes, 0u) << function.symbol;
    EXPECT_EQ(code->find(function.symbol), function.address);
    entries += function.symbol == "entry.0" ? 1 : 0;
  }
  EXPECT_EQ(entries, 1u);
}

TEST(ObjectLoader, SurvivesDamage) {
  if (!isAvailable())
    GTEST_SKIP() << "native code is not in this build";
  const std::string good = goodObject(true);
  for (size_t length = 0; length < good.size(); length += 7)
    EXPECT_FALSE(MachineCode::load(std::string_view(good).substr(0, length)));
  std::mt19937 random(1);
  size_t refused = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string bad = good;
    for (int i = 0; i < 3; ++i)
      bad[random() % bad.size()] = static_cast<char>(random());
    refused += MachineCode::load(bad, true) ? 0 : 1;
  }
  EXPECT_GT(refused, 100u);
}

TEST(ObjectLoader, RefusesReferencesToTheOutside) {
  if (!isAvailable())
    GTEST_SKIP() << "native code is not in this build";
  std::string object = goodObject();
  Elf64_Ehdr header;
  std::memcpy(&header, object.data(), sizeof header);
  size_t changed = 0;
  for (size_t i = 0; i < header.e_shnum; ++i) {
    Elf64_Shdr section;
    std::memcpy(&section, object.data() + header.e_shoff + i * sizeof section, sizeof section);
    if (section.sh_type != SHT_RELA)
      continue;
    for (size_t at = 0; at < section.sh_size; at += sizeof(Elf64_Rela), ++changed) {
      Elf64_Rela entry;
      char *place = object.data() + section.sh_offset + at;
      std::memcpy(&entry, place, sizeof entry);
      entry.r_info = ELF64_R_INFO(0, ELF64_R_TYPE(entry.r_info)); // the undefined symbol
      std::memcpy(place, &entry, sizeof entry);
    }
  }
  ASSERT_GT(changed, 0u);
  EXPECT_EQ(MachineCode::load(object).error(), "it refers to something outside itself");
}

} // namespace
} // namespace branchline::jit
