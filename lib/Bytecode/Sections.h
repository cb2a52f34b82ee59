// What stands in each section, once for reading and writing: an Archive is an Encoder or a Decoder,
// and P is `const Program` or `Program`. Private to Bytecode.
#pragma once

#include "branchline/Bytecode/Limits.h"
#include "branchline/Bytecode/Program.h"

namespace branchline::bytecode {

template <class Archive, class P> void visitConstants(Archive &archive, P &program) {
  archive.list(program.constants, kConstantLimit, 1, [&](auto &constant) {
    archive.choice(constant.kind, 7, "kind of constant");
    switch (constant.kind) {
    case Constant::Kind::Null:
      break;
    case Constant::Kind::Bool:
      archive.flag(constant.integer, "boolean");
      break;
    case Constant::Kind::Int:
      archive.signedNumber(constant.integer);
      break;
    case Constant::Kind::Float:
      archive.real(constant.real);
      break;
    case Constant::Kind::BigInt:
    case Constant::Kind::Decimal:
    case Constant::Kind::String:
      archive.text(constant.text);
      break;
    }
  });
}

template <class Archive, class P> void visitLayouts(Archive &archive, P &program) {
  archive.list(program.layouts, kLayoutLimit, 1, [&](auto &layout) {
    // kComputedKey is 0 in the file, so that it takes one byte.
    archive.list(layout.keys, kLayoutKeyLimit, 1, [&](auto &key) { archive.plusOne(key); });
  });
}

template <class Archive, class P> void visitPaths(Archive &archive, P &program) {
  archive.list(program.paths, kPathLimit, 1, [&](auto &path) {
    archive.list(path.segments, kSegmentLimit, 1, [&](auto &segment) {
      archive.choice(segment.kind, 3, "kind of path segment");
      if (segment.kind != PathSegment::Kind::Computed)
        archive.number(segment.constant);
    });
  });
}

template <class Archive, class P> void visitImports(Archive &archive, P &program) {
  archive.list(program.imports, kImportLimit, 2, [&](auto &import) {
    archive.choice(import.kind, 2, "kind of import");
    archive.text(import.name);
  });
}

template <class Archive, class P> void visitShared(Archive &archive, P &program) {
  archive.list(program.shared, kSharedLimit, 2, [&](auto &resource) {
    archive.flag(resource.single, "kind of shared resource");
    archive.text(resource.name);
  });
}

template <class Archive, class P> void visitFunctions(Archive &archive, P &program) {
  archive.list(program.functions, kFunctionLimit, 8, [&](auto &function) {
    archive.choice(function.kind, 3, "kind of function");
    archive.text(function.sourceName);
    archive.list(function.params, kParamLimit, 1, [&](auto &reg) { archive.number(reg); });
    // One byte each, although there are few different ones in a row: a short file cannot make many
    // large frames.
    archive.list(function.registers, kRegisterLimit, 1,
                 [&](auto &kind) { archive.choice(kind, 3, "register class"); });
    archive.number(function.captures);
    archive.code(function.code, kWordLimit);
    archive.list(function.handlers, kHandlerLimit, 3, [&](auto &region) {
      archive.number(region.begin);
      archive.number(region.end);
      archive.number(region.target);
    });
    archive.list(function.resumePoints, kResumeLimit, 2, [&](auto &point) {
      archive.number(point.pc);
      archive.list(point.live, kRegisterLimit, 1, [&](auto &reg) { archive.number(reg); });
    });
    archive.list(function.inlineSites, kInlineSiteLimit, 2, [&](auto &site) {
      archive.number(site.callee);
      archive.plusOne(site.parent); // kNoSite is 0 in the file
    });
    uint32_t pc = 0;
    archive.list(function.siteEntries, kSiteEntryLimit, 2, [&](auto &entry) {
      archive.difference(entry.pc, pc);
      archive.plusOne(entry.site);
    });
  });
}

template <class Archive, class P> void visitNeeds(Archive &archive, P &program) {
  archive.number(program.minCallDepth);
}

template <class Archive, class P> void visitTransforms(Archive &archive, P &program) {
  archive.list(program.transforms, kTransformLimit, 2, [&](auto &entry) {
    archive.text(entry.name);
    archive.number(entry.function);
  });
}

/// One table per function, in their order, then the places of its inlined calls; neighbours are
/// close together, so differences are stored.
template <class Archive, class P> void visitLines(Archive &archive, P &program) {
  for (auto &function : program.functions) {
    uint32_t pc = 0, line = 0;
    archive.list(function.lines, kLineLimit, 3, [&](auto &entry) {
      archive.difference(entry.pc, pc);
      archive.difference(entry.at.line, line);
      archive.number(entry.at.column);
    });
    for (auto &site : function.inlineSites) {
      archive.difference(site.at.line, line);
      archive.number(site.at.column);
    }
  }
}

template <class Archive, class P> void visitSource(Archive &archive, P &program) {
  archive.text(program.sourceName);
  archive.text(program.source);
}

} // namespace branchline::bytecode
