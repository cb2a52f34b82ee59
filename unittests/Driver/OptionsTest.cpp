// The tables of the command line agree with themselves.
#include "branchline/Driver/Options.h"

#include "branchline/Driver/CommandLine.h"
#include "branchline/Driver/Engines.h"
#include "branchline/Driver/Help.h"
#include "branchline/Driver/ReferencePages.h"

#include <gtest/gtest.h>
#include <set>

using namespace branchline::driver;

namespace {

TEST(Options, NamesAndLettersAreUniqueInEachCommand) {
  for (size_t i = 0; i < kCommands.size(); ++i) {
    std::set<std::string_view> names;
    std::set<char> letters;
    for (const OptionInfo &option : kOptions) {
      if (!option.appliesTo(static_cast<Command>(i)))
        continue;
      EXPECT_TRUE(names.insert(option.name).second) << option.name;
      EXPECT_TRUE(option.letter == 0 || letters.insert(option.letter).second) << option.name;
    }
  }
}

TEST(Options, DefaultsAreValid) {
  for (size_t i = 0; i < kOptions.size(); ++i) {
    const OptionInfo &option = kOptions[i];
    CommandLine line(Command::Run);
    if (option.kind != OptionKind::Flag && option.kind != OptionKind::Text) {
      EXPECT_TRUE(line.set(static_cast<Option>(i), option.defaultValue)) << option.name;
    }
  }
}

TEST(Options, ChoicesAreSpelledAsTheyAreCompared) {
  for (const OptionInfo &option : kOptions)
    for (std::string_view choice : choicesOf(option))
      for (char c : choice)
        EXPECT_TRUE((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-') << choice;
}

TEST(Options, ProgramNameIsTheLastPartOfThePath) {
  EXPECT_EQ(programNameOf("bl"), ProgramName::Bl);
  EXPECT_EQ(programNameOf("some/folder/blvm"), ProgramName::Blvm);
  EXPECT_EQ(programNameOf("./blc"), ProgramName::Blc);
  EXPECT_EQ(programNameOf("bl/other"), ProgramName::Blc);
  EXPECT_EQ(programNameOf(""), ProgramName::Blc);
}

TEST(Engines, AreFoundByName) {
  ASSERT_FALSE(engines().empty());
  for (const Engine &engine : engines())
    EXPECT_EQ(findEngine(engine.name), &engine);
  EXPECT_EQ(findEngine("warp"), nullptr);
}

TEST(Help, EveryVisibleCommandIsInTheOverview) {
  const std::string help = helpText(ProgramName::Blc);
  for (const CommandInfo &command : kCommands)
    EXPECT_EQ(help.find("\n  " + std::string(command.word)) != std::string::npos, !command.hidden)
        << command.word;
}

TEST(Help, LinesFitTheTerminal) {
  for (size_t i = 0; i < kCommands.size(); ++i) {
    const std::string help = helpText(ProgramName::Blc, static_cast<Command>(i));
    for (size_t begin = 0; begin < help.size();) {
      const size_t end = help.find('\n', begin);
      EXPECT_LE(end - begin, 100u) << help.substr(begin, end - begin);
      begin = end + 1;
    }
  }
}

TEST(ReferencePages, AreNotEmptyAndEndWithALine) {
  for (const ReferencePage &page : referencePages()) {
    const std::string text = page.render();
    EXPECT_GT(text.size(), 500u) << page.name;
    EXPECT_TRUE(text.ends_with('\n')) << page.name;
  }
}

} // namespace
