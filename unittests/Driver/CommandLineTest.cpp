// Reading command lines: forms of values, repetition, order of errors. Messages as users see them
// are tested in test/Driver.
#include "branchline/Driver/CommandLine.h"

#include "branchline/Lang/Errors.h"

#include <gtest/gtest.h>

using namespace branchline;
using namespace branchline::driver;

namespace {

Expected<CommandLine, Error> parse(std::vector<std::string_view> arguments,
                                   ProgramName program = ProgramName::Blc) {
  return parseCommandLine(program, arguments);
}

uint16_t failureCode(std::vector<std::string_view> arguments,
                     ProgramName program = ProgramName::Blc) {
  const auto line = parse(std::move(arguments), program);
  return line ? 0 : line.error().code;
}

TEST(CommandLine, TakesValuesInBothForms) {
  const auto line = parse({"run", "--transform=T", "x.bl", "--output-path", "--input"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->command(), Command::Run);
  EXPECT_EQ(line->text(Option::Transform), "T");
  EXPECT_EQ(line->text(Option::OutputPath), "--input"); // values may begin with dashes
  EXPECT_FALSE(line->has(Option::Input));
  EXPECT_EQ(line->operands(), std::vector<std::string>{"x.bl"});
}

TEST(CommandLine, KeepsEqualsSignsAndEmptyValues) {
  const auto line = parse({"run", "x.bl", "--output-path=a=b", "--transform="});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->text(Option::OutputPath), "a=b");
  EXPECT_TRUE(line->has(Option::Transform));
  EXPECT_EQ(line->text(Option::Transform), "");
}

TEST(CommandLine, LastValueWins) {
  const auto line = parse({"run", "x.bl", "--json-numbers", "strict", "--json-numbers=extended"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->text(Option::JsonNumbers), "extended");
}

TEST(CommandLine, DefaultsComeFromTheTable) {
  const auto line = parse({"run", "x.bl"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->text(Option::OutputFormat), "json");
  EXPECT_EQ(line->number(Option::MaxCallDepth), 10'000u);
  EXPECT_EQ(line->number(Option::MaxMemory), uint64_t(8) << 30);
}

TEST(CommandLine, FoldsChoices) {
  const auto line = parse({"run", "x.bl", "--output-format", "JSON_Compact"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->text(Option::OutputFormat), "json-compact");
}

TEST(CommandLine, ReadsUnits) {
  const auto line = parse({"run", "x.bl", "--max-memory", "3m", "--deadline=2s", "--max-output",
                           "7", "--max-input-size=1K"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->number(Option::MaxMemory), 3u << 20);
  EXPECT_EQ(line->number(Option::Deadline), 2000u);
  EXPECT_EQ(line->number(Option::MaxOutput), 7u);
  EXPECT_EQ(line->number(Option::MaxInputSize), 1024u);
}

TEST(CommandLine, RejectsNumbersThatAreNone) {
  constexpr uint16_t kCode = error::info(error::Id::InvalidNumber).code;
  for (std::string_view text :
       {"", "-1", "1.5", " 1", "1 ", "0x10", "18446744073709551616", "1kb", "17179869184G", "K"})
    EXPECT_EQ(failureCode({"run", "x.bl", "--max-memory", text}), kCode) << text;
  EXPECT_EQ(failureCode({"run", "x.bl", "--max-instructions", "1K"}), kCode);
  EXPECT_EQ(failureCode({"run", "x.bl", "--deadline", "1h"}), kCode);
}

TEST(CommandLine, ShortOptionsAndDashes) {
  const auto line = parse({"run", "-", "-o", "out.json"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->text(Option::OutputFile), "out.json");
  EXPECT_EQ(line->operands(), std::vector<std::string>{"-"});
  const auto file = parse({"run", "-x"}); // one dash and no known letter: an operand (R5.12.6)
  ASSERT_TRUE(file);
  EXPECT_EQ(file->operands(), std::vector<std::string>{"-x"});
}

TEST(CommandLine, StopsAtTheFirstError) {
  EXPECT_EQ(failureCode({"run", "--nope", "--json-numbers", "x"}),
            error::info(error::Id::UnknownOption).code);
  EXPECT_EQ(failureCode({"run", "--json-numbers", "x", "--nope"}),
            error::info(error::Id::UnknownValue).code);
}

TEST(CommandLine, CommandWordsAreExact) {
  EXPECT_EQ(failureCode({"RUN", "x.bl"}), error::info(error::Id::UnknownCommand).code);
  const auto alias = parse({"c", "x.bl"});
  ASSERT_TRUE(alias);
  EXPECT_EQ(alias->command(), Command::Compile);
  // A word is a command only in front.
  const auto file = parse({"run", "check"});
  ASSERT_TRUE(file);
  EXPECT_EQ(file->operands(), std::vector<std::string>{"check"});
}

TEST(CommandLine, ProgramNamesChooseTheDefault) {
  const auto bl = parse({"x.bl"}, ProgramName::Bl);
  ASSERT_TRUE(bl);
  EXPECT_EQ(bl->command(), Command::Run);
  EXPECT_EQ(failureCode({}, ProgramName::Bl), error::info(error::Id::NoArguments).code);
  const auto blvm = parse({"x.blbc"}, ProgramName::Blvm);
  ASSERT_TRUE(blvm);
  EXPECT_EQ(blvm->command(), Command::Exec);
  const auto help = parse({});
  ASSERT_TRUE(help);
  EXPECT_EQ(help->command(), Command::Help);
}

TEST(CommandLine, RepeatedValuesAreKeptInOrder) {
  const auto line = parse({"run", "--input", "a", "p.bl", "--transform=T", "--input=b"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->all(Option::Input), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(line->text(Option::Input), "b");
  EXPECT_TRUE(line->all(Option::Output).empty());
}

TEST(CommandLine, HelpWinsOverWhatFollows) {
  const auto line = parse({"run", "--help", "--nope"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->command(), Command::Help);
  EXPECT_EQ(line->operands(), std::vector<std::string>{"run"});
}

TEST(GlobalArguments, ErrorFormatIsTakenFromAnywhere) {
  const std::vector<std::string_view> arguments{
      "run", "--error-format", "json", "x.bl", "--error-format=TEXT", "--error-format=json"};
  const auto globals = takeGlobalArguments(arguments);
  ASSERT_TRUE(globals);
  EXPECT_EQ(globals->errorFormat, ErrorFormat::Json);
  EXPECT_EQ(globals->rest, (std::vector<std::string_view>{"run", "x.bl"}));
}

} // namespace
