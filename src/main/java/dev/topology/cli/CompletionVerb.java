package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code topology completion}: what a shell needs to complete our command lines. */
final class CompletionVerb implements Verb {

  /** Shells that can. */
  enum Shell {
    BASH,
    ZSH,
    FISH
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
            "Completes commands, options and their words, topology files, what is saved, and what",
            "runs: its topologies, nodes and cables.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE);
  }

  @Override
  public ExitCode run(Invocation invocation) {
    Shell shell = invocation.parsed().matchedPositionalValue(0, Shell.BASH);
    invocation.print(new CompletionScript(CommandTree.root()).forShell(shell));
    return ExitCode.DONE;
  }

  /**
   * What a shell needs to complete command lines: tables of all commands and options, made from
   * what the parser has; functions of sh(1) that say what can come next; and the few lines with
   * which each shell asks them. Nodes and cables are read from the run directories, without
   * starting a JVM.
   */
  private static final class CompletionScript {

    private final List<CommandLine> commands;

    CompletionScript(CommandLine root) {
      this.commands = withParts(root).toList();
    }

    private static Stream<CommandLine> withParts(CommandLine command) {
      return Stream.concat(
          Stream.of(command),
          command.getSubcommands().values().stream().flatMap(CompletionScript::withParts));
    }

    /** The script for a shell to run as it starts. */
    String forShell(CompletionVerb.Shell shell) {
      String functions = resource("completion.sh") + tables();
      String own = resource("completion." + shell.name().toLowerCase(Locale.ROOT));
      return shell == CompletionVerb.Shell.FISH
          ? "set -g __topology_script '"
              + functions.replace("\\", "\\\\").replace("'", "\\'")
              + "'\n"
              + own
          : functions + own;
    }

    private String tables() {
      String paths =
          commands.stream().skip(1).map(it -> quote(path(it))).collect(Collectors.joining(" | "));
      return "\n__topology_is_command() {\n  case $1 in "
          + paths
          + ") ;; *) return 1 ;; esac\n}\n"
          + table("commands", "$1", commands.stream().map(CompletionScript::parts))
          + table("options", "$1", commands.stream().map(CompletionScript::options))
          + table("kind", "\"$1:$2\"", commands.stream().flatMap(CompletionScript::kinds));
    }

    private static String table(String name, String of, Stream<String> cases) {
      return "\n__topology_"
          + name
          + "() {\n  case "
          + of
          + " in\n"
          + cases
              .filter(it -> !it.isEmpty())
              .map(it -> "    " + it + " ;;\n")
              .collect(Collectors.joining())
          + "  esac\n}\n";
    }

    /** {@code ' image'}, as the functions write it; empty for the program itself. */
    private static String path(CommandLine command) {
      String words = command.getCommandSpec().qualifiedName();
      return words.indexOf(' ') < 0 ? "" : words.substring(words.indexOf(' '));
    }

    private static String parts(CommandLine command) {
      return lines(
          command,
          command.getSubcommands().values().stream()
              .map(part -> line(part.getCommandName(), part.getCommandSpec())));
    }

    private static String line(String name, CommandSpec spec) {
      return quote(name) + " " + quote(first(spec.usageMessage().description()));
    }

    private static String options(CommandLine command) {
      return lines(
          command,
          command.getCommandSpec().options().stream()
              .filter(option -> !option.hidden())
              .map(
                  option ->
                      quote(option.longestName()) + " " + quote(first(option.description()))));
    }

    private static String lines(CommandLine command, Stream<String> lines) {
      String all = lines.collect(Collectors.joining(" "));
      return all.isEmpty() ? "" : quote(path(command)) + ") printf '%s\\t%s\\n' " + all;
    }

    /**
     * {@code up:--only}, {@code stop:0} and what can stand there; options without a value have
     * none.
     */
    private static Stream<String> kinds(CommandLine command) {
      CommandSpec spec = command.getCommandSpec();
      String path = path(command);
      Stream<String> options =
          spec.options().stream()
              .filter(option -> option.arity().max() > 0)
              .map(
                  option ->
                      Stream.of(option.names())
                              .map(name -> quote(path + ":" + name))
                              .collect(Collectors.joining(" | "))
                          + ") echo "
                          + quote(kind(option, spec)));
      Stream<String> positionals =
          spec.positionalParameters().stream()
              .map(
                  argument ->
                      quote(path + ":")
                          + (argument.index().isUnspecified() || argument.index().max() > 99
                              ? "[" + argument.index().min() + "-9]*"
                              : argument.index().min())
                          + ") echo "
                          + quote(kind(argument, spec)));
      return Stream.concat(options, positionals);
    }

    /** A kind of word that the functions can complete, or {@code =} and the words. */
    private static String kind(ArgSpec argument, CommandSpec command) {
      if (argument.completionCandidates() != null) {
        return "="
            + StreamSupport.stream(argument.completionCandidates().spliterator(), false)
                .collect(Collectors.joining(" "));
      }
      boolean ofFile = command.positionalParameters().stream().anyMatch(CompletionScript::isFile);
      return switch (argument.paramLabel()) {
        case "FILE" -> argument instanceof PositionalParamSpec ? ":yaml" : ":file";
        case "SOURCE", "TARGET" -> "copied";
        case "TOPOLOGY" -> "topology";
        case "IMAGE" -> "image";
        case "CHECKPOINT" -> "checkpoint";
        // The nodes that run are not those of a file.
        case "NODE" -> ofFile ? "other" : "node";
        case "CABLE" -> "cable";
        case "TEST" -> "test";
        default -> "other";
      };
    }

    private static boolean isFile(PositionalParamSpec argument) {
      return argument.typeInfo().getType() == Path.class || argument.paramLabel().equals("FILE");
    }

    private static String first(String... description) {
      return description.length == 0 ? "" : description[0].replace("%%", "%");
    }

    private static String quote(String text) {
      return "'" + text.replace("'", "'\\''") + "'";
    }

    private static String resource(String name) {
      try (InputStream in = CompletionScript.class.getResourceAsStream(name)) {
        return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
