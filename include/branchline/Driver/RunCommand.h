// `blc run` and `blc exec`: a program, a document, a result.
#pragma once

#include "branchline/Driver/Engines.h"
#include "branchline/Driver/Report.h"
#include "branchline/Driver/StreamOptions.h"
#include "branchline/Format/JsonOptions.h"

#include <optional>
#include <string>

namespace branchline::driver {

/// Everything `blc run` and `blc exec` can be told. The defaults are those of Options.def.
struct RunOptions {
  std::string script; // a program text, or a bytecode file
  bool isBytecode = false;
  std::optional<std::string> input; // `-`: standard input; nothing: the empty object
  std::string transform;            // empty: the first
  format::JsonNumbers numbers = format::JsonNumbers::Safe;
  format::JsonKeys keys = format::JsonKeys::String;
  format::JsonFormat layout = format::JsonFormat::Pretty;
  std::string outputPath; // empty: the whole result
  bool raw = false;
  std::optional<std::string> outputFile;
  const Engine *engine = nullptr;    // null: the default
  bool allEngines = false;           // runs each of them and compares
  std::optional<std::string> passes; // as in --passes; nothing: what suits the engine
  bool verifyEach = false;
  std::optional<std::string> cacheFolder; // nothing: the user's; empty: none
  bool debugInfo = false;                 // native code has names and lines
  std::string jitDumpFolder;              // perf gets its names, code and lines there; empty: not
  bool perfMap = false;                   // perf gets its names
  std::optional<uint64_t> tierAfter;      // nothing: what suits the command
  runtime::Limits limits;
  uint32_t maxInputDepth = format::kMaxJsonDepth;
  bool trustInput = false;             // see JsonReadOptions::trustInput
  uint64_t maxInputBytes = 0;          // 0: what the reader can take
  std::optional<StreamOptions> stream; // nothing: one document
  bool time = false;
  bool stats = false;
};

/// The options of a command line whose command is Run or Exec that do not say which program is to
/// run, nor how it is made ready. \errors those of streamOptionsOf
Expected<RunOptions, Error> executionOptionsOf(const CommandLine &line);

/// All options of such a command line. \errors those of streamOptionsOf
Expected<RunOptions, Error> runOptionsOf(const CommandLine &line);

/// Runs a program, in the order of R5.14.1: script, checks, transform, input, execution, output.
/// The first step that fails ends it, reported. Needs a stack for `limits.callDepth` nested calls
/// (see runOnStack).
/// With stream options it runs once for each record.
ExitStatus runProgram(const RunOptions &options, Reporter &reporter);

} // namespace branchline::driver
