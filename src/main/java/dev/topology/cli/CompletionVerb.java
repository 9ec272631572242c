package dev.topology.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology completion}: what a shell needs to complete our command lines. */
final class CompletionVerb implements Verb {

  /** Shells that can. */
  enum Shell {
    BASH,
    ZSH
  }

  @Override
  public String command() {
    return "topology completion";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Prints what makes a shell complete topology's commands.")
        .positional("SHELL", "1", Shell.class, "bash or zsh.")
        .footer(
            "",
            "bash: add to ~/.bashrc      source <(topology completion bash)",
            "zsh:  add to ~/.zshrc       source <(topology completion zsh)")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE);
  }

  @Override
  public ExitCode run(Invocation invocation) {
    // One script for both: it tells the shells apart itself.
    invocation.print(AutoComplete.bash("topology", CommandTree.root()));
    return ExitCode.DONE;
  }
}
