// Images: what is written is read again, and what is damaged is refused.
#include "branchline/Image/Image.h"

#include "branchline/Lang/Errors.h"

#include <gtest/gtest.h>

using namespace branchline;
using namespace branchline::image;
using runtime::NativeConstant;
using runtime::NativeSegment;

namespace {

runtime::Status anEntry(runtime::NativeState *, runtime::FunctionObject *, runtime::Value *,
                        runtime::Value *) {
  return 1;
}

const std::vector<runtime::NativeEntry> kEntries = {&anEntry, nullptr};

/// A program with something in every table.
Program sample() {
  using Kind = NativeConstant::Kind;
  Program made;
  made.tables.constants = {{Kind::Null, 0, 0, {}},
                           {Kind::Bool, 1, 0, {}},
                           {Kind::Int, INT64_MIN, 0, {}},
                           {Kind::Float, 0, -0.0, {}},
                           {Kind::BigInt, 0, 0, "123456789012345678901234567890"},
                           {Kind::Decimal, 0, 0, "-1.50"},
                           {Kind::String, 0, 0, std::string_view("a\0b", 3)}};
  runtime::NativeFunction transform;
  transform.displayName = "TRANSFORM T";
  transform.places = {{{3, 4}, 0}, {{5, 1}}};
  transform.inlineSites = {{1, {{3, 2}}}};
  runtime::NativeFunction func;
  func.params = 2;
  func.captures = 1;
  func.displayName = "f";
  made.tables.functions = {transform, func};
  made.tables.names = {6};
  made.tables.paths = {{{NativeSegment::Kind::Name, 6}, {NativeSegment::Kind::Computed, 0}}};
  made.tables.layouts = {{6, runtime::kComputedLayoutKey}, {}};
  Transform entry;
  entry.name = "T";
  entry.values.need = format::ReadPlan::Need::Parts;
  entry.values.counted = true;
  entry.values.members["k"].need = format::ReadPlan::Need::Nothing;
  entry.values.items = std::make_unique<format::ReadPlan>();
  entry.values.items->scalars = true;
  entry.texts.need = format::ReadPlan::Need::Text;
  made.transforms.push_back(std::move(entry));
  made.shared = {{"s", true}, {"m", false}};
  made.minCallDepth = 16;
  made.sourceName = "t.bl";
  made.source = "OUTPUT 1";
  return made;
}

std::string codeOf(std::string_view bytes) {
  const auto read = image::read(bytes, kEntries);
  return read ? "" : std::to_string(read.error().code);
}

} // namespace

TEST(Image, ReadsWhatIsWritten) {
  const std::string bytes = write(sample());
  const auto read = image::read(bytes, kEntries);
  ASSERT_TRUE(read) << read.error().message;
  const Program &got = **read;
  ASSERT_EQ(got.tables.constants.size(), 7u);
  EXPECT_EQ(got.tables.constants[2].integer, INT64_MIN);
  EXPECT_TRUE(std::signbit(got.tables.constants[3].real));
  EXPECT_EQ(got.tables.constants[5].text, "-1.50");
  EXPECT_EQ(got.tables.constants[6].text, std::string_view("a\0b", 3));
  const runtime::NativeFunction &transform = got.tables.functions[0];
  EXPECT_EQ(transform.entry, &anEntry);
  EXPECT_EQ(transform.places[0].inlinedAt, 0u);
  EXPECT_EQ(transform.places[1].at, (LineColumn{5, 1}));
  EXPECT_EQ(transform.places[1].inlinedAt, 0xFFFFFFFFu);
  EXPECT_EQ(transform.inlineSites[0].callee, 1u);
  EXPECT_EQ(got.tables.functions[1].entry, nullptr);
  EXPECT_EQ(got.tables.functions[1].captures, 1u);
  EXPECT_EQ(got.tables.paths[0][1].kind, NativeSegment::Kind::Computed);
  EXPECT_EQ(got.tables.layouts[0][1], runtime::kComputedLayoutKey);
  const Transform &entry = got.transforms[0];
  EXPECT_EQ(entry.values.need, format::ReadPlan::Need::Parts);
  EXPECT_TRUE(entry.values.counted);
  EXPECT_FALSE(entry.values.scalars);
  EXPECT_EQ(entry.values.members.at("k").need, format::ReadPlan::Need::Nothing);
  EXPECT_TRUE(entry.values.items->scalars);
  EXPECT_EQ(entry.texts.need, format::ReadPlan::Need::Text);
  EXPECT_TRUE(got.shared[0].single);
  EXPECT_EQ(got.minCallDepth, 16u);
  EXPECT_EQ(got.source, "OUTPUT 1");
  // Tables refer to each other by number, so the same program gives the same bytes.
  EXPECT_EQ(write(got), bytes);
}

