// The files, or standard output, that the values of a stream go to: one output, or one for each
// input. Private to Driver.
#pragma once

#include "branchline/Driver/StreamOptions.h"
#include "branchline/Driver/System.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace branchline::driver {

/// The outputs of --output-file. A `{}` in the path stands for the name of the input without folder
/// and endings, and gives each input an output of its own.
/// \errors OutputNameTwice; those of outputFileTarget
Expected<std::vector<std::string>, Error>
outputTargets(const std::string &path, const std::vector<std::string> &inputs, System &system);

/// Whether a path of --output-file gives each input an output of its own.
inline bool isOutputPattern(std::string_view path) { return path.find("{}") != path.npos; }

class ValueOutput {
public:
  /// \param targets  one, or one for each input; `-` is standard output
  /// \param inPlace  files grow under their own names, for checkpoints
  ValueOutput(System &system, ValueFraming framing, std::vector<std::string> targets, bool inPlace)
      : system_(system), framing_(framing), targets_(std::move(targets)), inPlace_(inPlace) {}

  bool isStdout() const { return targets_.front() == "-"; }
  const std::vector<std::string> &targets() const { return targets_; }

  /// Opens the output of an input. \param keep  bytes of it that stay
  /// \param begun  whether there is a value among them
  Expected<void, Error> open(uint32_t input, uint64_t keep = 0, bool begun = false);
  /// Completes outputs and opens others, as far as an input that follows needs it.
  Expected<void, Error> moveTo(uint32_t input);
  /// Takes whole values as workers frame them. \param text  may be changed
  Expected<void, Error> write(std::string &text);
  /// Lets readers of standard output have everything; files wait.
  Expected<void, Error> flush();
  /// \returns durable bytes of the current output
  Expected<uint64_t, Error> sync() { return sink_->sync(); }
  /// Whether a value was written to the current output.
  bool begun() const { return begun_; }
  /// Completes all outputs.
  Expected<void, Error> close();
  /// Ends standard output after a failure, so that what is there is whole; files stay as they were.
  void breakOff();

private:
  Expected<void, Error> complete();
  Expected<void, Error> writeEnd();

  System &system_;
  const ValueFraming framing_;
  const std::vector<std::string> targets_;
  const bool inPlace_;
  size_t target_ = 0; // the one that is open
  std::unique_ptr<stream::Sink> sink_;
  bool begun_ = false;
};

} // namespace branchline::driver
