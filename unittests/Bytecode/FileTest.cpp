// Bytes: what is written is read, and whatever is wrong with a file has its own error.
#include "Programs.h"

#include "branchline/Lang/Errors.h"

#include <algorithm>

namespace {

using namespace branchline;
using namespace branchline::bytecode;

uint32_t u32(const std::string &bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i)
    value |= uint32_t(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return value;
}

void setU32(std::string &bytes, size_t at, uint32_t value) {
  for (size_t i = 0; i < 4; ++i)
    bytes[at + i] = static_cast<char>(value >> (8 * i));
}

/// The error of a file, its checksum put right first.
Error errorOf(std::string bytes) {
  repairChecksum(bytes);
  auto program = read(bytes);
  EXPECT_FALSE(program);
  return program ? Error{} : program.error();
}

unsigned codeOf(error::Id id) { return error::info(id).code; }

/// Adds a section to the end of a file.
void addSection(std::string &bytes, uint32_t id, std::string_view content) {
  const uint32_t count = u32(bytes, 20);
  std::string entry(8, '\0');
  setU32(entry, 0, id);
  setU32(entry, 4, static_cast<uint32_t>(content.size()));
  bytes.insert(24 + count * 8, entry);
  bytes += content;
  setU32(bytes, 20, count + 1);
  setU32(bytes, 16, static_cast<uint32_t>(bytes.size()));
}

/// Where a section of a file begins.
size_t sectionStart(const std::string &bytes, uint32_t id) {
  size_t at = 24 + u32(bytes, 20) * 8;
  for (size_t i = 0; u32(bytes, 24 + i * 8) != id; ++i)
    at += u32(bytes, 24 + i * 8 + 4);
  return at;
}

class File : public ::testing::Test {
protected:
  const Program program_ = assembled(kEverything);
  const std::string bytes_ = write(program_);
};

TEST_F(File, WhatIsWrittenIsRead) {
  const auto again = read(bytes_);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(write(**again), bytes_);
  EXPECT_EQ(disassemble(**again), disassemble(program_));
}

TEST_F(File, StrippedFilesLackSourceAndLines) {
  const std::string stripped = write(program_, {true});
  EXPECT_LT(stripped.size(), bytes_.size());
  const auto again = read(stripped);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE((*again)->sourceName.empty());
  EXPECT_TRUE((*again)->source.empty());
  for (const Function &function : (*again)->functions)
    EXPECT_TRUE(function.lines.empty());
  EXPECT_EQ(write(**again), stripped);
}

TEST_F(File, EmptyProgramsAreFiles) {
  const auto again = read(write(Program{}));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE((*again)->functions.empty());
}

TEST_F(File, EveryPrefixIsRefused) {
  for (size_t size = 0; size < bytes_.size(); ++size) {
    const auto program = read(std::string_view(bytes_).substr(0, size));
    ASSERT_FALSE(program) << size;
    EXPECT_EQ(program.error().code,
              codeOf(size < 4 ? error::Id::BytecodeForeign : error::Id::BytecodeTruncated))
        << size;
  }
}

TEST_F(File, EveryChangedBitIsFound) {
  for (size_t bit = 0; bit < bytes_.size() * 8; ++bit) {
    std::string changed = bytes_;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    EXPECT_FALSE(read(changed)) << bit;
  }
}

TEST_F(File, EveryChangedBitIsSurvivedBehindTheChecksum) {
  // A section of another number may be one to skip, so the section table is left alone.
  for (size_t bit = (24 + u32(bytes_, 20) * 8) * 8; bit < bytes_.size() * 8; ++bit) {
    std::string changed = bytes_;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    repairChecksum(changed);
    // Whatever is still a program has that file and no other.
    if (const auto program = read(changed)) {
      EXPECT_TRUE(write(**program) == changed) << bit;
      EXPECT_TRUE(write(assembled(disassemble(**program))) == changed) << bit;
    }
  }
}

TEST_F(File, HeaderErrors) {
  EXPECT_EQ(errorOf("{\"a\": 1}").code, codeOf(error::Id::BytecodeForeign));
  std::string version = bytes_;
  version[4] = 9;
  const Error error = errorOf(version);
  EXPECT_EQ(error.code, codeOf(error::Id::BytecodeVersion));
  EXPECT_EQ(error.message, "bytecode of version 9, this build reads version 3");
  std::string features = bytes_;
  features[6] = 1;
  EXPECT_EQ(errorOf(features).code, codeOf(error::Id::BytecodeFeatures));
  EXPECT_EQ(errorOf(bytes_ + "x").code, codeOf(error::Id::BytecodeMalformed));
  std::string damaged = bytes_;
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  const auto program = read(damaged);
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().code, codeOf(error::Id::BytecodeChecksum));
}

