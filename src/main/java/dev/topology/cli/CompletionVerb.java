package dev.topology.cli;

import picocli.CommandLine.Model.CommandSpec;

/** {@code topology completion}: what a shell needs to complete our command lines. */
final class CompletionVerb implements Verb {

  /** Shells that can. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Override
  public String command() {
    return "topology completion";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Prints what makes a shell complete topology's commands.")
        .positional("SHELL", "1", Shell.class, "bash, zsh or fish.")
        .footer(
            "",
            "bash: add to ~/.bashrc                    source <(topology completion bash)",
            "zsh:  add to ~/.zshrc                     source <(topology completion zsh)",
            "fish: add to ~/.config/fish/config.fish   topology completion fish | source",
            "",
            "Completes commands, options and their words, topology files, and what runs: its",
            "topologies, nodes and cables.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE);
  }

  @Override
  public ExitCode run(Invocation invocation) {
    Shell shell = invocation.parsed().matchedPositionalValue(0, Shell.BASH);
    invocation.print(new CompletionScript(CommandTree.root()).forShell(shell));
    return ExitCode.DONE;
  }
}
