// Texts made from the tables of the command line: help, completion scripts and the manual.
#pragma once

#include "branchline/Driver/Options.h"

#include <optional>
#include <string>
#include <string_view>

namespace branchline::driver {

/// The overview: usage, commands, examples. \rule R5.12.5
std::string helpText(ProgramName program);

/// Usage, description and options of one command.
std::string helpText(ProgramName program, Command command);

/// What a compiled program says about itself. \param name  of the program
std::string linkedHelpText(std::string_view name);

/// The command of a word or alias.
std::optional<Command> findCommand(std::string_view word);

/// A completion script. \param shell `bash` or `zsh` \returns nothing for other shells
std::optional<std::string> completionScript(std::string_view shell);

/// The manual page in roff.
std::string manualPage();

/// The command line as a Markdown page.
std::string commandLinePage();

} // namespace branchline::driver