TEST_F(File, UnknownSectionsAreSkippedWhenTheyMayBe) {
  std::string bytes = bytes_;
  addSection(bytes, 0x8000'0099, "whatever");
  repairChecksum(bytes);
  const auto program = read(bytes);
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_EQ(write(**program), bytes_);

  std::string required = write(program_, {true});
  addSection(required, 99, "whatever");
  EXPECT_EQ(errorOf(required).code, codeOf(error::Id::BytecodeSection));
}

TEST_F(File, SectionTableErrors) {
  auto expect = [this](std::string_view message, auto change) {
    std::string bytes = bytes_;
    change(bytes);
    const Error error = errorOf(bytes);
    EXPECT_EQ(error.code, codeOf(error::Id::BytecodeMalformed)) << message;
    EXPECT_NE(error.message.find(message), std::string::npos) << error.message;
  };
  expect("table does not fit", [](std::string &b) { setU32(b, 20, 0xFFFFFFFF); });
  expect("does not fit the file", [](std::string &b) { setU32(b, 28, 0x7FFFFFFF); });
  expect("not in order", [](std::string &b) { setU32(b, 32, 1); });
  expect("`layouts` is missing", [](std::string &b) { setU32(b, 32, 3), setU32(b, 40, 4); });
  expect("`constants` is missing", [](std::string &b) { setU32(b, 20, 0); });
  expect("belong to no section", [](std::string &b) {
    b += "x";
    setU32(b, 16, static_cast<uint32_t>(b.size()));
  });
}

TEST_F(File, NumbersHaveOneSpelling) {
  std::string bytes = bytes_;
  const size_t at = sectionStart(bytes, 1);
  bytes[at] = static_cast<char>(bytes[at] | 0x80);
  bytes.insert(at + 1, 1, '\0');
  setU32(bytes, 28, u32(bytes, 28) + 1);
  setU32(bytes, 16, static_cast<uint32_t>(bytes.size()));
  const Error error = errorOf(bytes);
  EXPECT_EQ(error.code, codeOf(error::Id::BytecodeMalformed));
  EXPECT_NE(error.message.find("shortest form"), std::string::npos) << error.message;
}

TEST_F(File, CountsAreCheckedBeforeRoomIsMade) {
  std::string bytes = write(Program{});
  // The transforms: a count alone, which says that there are as many as the section can hold.
  setU32(bytes, 24 + 7 * 8 + 4, 3);
  bytes += "\xFF\x3F";
  bytes[bytes.size() - 3] = '\xFF';
  setU32(bytes, 16, static_cast<uint32_t>(bytes.size()));
  const Error tooMany = errorOf(bytes);
  EXPECT_EQ(tooMany.code, codeOf(error::Id::BytecodeLimit)) << tooMany.message;
  bytes[bytes.size() - 1] = '\x01';
  const Error noRoom = errorOf(bytes);
  EXPECT_EQ(noRoom.code, codeOf(error::Id::BytecodeMalformed));
  EXPECT_NE(noRoom.message.find("do not fit the section"), std::string::npos) << noRoom.message;
}

TEST_F(File, FindingsOfTheVerifierHaveTheirOffset) {
  Program program = program_;
  program.functions[1].code.back().a = 77;
  std::string bytes = write(program);
  const Error error = errorOf(bytes);
  EXPECT_EQ(error.code, codeOf(error::Id::VerifyIndex));
  const size_t at = error.message.find("(file offset ");
  ASSERT_NE(at, std::string::npos) << error.message;
  const size_t offset = std::stoul(error.message.substr(at + 13));
  EXPECT_EQ(bytes[offset + 2], 77);
}

TEST_F(File, MissingHostFunctionsAreNamed) {
  EXPECT_EQ(missingHostFunctions(program_, {"other"}), std::vector<std::string>{"log"});
  EXPECT_TRUE(missingHostFunctions(program_, {"log"}).empty());
}

} // namespace
