// Completion scripts and the manual page, from the same tables as the help.
#include "branchline/Driver/Help.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace branchline::driver {
namespace {

bool isVisible(const CommandInfo &command) { return !command.hidden; }

/// `run|r` as a pattern of `case`, in both shells.
std::string casePattern(const CommandInfo &command) {
  return command.alias.empty() ? std::string(command.word)
                               : fmt::format("{}|{}", command.word, command.alias);
}

std::string words(bool (*wanted)(const CommandInfo &)) {
  std::vector<std::string_view> list;
  for (const CommandInfo &command : kCommands)
    if (wanted(command))
      list.push_back(command.word);
  return fmt::format("{}", fmt::join(list, " "));
}

/// What may follow an option that takes a value: its choices, or nothing for anything.
std::string bashValueCases() {
  std::string out;
  for (const OptionInfo &option : kOptions)
    if (const auto choices = choicesOf(option); !choices.empty())
      out += fmt::format("    {}) COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;\n",
                         option.name, fmt::join(choices, " "));
  return out;
}

std::string bashScript() {
  std::string options;
  for (size_t i = 0; i < kCommands.size(); ++i) {
    std::vector<std::string_view> names;
    for (const OptionInfo &option : kOptions)
      if (option.appliesTo(static_cast<Command>(i)))
        names.push_back(option.name);
    if (!names.empty() && isVisible(kCommands[i]))
      options += fmt::format("    {}) options='{}' ;;\n", casePattern(kCommands[i]),
                             fmt::join(names, " "));
  }
  return fmt::format(R"(# Completion of blc, bl and blvm for bash; printed by `blc completion bash`.
_blc() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} options=
  COMPREPLY=()
  case $previous in
{}    completion) COMPREPLY=($(compgen -W 'bash zsh' -- "$word")); return ;;
    help) COMPREPLY=($(compgen -W '{}' -- "$word")); return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '{} --help --version' -- "$word"))
    [ "${{COMP_WORDS[0]##*/}}" != blc ] && COMPREPLY+=($(compgen -f -- "$word"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}}
complete -o filenames -F _blc blc bl blvm
)",
                     bashValueCases(), words(isVisible), words(isVisible), options);
}

/// Text inside single quotes of a zsh specification: brackets and colons have meanings there.
std::string zshText(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\'')
      out += "'\\'";
    if (c == ':' || c == '[' || c == ']')
      out += '\\';
    out += c;
  }
  return out;
}

std::string zshOption(const OptionInfo &option) {
  std::string spec = fmt::format("{}{}[{}]", option.name,
                                 option.kind == OptionKind::Flag ? "" : "=", zshText(option.help));
  if (option.kind != OptionKind::Flag) {
    const auto choices = choicesOf(option);
    spec += fmt::format(":{}:{}", option.valueName,
                        choices.empty() ? option.valueName == "FILE" ? "_files" : " "
                                        : fmt::format("({})", fmt::join(choices, " ")));
  }
  return fmt::format("        '{}' \\\n", spec);
}

std::string zshScript() {
  std::string commands;
  std::string options;
  for (size_t i = 0; i < kCommands.size(); ++i) {
    if (!isVisible(kCommands[i]))
      continue;
    commands += fmt::format("    '{}:{}'\n", kCommands[i].word, zshText(kCommands[i].summary));
    options += fmt::format("    {})\n      _arguments \\\n", casePattern(kCommands[i]));
    for (const OptionInfo &option : kOptions)
      if (option.appliesTo(static_cast<Command>(i)))
        options += zshOption(option);
    options += "        '*:file:_files' ;;\n";
  }
  return fmt::format(R"(#compdef blc
# Completion of blc for zsh; printed by `blc completion zsh`.
_blc() {{
  local -a commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{}  esac
}}
_blc "$@"
)",
                     commands, options);
}

/// Text for roff: a line may not begin with a control character, and `-` and `\` are special.
std::string roff(std::string_view text) {
  std::string out;
  bool atLineStart = true;
  for (char c : text) {
    if (atLineStart && (c == '.' || c == '\''))
      out += "\\&";
    if (c == '-' || c == '\\')
      out += '\\';
    out += c;
    atLineStart = c == '\n';
  }
  return out;
}

std::string manualOption(const OptionInfo &option) {
  std::string out = ".TP\n.B ";
  if (option.letter != 0)
    out += fmt::format("\\-{}, ", option.letter);
  out += roff(option.name);
  if (!option.valueName.empty())
    out += fmt::format(" \\fI{}\\fR", option.valueName);
  out += '\n' + roff(option.help);
  if (const auto choices = choicesOf(option); !choices.empty())
    out += roff(fmt::format(": {}", fmt::join(choices, ", ")));
  if (!option.defaultValue.empty())
    out += roff(fmt::format(" (default: {})", option.defaultValue));
  return out + '\n';
}

} // namespace

std::optional<std::string> completionScript(std::string_view shell) {
  if (shell == "bash")
    return bashScript();
  if (shell == "zsh")
    return zshScript();
  return std::nullopt;
}

std::string manualPage() {
  std::string out = fmt::format(
      ".\\\" Printed by `blc reference man` from the tables of the command line.\n"
      ".TH BLC 1 \"\" \"Branchline {}\" \"User Commands\"\n"
      ".SH NAME\nblc \\- compile and run Branchline programs\n"
      ".SH SYNOPSIS\n.B blc\n\\fICOMMAND\\fR [\\fIOPERAND\\fR...] [\\fIOPTION\\fR...]\n.br\n"
      ".B bl\n\\fIFILE.bl\\fR [\\fIOPTION\\fR...]\n"
      ".SH DESCRIPTION\nBranchline is a small language for turning documents into other "
      "documents.\n.B blc\ncompiles and runs its programs;\n.B bl\nis the same program with the "
      "default command\n.BR run .\n",
      versionNumber());
  for (size_t i = 0; i < kCommands.size(); ++i) {
    const CommandInfo &command = kCommands[i];
    if (!isVisible(command))
      continue;
    out += fmt::format(".SH \"BLC {}\"\n.B blc {}\n\\fI{}\\fR [\\fIOPTION\\fR...]\n.PP\n{}\n",
                       roff(command.word), roff(command.word), roff(command.operands),
                       roff(command.details));
    for (const OptionInfo &option : kOptions)
      if (option.appliesTo(static_cast<Command>(i)))
        out += manualOption(option);
  }
  out += ".SH EXIT STATUS\n.TP\n.B 0\nsuccess\n.TP\n.B 64\nthe command line is wrong\n.TP\n.B 65\n"
         "the program text or the input is bad\n.TP\n.B 70\nthe program failed, or a limit ended "
         "it\n.TP\n.B 74\na file or stream cannot be read or written\n.TP\n.B 130\ninterrupted\n";
  return out;
}

} // namespace branchline::driver