TEST(Image, StrippedHasFramesButNoPlaces) {
  const std::string bytes = write(sample(), {true});
  const auto read = image::read(bytes, kEntries);
  ASSERT_TRUE(read);
  EXPECT_EQ((*read)->source, "");
  EXPECT_EQ((*read)->sourceName, "");
  EXPECT_EQ((*read)->tables.functions[0].places[0].at.line, 0u);
  EXPECT_EQ((*read)->tables.functions[0].places[0].inlinedAt, 0u);
  EXPECT_EQ(bytes.find("OUTPUT"), std::string::npos);
}

TEST(Image, RefusesEveryChangedByte) {
  const std::string bytes = write(sample());
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i >= 12 && i < 16)
      continue; // reserved
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    const std::string code = codeOf(changed);
    EXPECT_EQ(code, i >= 8 && i < 24 ? "5410" : "5411") << "byte " << i;
  }
}

TEST(Image, RefusesWhatIsCutShort) {
  const std::string bytes = write(sample());
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_EQ(codeOf(std::string_view(bytes).substr(0, length)), "5411") << length;
}

TEST(Image, RefusesTablesThatDoNotFit) {
  using Kind = NativeConstant::Kind;
  auto codeWith = [](auto change) {
    Program program = sample();
    change(program);
    return codeOf(write(program));
  };
  EXPECT_EQ(codeWith([](Program &) {}), "");
  EXPECT_EQ(codeWith([](Program &p) {
              p.tables.constants.push_back({static_cast<Kind>(99), 0, 0, {}});
            }),
            "5411");
  EXPECT_EQ(codeWith([](Program &p) {
              p.tables.constants.push_back({Kind::BigInt, 0, 0, "1x"});
            }),
            "5411");
  EXPECT_EQ(codeWith([](Program &p) {
              p.tables.constants.push_back({Kind::Decimal, 0, 0, ""});
            }),
            "5411");
  EXPECT_EQ(codeWith([](Program &p) { p.tables.names = {7}; }), "5411");
  EXPECT_EQ(codeWith([](Program &p) { p.tables.paths[0][0].constant = 7; }), "5411");
  EXPECT_EQ(codeWith([](Program &p) { p.tables.layouts[0][0] = 7; }), "5411");
  EXPECT_EQ(codeWith([](Program &p) { p.tables.functions[0].places[0].inlinedAt = 1; }), "5411");
  EXPECT_EQ(codeWith([](Program &p) { p.tables.functions[0].inlineSites[0].callee = 2; }), "5411");
  EXPECT_EQ(codeWith([](Program &p) { p.tables.functions[0].inlineSites[0].at.inlinedAt = 0; }),
            "5411");
  EXPECT_EQ(codeWith([](Program &p) { p.tables.functions.pop_back(); }), "5411");
  EXPECT_EQ(codeWith([](Program &p) { p.transforms[0].function = 1; }), "5411"); // has no entry
  EXPECT_EQ(codeWith([](Program &p) { p.transforms.clear(); }), "5411");
}
