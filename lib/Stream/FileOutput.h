// The file, pipe or device behind a sink.
#pragma once

#include "Descriptor.h"

#include "branchline/Stream/Sink.h"

namespace branchline::stream {

/// An open output. Destroyed without `close`, it leaves no temporary file behind.
class FileOutput {
public:
  /// \errors CannotWriteFile, OutputTooShort
  static Expected<FileOutput, Error> open(const std::string &path, const SinkOptions &options);

  FileOutput(FileOutput &&) noexcept = default;
  FileOutput &operator=(FileOutput &&) = delete;
  ~FileOutput();

  /// Writes all of it. \errors CannotWriteStdout, CannotWriteFile
  Expected<void, Error> write(std::string_view bytes);
  /// Takes back what was written behind a place, where the output is a file nobody else writes to.
  void dropBehind(uint64_t position);
  /// Makes what was written survive a crash of the machine, where the output can do that.
  Expected<void, Error> sync();
  /// Closes the file and gives it its final name.
  Expected<void, Error> close();

  Error failure(int code) const;

  /// Bytes of the file so far.
  uint64_t position() const { return position_; }

private:
  FileOutput() = default;

  int openStdout();
  int openAppend(uint64_t keep);
  int openReplace();
  int createBeside(int mode);

  Descriptor file_;
  std::string name_;      // what messages say
  std::string path_;      // of the final file
  std::string temporary_; // to be renamed; empty: none
  bool isFile_ = false;
  bool isNew_ = false; // its folder has to be synced, too
  uint64_t position_ = 0;
};

} // namespace branchline::stream
