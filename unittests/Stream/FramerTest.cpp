// Lines and sequences: the records are the same whatever the sizes of pieces and chunks.
#include "StreamTestSupport.h"

namespace branchline::stream {
namespace {

using Texts = std::vector<std::string>;

Framed lines(const std::string &text, size_t piece, size_t chunk, uint64_t maxRecord = 1 << 20,
             uint64_t skip = 0) {
  TextSource source(text, piece);
  FramerOptions options;
  options.chunkBytes = chunk;
  options.maxRecordBytes = maxRecord;
  return frame(source, options, skip);
}

TEST(LinesFramer, cutsTheSameRecordsWithPiecesAndChunksOfAnySize) {
  const std::string text = "{\"a\":1}\n\r\n  \n[2]\r\n\n3\n\"four four four four four\"\nlast";
  for (size_t piece = 1; piece <= text.size() + 1; ++piece)
    for (size_t chunk = 1; chunk <= text.size() + 1; ++chunk) {
      const Framed framed = lines(text, piece, chunk);
      EXPECT_EQ(framed.records,
                (Texts{"{\"a\":1}", "[2]", "3", "\"four four four four four\"", "last"}));
      EXPECT_EQ(framed.lines, (std::vector<uint64_t>{1, 4, 6, 7, 8}));
      EXPECT_EQ(framed.text, text);
      EXPECT_EQ(framed.error, "");
    }
}

TEST(LinesFramer, takesAnEmptyInputForNoRecords) {
  EXPECT_EQ(lines("", 4, 64).chunks, 0u);
  EXPECT_EQ(lines("\xEF\xBB\xBF", 1, 64).chunks, 0u);
}

TEST(LinesFramer, skipsAByteOrderMark) {
  for (size_t piece = 1; piece < 6; ++piece)
    for (size_t chunk = 1; chunk < 9; ++chunk)
      EXPECT_EQ(lines("\xEF\xBB\xBF[1]\n\xEF\xBB\xBF[2]\n", piece, chunk).records,
                (Texts{"[1]", "\xEF\xBB\xBF[2]"}));
  // Less than a mark is content.
  EXPECT_EQ(lines("\xEF\xBB", 1, 64).records, (Texts{"\xEF\xBB"}));
}

TEST(LinesFramer, handsOverWhatASlowSourceHas) {
  TextSource source("[1]\n[2]\n[3", 8);
  auto framer = makeFramer(source, {});
  Chunk chunk;
  ASSERT_TRUE(*(*framer)->next(chunk));
  EXPECT_EQ(chunk.text, "[1]\n[2]\n");
}

TEST(LinesFramer, endsTheInputAtARecordThatIsTooLong) {
  for (size_t piece = 1; piece < 30; ++piece) {
    const Framed framed = lines("[1]\n12345678\n123456789\n[3]\n", piece, 64, 8);
    EXPECT_EQ(framed.records, (Texts{"[1]", "12345678"}));
    EXPECT_EQ(framed.error, "record of more than 8 bytes at byte offset 13");
    EXPECT_EQ(framed.code, codeOf(error::Id::RecordTooLong));
    EXPECT_EQ(lines("[1]\n123456789", piece, 64, 8).records, (Texts{"[1]"}));
  }
}

TEST(LinesFramer, deliversWholeRecordsBeforeAFailureOfTheSource) {
  for (size_t piece = 1; piece < 12; ++piece) {
    TextSource source("[1]\n[2]\n[3", piece, true);
    const Framed framed = frame(source, {});
    EXPECT_EQ(framed.records, (Texts{"[1]", "[2]"}));
    EXPECT_EQ(framed.error, "broken source");
  }
}

TEST(LinesFramer, skipsRecordsNotLines) {
  const std::string text = "[1]\n\n[2]\r\n[3]\n[4]";
  for (size_t chunk = 1; chunk < 24; ++chunk) {
    EXPECT_EQ(lines(text, 3, chunk, 99, 2).records, (Texts{"[3]", "[4]"}));
    EXPECT_EQ(lines(text, 3, chunk, 99, 2).lines, (std::vector<uint64_t>{4, 5}));
    EXPECT_EQ(lines(text, 3, chunk, 99, 4).records, Texts{});
    EXPECT_EQ(lines(text, 3, chunk, 99, 5).code, codeOf(error::Id::TooFewRecords));
    EXPECT_EQ(lines(text, 3, chunk, 99, 5).error,
              "found 4 records, fewer than the 5 that were read before");
  }
}

TEST(LinesFramer, keepsChunksApartUntilTheirStorageIsGone) {
  TextSource source("[1]\n[2]\n[3]\n[4]\n", 4);
  FramerOptions options;
  options.chunkBytes = 4;
  auto framer = makeFramer(source, options);
  std::vector<Chunk> chunks(4);
  for (Chunk &chunk : chunks)
    ASSERT_TRUE(*(*framer)->next(chunk));
  framer->reset();
  for (size_t i = 0; i < chunks.size(); ++i) {
    EXPECT_EQ(chunks[i].text, "[" + std::to_string(i + 1) + "]\n");
    EXPECT_EQ(chunks[i].offset, i * 4);
  }
}

// --- RFC 7464 ---

Framed sequence(const std::string &text, size_t piece, size_t chunk, uint64_t skip = 0) {
  TextSource source(text, piece);
  FramerOptions options;
  options.framing = Framing::Sequence;
  options.chunkBytes = chunk;
  return frame(source, options, skip);
}

/// Calls `check` for all small sizes of pieces and chunks.
template <class Check> void forSizes(size_t upTo, Check check) {
  for (size_t piece = 1; piece <= upTo; ++piece)
    for (size_t chunk = 1; chunk <= upTo; ++chunk)
      check(piece, chunk);
}

TEST(SequenceFramer, cutsBeforeSeparators) {
  const std::string text = "\x1E{\"a\":\n1}\n\x1E[2]\r\n\x1E\"x\"\x1E 3 \n\x1Enull\n";
  forSizes(text.size() + 1, [&](size_t piece, size_t chunk) {
    const Framed framed = sequence(text, piece, chunk);
    EXPECT_EQ(framed.records, (Texts{"{\"a\":\n1}", "[2]", "\"x\"", " 3", "null"}));
    EXPECT_EQ(framed.lines, (std::vector<uint64_t>{1, 3, 4, 4, 5}));
    EXPECT_EQ(framed.text, text);
    EXPECT_EQ(framed.broken, Texts{});
    EXPECT_EQ(framed.error, "");
  });
}

TEST(SequenceFramer, ignoresEmptyRecords) {
  forSizes(12, [](size_t piece, size_t chunk) {
    EXPECT_EQ(sequence("\x1E\x1E\n\x1E  \x1E[1]\n\x1E", piece, chunk).records, (Texts{"[1]"}));
    EXPECT_EQ(sequence("", piece, chunk).chunks, 0u);
    EXPECT_EQ(sequence(" \n\x1E[1]\n", piece, chunk).broken, Texts{});
  });
}

TEST(SequenceFramer, marksNumbersAndLiteralsThatMayBeCutShort) {
  forSizes(16, [](size_t piece, size_t chunk) {
    const Framed framed = sequence("\x1E[0]\n\x1E"
                                   "12\x1Etrue\x1E[1]\n\x1E"
                                   "12",
                                   piece, chunk);
    EXPECT_EQ(framed.records, (Texts{"[0]", "[1]"}));
    EXPECT_EQ(framed.broken.size(), 3u);
    for (const std::string &message : framed.broken)
      EXPECT_EQ(message, error::info(error::Id::SequenceTruncated).format);
  });
}

TEST(SequenceFramer, marksTextBeforeTheFirstSeparatorOnce) {
  forSizes(12, [](size_t piece, size_t chunk) {
    const Framed framed = sequence("[0]\n[1]\n\x1E[2]\n", piece, chunk);
    EXPECT_EQ(framed.records, (Texts{"[2]"}));
    EXPECT_EQ(framed.broken, (Texts{std::string(error::info(error::Id::SequenceStart).format)}));
    EXPECT_EQ(sequence("[0]\n[1]\n", piece, chunk).broken.size(), 1u);
  });
}

TEST(SequenceFramer, skipsRecords) {
  const std::string text = "\x1E[1]\n\x1E\x1E"
                           "2\x1E[3\n]\n\x1E[4]\n";
  forSizes(20, [&](size_t piece, size_t chunk) {
    const Framed framed = sequence(text, piece, chunk, 2); // a broken one counts
    EXPECT_EQ(framed.records, (Texts{"[3\n]", "[4]"}));
    EXPECT_EQ(framed.lines, (std::vector<uint64_t>{2, 4}));
    EXPECT_EQ(framed.broken, Texts{});
    EXPECT_EQ(sequence(text, piece, chunk, 1).broken.size(), 1u);
  });
}

} // namespace
} // namespace branchline::stream
