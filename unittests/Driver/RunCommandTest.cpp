// `blc run` in memory: what happens when the world fails at each step, which a shell cannot
// arrange.
#include "branchline/Driver/RunCommand.h"

#include "branchline/Lang/Errors.h"
#include "branchline/Support/StackThread.h"

#include <gtest/gtest.h>
#include <map>

using namespace branchline;
using namespace branchline::driver;

namespace {

/// Files and streams in memory, with failures on request.
class MemorySystem final : public System {
public:
  Expected<format::InputBuffer, Error> readFile(const std::string &path, Access) override {
    const auto file = files.find(path);
    if (file == files.end())
      return Unexpected(error::make<error::Id::CannotReadFile>(path, path));
    return format::InputBuffer::fromText(file->second);
  }
  Expected<format::InputBuffer, Error> readStdin() override {
    ++stdinReads;
    return format::InputBuffer::fromText("{}");
  }
  Expected<void, Error> writeStdout(std::string_view text) override {
    if (writesUntilFailure-- == 0)
      return Unexpected(error::make<error::Id::CannotWriteStdout>("full"));
    output += text;
    return {};
  }
  void writeStderr(std::string_view text) override { messages += text; }
  Expected<void, Error> replaceFile(const std::string &path, std::string_view text) override {
    files[path] = text;
    if (interruptOnReplace)
      interrupt = true;
    return {};
  }
  bool isFolder(const std::string &) override { return false; }

  std::map<std::string, std::string> files;
  std::string output;
  std::string messages;
  int writesUntilFailure = -1;
  int stdinReads = 0;
  bool interruptOnReplace = false;
};

ExitStatus run(MemorySystem &system, std::string program, RunOptions options = {}) {
  system.files["p.bl"] = std::move(program);
  options.script = "p.bl";
  Reporter reporter(system, ErrorFormat::Text, "blc");
  ExitStatus status = ExitStatus::Ok;
  EXPECT_TRUE(runOnStack(kLargeStack, [&] { status = runProgram(options, reporter); }));
  return status;
}

TEST(RunProgram, StdinIsNotReadWhenTheProgramIsBad) {
  MemorySystem system;
  RunOptions options;
  options.input = "-";
  EXPECT_EQ(run(system, "TRANSFORM T { OUTPUT nope }", options), ExitStatus::Data);
  options.transform = "Other";
  EXPECT_EQ(run(system, "TRANSFORM T { OUTPUT { a: 1 } }", options), ExitStatus::Data);
  EXPECT_EQ(system.stdinReads, 0);
}

TEST(RunProgram, PrintThatFailsEndsTheRun) {
  MemorySystem system;
  system.writesUntilFailure = 2;
  EXPECT_EQ(run(system, "TRANSFORM T { FOR EACH i IN RANGE(1000000) { PRINT(i) } }"),
            ExitStatus::Io);
  EXPECT_EQ(system.output, "0\n1\n");
  EXPECT_NE(system.messages.find("[BL4004]"), std::string::npos);
}

TEST(RunProgram, PrintThatFailsInALastStatementIsReported) {
  MemorySystem system;
  system.writesUntilFailure = 0;
  EXPECT_EQ(run(system, "TRANSFORM T { PRINT(1) }"), ExitStatus::Io);
  EXPECT_EQ(system.output, "");
}

TEST(RunProgram, InterruptBeforeTheRunStopsIt) {
  MemorySystem system;
  system.interrupt = true;
  EXPECT_EQ(run(system, "TRANSFORM T { OUTPUT { a: 1 } }"), ExitStatus::Interrupted);
  EXPECT_EQ(system.output, "");
}

TEST(RunProgram, ListensOnlyWhileItRuns) {
  MemorySystem system;
  EXPECT_EQ(run(system, "TRANSFORM T { OUTPUT { a: 1 } }"), ExitStatus::Ok);
  EXPECT_FALSE(system.listening);
  EXPECT_EQ(run(system, "TRANSFORM T { OUTPUT { a: 1 // 0 } }"), ExitStatus::Runtime);
  EXPECT_FALSE(system.listening);
}

TEST(RunProgram, InterruptWhileAFileIsReplacedIsNotLost) {
  MemorySystem system;
  system.interruptOnReplace = true;
  RunOptions options;
  options.outputFile = "out.json";
  EXPECT_EQ(run(system, "TRANSFORM T { OUTPUT { a: 1 } }", options), ExitStatus::Interrupted);
  EXPECT_EQ(system.files["out.json"], system.output);
}

TEST(RunProgram, RunsDoNotShareAnything) {
  MemorySystem system;
  const std::string program =
      "SHARED s SINGLE\nTRANSFORM T { s[\"k\"] = 1\nOUTPUT { v: AWAIT s.k } }";
  EXPECT_EQ(run(system, program), ExitStatus::Ok);
  EXPECT_EQ(run(system, program), ExitStatus::Ok);
}

} // namespace
