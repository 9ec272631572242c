package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.terminal.Terminal;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Request;
import dev.topology.run.exec.GuestCopy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology cp}: copies files between the host and a guest. */
final class CopyVerb implements Verb.ClientVerb {

  private static final Pattern IN_GUEST = Pattern.compile("([^/:.][^/:]*):(.+)", Pattern.DOTALL);
  private static final String STREAM = "-";

  /** Of what was left out of a copy. */
  private static final int MOST_TOLD = 20;

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Copies files and directories between the host and a node.")
        .positional("SOURCE", "1", String.class, "What is copied: a path, or NODE:PATH.")
        .positional("TARGET", "1", String.class, "Where to: NODE:PATH, or a path.")
        .instance()
        .footer(
            "",
            "One of the two is NODE:PATH, counted from / if it is not absolute. Into a directory",
            "that is there, under the source's name; otherwise to that path. SOURCE/. is what is in a",
            "directory. Modes and times are kept, links are copied as links, and a file that is",
            "there is replaced. Devices, pipes and sockets in a directory are left out, and named.",
            "\"-\" for the other one is an archive of tar(1). A copy that fails leaves nothing",
            "half-written.",
            "",
            "For example:",
            "  topology cp site/. web:/var/www",
            "  topology cp web:/var/log/messages .",
            "  topology cp web:/etc - | tar -tf -")
        .exits(
            ExitCode.DONE,
            ExitCode.WRONG_USAGE,
            ExitCode.UNFIT_HOST,
            ExitCode.REFUSED,
            ExitCode.BROKEN_PIPE);
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    String source = invocation.parsed().matchedPositionalValue(0, "");
    String target = invocation.parsed().matchedPositionalValue(1, "");
    Matcher from = IN_GUEST.matcher(source);
    Matcher to = IN_GUEST.matcher(target);
    if (from.matches() == to.matches()) {
      throw new UsageException(
          "one of the two is NODE:PATH, and the other a path of the host, such as ./" + source);
    }
    try (ControlClient client = InstanceChoice.running(invocation).connect()) {
      if (from.matches()) {
        fromGuest(client, from.group(1), from.group(2), target, invocation);
      } else {
        toGuest(client, source, to.group(1), to.group(2), invocation);
      }
      return ExitCode.DONE;
    } catch (Terminal.LostReader lost) {
      return ExitCode.BROKEN_PIPE;
    }
  }

  private static void fromGuest(
      ControlClient client, String node, String source, String target, Invocation invocation)
      throws IOException, ControlException {
    if (target.equals(STREAM)) {
      exec(client, node, GuestCopy.fromGuest(source), InputStream.nullInputStream(), invocation);
      return;
    }
    Path path = invocation.user().resolve(Path.of(target));
    if (target.endsWith("/") && !Files.isDirectory(path)) {
      throw new ControlException(ErrorId.REFUSED, "there is no directory " + target, "");
    }
    tell(client.call(new Request.CopyFrom(node, source, path.toString())), invocation);
  }

  private static void toGuest(
      ControlClient client, String source, String node, String target, Invocation invocation)
      throws IOException, ControlException {
    if (source.equals(STREAM)) {
      List<String> program = GuestCopy.intoGuest(target, "", GuestCopy.Kind.ARCHIVE);
      exec(client, node, program, invocation.in(), invocation);
      return;
    }
    String path = invocation.user().resolve(Path.of(source)).toString();
    tell(client.call(new Request.CopyTo(node, path, target)), invocation);
  }

  private static void tell(Request.Copied copied, Invocation invocation) {
    List<String> skipped = copied.skipped();
    skipped.stream()
        .limit(MOST_TOLD)
        .forEach(it -> invocation.printError(it + ": left out, a device, pipe or socket"));
    if (skipped.size() > MOST_TOLD) {
      invocation.printError("and " + (skipped.size() - MOST_TOLD) + " more");
    }
  }

  private static void exec(
      ControlClient client,
      String node,
      List<String> program,
      InputStream input,
      Invocation invocation)
      throws IOException, ControlException {
    boolean isWritten = input != invocation.in();
    int status =
        client
            .call(
                new Request.Exec(node, program),
                new Archive(invocation.terminal(), isWritten),
                input)
            .status();
    if (status != 0) {
      throw new ControlException(ErrorId.REFUSED, node + " could not copy all of it", "");
    }
  }

  /** What tar writes: an archive, or where it works, which is of no interest here. */
  private record Archive(Terminal terminal, boolean isWritten) implements ControlClient.Listener {

    @Override
    public void data(String stream, byte[] bytes) throws IOException {
      if (stream.equals("err")) {
        terminal.writeError(bytes);
      } else if (isWritten) {
        terminal.write(bytes);
        terminal.requireReader();
      }
    }
  }
}
