// What a program of native code carries along besides the code: constants, tables, places, read
// plans, transforms and the text for reports, as bytes in its object file. docs/AOT.md tells the
// layout. Leaves out: who makes the code, and who runs it.
#pragma once

#include "branchline/Format/ReadPlan.h"
#include "branchline/Runtime/Native.h"
#include "branchline/Support/Error.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::image {

/// First bytes of every image.
inline constexpr std::string_view kMagic = "BLIMAGE\n";
/// Raised whenever the meaning of a byte changes; images of another version are refused.
inline constexpr uint32_t kFormatVersion = 1;

struct Transform {
  std::string name; // empty: anonymous
  uint32_t function = 0;
  /// What it needs of a document, and the same when its results are compact JSON, into which parts
  /// of the document can be copied.
  format::ReadPlan values;
  format::ReadPlan texts;
};

struct SharedResource {
  std::string name;
  bool single = false;
};

struct Program {
  runtime::NativeTables tables;
  std::vector<Transform> transforms; // in source order
  std::vector<SharedResource> shared;
  /// The smallest call depth limit that a run may have, as in bytecode::Program.
  uint32_t minCallDepth = 0;
  std::string_view sourceName; // empty when stripped
  std::string_view source;
};

struct WriteOptions {
  bool strip = false; // leaves out source, source name and places
};

/// The bytes of an image; the same program and options give the same bytes.
/// \param program  its functions need no entries
std::string write(const Program &program, const WriteOptions &options = {});

/// \param bytes    borrowed for the life of the program: texts are slices of it
/// \param entries  one for each function; null where it has none
/// \errors ImageForeign, ImageDamaged
Expected<std::unique_ptr<Program>, Error> read(std::string_view bytes,
                                               std::span<const runtime::NativeEntry> entries);

} // namespace branchline::image
