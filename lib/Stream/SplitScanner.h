// Finds the items of one array in a document that goes by in parts. Everything around the items is
// checked as a JSON reader would; of the items only their ends are found, by counting brackets
// outside of strings. Leaves out: what the items are (a reader of records checks them).
#pragma once

#include "BlockScan.h"
#include "DocumentPlace.h"
#include "JsonTokens.h"

#include "branchline/Format/OutputPath.h"
#include "branchline/Format/RecordReader.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace branchline::stream {

class SplitScanner {
public:
  /// \param path      `text` parsed
  SplitScanner(format::OutputPath path, std::string text, uint32_t maxDepth)
      : path_(std::move(path)), pathText_(std::move(text)), maxDepth_(maxDepth) {}

  struct Progress {
    size_t done = 0; // bytes of the part that need not be seen again; items end before it
    std::optional<Mistake> mistake;
  };

  /// Looks at the part of the document that begins where the last `forget` ended, longer than in
  /// the call before or at its end. 64 bytes behind the text may be read.
  Progress scan(const Part &part);
  /// Moves the items found so far out; their lines count from the start of the part.
  void takeItems(std::string_view text, std::vector<format::RecordSpan> &items);
  /// The front of the part goes away. \param text  that front
  void forget(std::string_view text);

  /// What to say about a mistake of the current part. \param byte  of the part in the input
  Error errorOf(const Mistake &mistake, std::string_view text, uint64_t byte) const;
  /// Where the current part begins.
  LineColumn place() const { return marked_.lineColumn(); }

private:
  /// What may come next.
  enum class Expect : uint8_t {
    Value,
    ElementOrEnd, // behind [
    MemberOrEnd,  // behind {
    Member,       // behind , in an object
    Element,      // behind , in an array
    Colon,
    CommaOrEnd,
    Item, // of the array that is split
    Nothing,
  };
  struct Level {
    bool isObject;
    bool hasNewKey = false; // not yet among `keys`
    uint64_t index = 0;     // array: of the element
    std::string key = {};   // object: whose value comes
    LineColumn keyAt{0, 0};
    std::unordered_set<std::string> keys = {};
  };

  /// Handles what stands at `at_`. \returns false at a mistake, or when the part ends too early
  bool step();
  bool value();
  bool open(bool isObject, bool onPath);
  bool close();
  bool member();
  bool commaOrEnd();
  bool endOfDocument();
  bool scalar(const Token &token);
  bool valueDone();

  bool items();
  bool walkBlock(uint64_t bits);
  bool endItem(size_t end, bool isLast);
  bool endInItem();
  bool takeIfWhole(size_t end);

  bool isOnPath() const;
  bool fail(Mistake mistake) {
    mistake_ = std::move(mistake);
    return false;
  }
  bool fail(const Token &token) {
    return token.state == Token::State::Wrong && fail(token.mistake);
  }
  bool fail(error::Id id);
  bool failAtCharacter(error::Id id) { return fail(unexpected(*part_, at_, id)); }
  char here() const { return part_->text[at_]; }
  bool atEnd() const { return at_ == part_->text.size(); }
  LineColumn placeOf(size_t at);
  std::string pathWords() const;

  const format::OutputPath path_;
  const std::string pathText_; // as the user wrote it
  const uint32_t maxDepth_;

  const Part *part_ = nullptr; // during scan
  size_t at_ = 0;              // scanned up to here
  Expect expect_ = Expect::Value;
  std::vector<Level> levels_;
  size_t onPath_ = 0;  // levels that the path leads through
  bool found_ = false; // the array
  std::optional<Mistake> mistake_;

  // The items.
  BlockScanner blocks_;
  uint64_t depth_ = 0;   // brackets that are open inside of the item
  size_t itemBegin_ = 0; // of the item that is not complete
  bool hasItems_ = false;
  std::vector<format::RecordSpan> items_;

  DocumentPlace marked_; // the place of `mark_`
  size_t mark_ = 0;
};

} // namespace branchline::stream
