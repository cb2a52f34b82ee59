// The parts of an image, once for writing and reading, behind a head with version and checksum.
#include "branchline/Image/Image.h"

#include "Archive.h"

#include "branchline/Lang/Errors.h"
#include "branchline/Numeric/NumberText.h"

#include <utility>

namespace branchline::image {
namespace {

using runtime::NativeConstant;
using runtime::NativePlace;
using runtime::NativeSegment;

struct Head {
  char magic[8];
  uint32_t version;
  uint32_t reserved;
  uint64_t abi;      // of the runtime that the code was made for
  uint64_t bytes;    // of the whole image
  uint64_t checksum; // of what follows the head
};

constexpr uint32_t kNoSite = 0xFFFFFFFFu;
/// Deeper plans than this nobody makes: names in programs are nested less.
constexpr unsigned kMaxPlanDepth = 10'000;

uint64_t hashText(std::string_view text, uint64_t hash = 14695981039346656037u) {
  for (char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

/// Changes whenever code made for one build of the runtime would not run in another: calls, traps,
/// library functions, the layout of the state.
uint64_t runtimeAbi() {
  constexpr std::string_view kText =
#define BL_RUNTIME_CALL(Name, Result, Params, Doc) #Name #Result #Params
#include "branchline/Runtime/RuntimeCalls.def"
#define BL_TRAP(Name, ...) #Name
#include "branchline/Lang/Traps.def"
#define BL_BUILTIN(Name, ...) #Name
#include "branchline/Lang/Builtins.def"
      BRANCHLINE_VERSION;
  return hashText(kText) ^ sizeof(runtime::NativeState) ^ uint64_t(sizeof(runtime::Value)) << 32;
}

/// Eight bytes at a time; detects damage, not forgery.
uint64_t checksum(std::string_view bytes) {
  uint64_t state = bytes.size();
  for (; !bytes.empty(); bytes.remove_prefix(std::min<size_t>(8, bytes.size()))) {
    uint64_t lane = 0;
    std::memcpy(&lane, bytes.data(), std::min<size_t>(8, bytes.size()));
    state = std::rotl(state ^ lane * 0xD6E8FEB86659FD93u, 29) * 0x9E3779B97F4A7C15u;
  }
  return state ^ state >> 32;
}

// --- Parts: A is Writer or Reader, and the parts are const for the one ---

template <class A, class Plan> void visitPlan(A &archive, Plan &plan, unsigned depth = 0) {
  using Need = format::ReadPlan::Need;
  // One byte: the need, then the three marks.
  uint8_t marks = 0;
  if constexpr (!A::kReads)
    marks = static_cast<uint8_t>(static_cast<unsigned>(plan.need) | (plan.scalars ? 4u : 0u) |
                                 (plan.counted ? 8u : 0u) | (plan.items ? 16u : 0u));
  archive.number(marks);
  if constexpr (A::kReads) {
    plan.need = static_cast<Need>(marks & 3);
    plan.scalars = (marks & 4) != 0;
    plan.counted = (marks & 8) != 0;
    std::vector<std::pair<std::string, format::ReadPlan>> members;
    archive.list(members, [&](auto &member) {
      archive.text(member.first);
      if (depth < kMaxPlanDepth)
        visitPlan(archive, member.second, depth + 1);
    });
    for (auto &[key, member] : members)
      plan.members.emplace(std::move(key), std::move(member));
    if (marks & 16 && depth < kMaxPlanDepth) {
      plan.items = std::make_unique<format::ReadPlan>();
      visitPlan(archive, *plan.items, depth + 1);
    }
  } else {
    archive.list(plan.members, [&](const auto &member) {
      archive.text(member.first);
      visitPlan(archive, member.second, depth + 1);
    });
    if (plan.items)
      visitPlan(archive, *plan.items, depth + 1);
  }
}

template <class A, class Place> void visitPlace(A &archive, Place &place, bool strip) {
  // Without a place the frames of inlined calls stay.
  LineColumn at{0, 0};
  uint32_t site = place.inlinedAt + 1; // none is 0
  if (!A::kReads && !strip)
    at = place.at;
  archive.number(at.line);
  archive.number(at.column);
  archive.number(site);
  if constexpr (A::kReads)
    place = {at, site - 1};
}

template <class A, class Constant> void visitConstant(A &archive, Constant &constant) {
  archive.number(constant.kind);
  switch (constant.kind) {
  case NativeConstant::Kind::Null:
    break;
  case NativeConstant::Kind::Bool:
  case NativeConstant::Kind::Int:
    archive.signedNumber(constant.integer);
    break;
  case NativeConstant::Kind::Float:
    archive.real(constant.real);
    break;
  case NativeConstant::Kind::BigInt:
  case NativeConstant::Kind::Decimal:
    archive.signedNumber(constant.integer);
    archive.text(constant.text);
    break;
  case NativeConstant::Kind::String:
    archive.text(constant.text);
    break;
  }
}

template <class A, class Tables> void visitTables(A &archive, Tables &tables, bool strip) {
  static_assert(sizeof tables == 5 * sizeof tables.names, "a new table needs its line here");
  archive.list(tables.constants, [&](auto &constant) { visitConstant(archive, constant); });
  archive.list(tables.functions, [&](auto &fn) {
    archive.number(fn.params);
    archive.number(fn.captures);
    archive.text(fn.displayName);
    archive.list(fn.places, [&](auto &place) { visitPlace(archive, place, strip); });
    archive.list(fn.inlineSites, [&](auto &site) {
      archive.number(site.callee);
      visitPlace(archive, site.at, strip);
    });
  });
  archive.list(tables.names, [&](auto &name) { archive.number(name); });
  archive.list(tables.paths, [&](auto &path) {
    archive.list(path, [&](auto &segment) {
      archive.number(segment.kind);
      archive.number(segment.constant);
    });
  });
  archive.list(tables.layouts,
               [&](auto &keys) { archive.list(keys, [&](auto &key) { archive.number(key); }); });
}

template <class A, class P> void visit(A &archive, P &program, bool strip) {
  visitTables(archive, program.tables, strip);
  archive.list(program.transforms, [&](auto &transform) {
    archive.text(transform.name);
    archive.number(transform.function);
    visitPlan(archive, transform.values);
    visitPlan(archive, transform.texts);
  });
  archive.list(program.shared, [&](auto &resource) {
    archive.text(resource.name);
    archive.number(resource.single);
  });
  archive.number(program.minCallDepth);
  if constexpr (A::kReads) {
    archive.text(program.sourceName);
    archive.text(program.source);
  } else {
    archive.text(strip ? std::string_view() : program.sourceName);
    archive.text(strip ? std::string_view() : program.source);
  }
}

/// Whether all numbers in the tables name something that is there.
bool isConsistent(const NativeConstant &constant) {
  switch (constant.kind) {
  case NativeConstant::Kind::BigInt:
    return parseBigInt(constant.text).error == NumberError::None;
  case NativeConstant::Kind::Decimal:
    return parseDecimal(constant.text).error == NumberError::None;
  default:
    return constant.kind <= NativeConstant::Kind::String;
  }
}

bool isConsistent(const Program &program) {
  const runtime::NativeTables &tables = program.tables;
  for (const NativeConstant &constant : tables.constants)
    if (!isConsistent(constant))
      return false;
  const size_t constants = tables.constants.size(), functions = tables.functions.size();
  for (const runtime::NativeFunction &fn : tables.functions) {
    auto fits = [&](const NativePlace &place, size_t sites) {
      return place.inlinedAt == kNoSite || place.inlinedAt < sites;
    };
    for (const NativePlace &place : fn.places)
      if (!fits(place, fn.inlineSites.size()))
        return false;
    for (size_t i = 0; i < fn.inlineSites.size(); ++i)
      if (fn.inlineSites[i].callee >= functions || !fits(fn.inlineSites[i].at, i))
        return false;
  }
  for (uint32_t name : tables.names)
    if (name >= constants)
      return false;
  for (const std::vector<NativeSegment> &path : tables.paths)
    for (const NativeSegment &segment : path)
      if (segment.kind > NativeSegment::Kind::Computed ||
          (segment.kind != NativeSegment::Kind::Computed && segment.constant >= constants))
        return false;
  for (const std::vector<uint32_t> &layout : tables.layouts)
    for (uint32_t key : layout)
      if (key != runtime::kComputedLayoutKey && key >= constants)
        return false;
  for (const Transform &transform : program.transforms)
    if (transform.function >= functions || !tables.functions[transform.function].entry)
      return false;
  return !program.transforms.empty();
}

} // namespace

std::string write(const Program &program, const WriteOptions &options) {
  std::string body;
  Writer archive(body);
  visit(archive, program, options.strip);
  Head head{};
  std::memcpy(head.magic, kMagic.data(), kMagic.size());
  head.version = kFormatVersion;
  head.abi = runtimeAbi();
  head.bytes = sizeof head + body.size();
  head.checksum = checksum(body);
  return std::string(reinterpret_cast<const char *>(&head), sizeof head) + body;
}

Expected<std::unique_ptr<Program>, Error> read(std::string_view bytes,
                                               std::span<const runtime::NativeEntry> entries) {
  auto damaged = [](std::string_view what) {
    return Unexpected(error::make<error::Id::ImageDamaged>(what));
  };
  Head head;
  if (bytes.size() < sizeof head || !bytes.starts_with(kMagic))
    return damaged("it does not start as one");
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.version != kFormatVersion || head.abi != runtimeAbi())
    return Unexpected(error::make<error::Id::ImageForeign>());
  if (head.bytes != bytes.size())
    return damaged(fmt::format("found {} bytes, expected {}", bytes.size(), head.bytes));
  bytes.remove_prefix(sizeof head);
  if (const uint64_t found = checksum(bytes); found != head.checksum)
    return damaged(fmt::format("found checksum {:016x}, expected {:016x}", found, head.checksum));
  auto program = std::make_unique<Program>();
  Reader archive(bytes);
  visit(archive, *program, false);
  if (!archive.complete() || program->tables.functions.size() != entries.size())
    return damaged("its tables do not fit");
  for (size_t i = 0; i < entries.size(); ++i)
    program->tables.functions[i].entry = entries[i];
  if (!isConsistent(*program))
    return damaged("its tables do not fit");
  return program;
}

} // namespace branchline::image
