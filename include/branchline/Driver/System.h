// What commands can reach of the world: files, the three standard streams, and the wish of the
// user to stop. Tools use NativeSystem; tests supply their own.
#pragma once

#include "branchline/Format/InputBuffer.h"
#include "branchline/Stream/Sink.h"
#include "branchline/Stream/Source.h"
#include "branchline/Support/Error.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace branchline::driver {

/// What there is to know about a regular file.
struct FileState {
  uint64_t bytes = 0;
  uint64_t modified = 0; ///< nanoseconds since 1970
  uint64_t device = 0;   ///< with `node`, what file it is
  uint64_t node = 0;
};

/// What became of another program.
struct CommandResult {
  int status = 0;       ///< its exit status, or 128 and the number of the signal that ended it
  std::string messages; ///< what it wrote to its two output streams
};

/// The outside of one command. Used by one thread, except for the two flags.
class System {
public:
  /// Whether the bytes of a file may be mapped: not for texts that are copied anyway.
  using Access = format::InputBuffer::Access;

  virtual ~System();

  /// The bytes of a file. \errors CannotReadFile \rule R5.12.12
  virtual Expected<format::InputBuffer, Error> readFile(const std::string &path, Access access) = 0;
  /// What standard input holds. \errors CannotReadStdin
  virtual Expected<format::InputBuffer, Error> readStdin() = 0;
  /// Writes to standard output, all of it. \errors CannotWriteStdout
  virtual Expected<void, Error> writeStdout(std::string_view text) = 0;
  /// Writes to standard error; failures are ignored, there is nowhere to report them.
  virtual void writeStderr(std::string_view text) = 0;
  /// Replaces a file by `text`, whole or not at all; makes missing folders.
  /// \errors CannotWriteFile \rule R5.17.9
  virtual Expected<void, Error> replaceFile(const std::string &path, std::string_view text) = 0;
  /// An input of a stream; a wait for its bytes ends when `interrupt` is set.
  /// \errors those of stream::openSource
  virtual Expected<std::unique_ptr<stream::Source>, Error> openSource(const std::string &path);
  /// An output of a stream. \errors those of stream::openSink
  virtual Expected<std::unique_ptr<stream::Sink>, Error>
  openSink(const std::string &path, const stream::SinkOptions &options);
  /// Whether a file is there, may be read and is no folder. \errors CannotReadFile
  virtual Expected<void, Error> checkFile(const std::string &path);
  /// The files a pattern of the shell matches, in order of their names.
  virtual std::vector<std::string> matchFiles(const std::string &pattern);
  /// \returns nothing when there is no such file, or it is no regular one
  virtual std::optional<FileState> stateOf(const std::string &path);
  /// Whether standard output is a terminal, where bytes that are no text would do harm.
  virtual bool isTerminal() { return false; }
  /// Whether standard error is a terminal, where somebody is waiting.
  virtual bool isErrorTerminal() { return false; }
  /// The folder that relative paths start from; empty when the system does not tell.
  virtual std::string currentFolder() const;
  /// Whether a path names a folder.
  virtual bool isFolder(const std::string &path) = 0;
  /// The folder for what this program may keep and lose; empty when there is none.
  virtual std::string cacheFolder() const { return {}; }
  /// The folder of the running program; empty when the system does not tell.
  virtual std::string programFolder() const;
  /// Runs another program, which is looked for as a shell does, and waits for it.
  /// \errors why it cannot be started
  virtual Expected<CommandResult, std::string> runCommand(const std::vector<std::string> &command);
  /// The path of the file that renaming another one may replace: where `path` leads if it is a
  /// symbolic link. \errors CannotWriteFile when something is there that is no regular file
  virtual Expected<std::string, Error> replaceablePath(const std::string &path);
  /// Makes a file beside another one, with a name nobody else has. \returns the name
  /// \errors CannotWriteFile
  virtual Expected<std::string, Error> makeTemporary(const std::string &path,
                                                     std::string_view content);
  /// Gives a file another name, of which there may be a file already. \errors CannotWriteFile
  virtual Expected<void, Error> renameFile(const std::string &from, const std::string &to);
  /// Removes a file, if it is there.
  virtual void removeFile(const std::string &path);
  /// True when the process ends after this command: then large data need not be taken apart.
  virtual bool endsProcess() const { return false; }

  /// Set from anywhere (a signal handler, too) to stop a run at its next safe point.
  std::atomic<bool> interrupt{false};
  /// True while `interrupt` is looked at; otherwise whoever sets it may end the process instead.
  std::atomic<bool> listening{false};
};

/// The real world of a process. SIGPIPE must be ignored, so that a closed pipe is an error value.
class NativeSystem final : public System {
public:
  /// \param endsProcess  see System::endsProcess
  explicit NativeSystem(bool endsProcess = false) : endsProcess_(endsProcess) {}

  Expected<format::InputBuffer, Error> readFile(const std::string &path, Access access) override;
  Expected<format::InputBuffer, Error> readStdin() override;
  Expected<void, Error> writeStdout(std::string_view text) override;
  void writeStderr(std::string_view text) override;
  Expected<void, Error> replaceFile(const std::string &path, std::string_view text) override;
  bool isTerminal() override;
  bool isErrorTerminal() override;
  bool isFolder(const std::string &path) override;
  std::string cacheFolder() const override;
  bool endsProcess() const override { return endsProcess_; }

private:
  bool endsProcess_;
};

} // namespace branchline::driver
