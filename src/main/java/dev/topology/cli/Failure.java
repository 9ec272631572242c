package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.terminal.StopSignals.StoppedBySignal;
import dev.topology.cluster.AgentSession.AgentException;
import dev.topology.cluster.Placer.PlacementException;
import dev.topology.control.ControlException;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.host.UnfitHostException;
import dev.topology.image.ImageException;
import dev.topology.launch.Selection.UnknownNodeException;
import dev.topology.launch.UserDirectories;
import dev.topology.plan.Planner.PlanException;
import dev.topology.posix.NativeLibraryException;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a command could not be carried out, in words for its user. The one place that says which
 * exception ends the program with which status.
 *
 * @param code how the program ends
 * @param text for standard error; empty where nothing is left to say
 */
record Failure(ExitCode code, Optional<String> text) {

  private static final String DEBUG = "TOPOLOGY_DEBUG";

  static Failure of(Throwable problem, UserDirectories user) {
    if (problem instanceof UsageException || problem instanceof PlacementException) {
      return of(ExitCode.WRONG_USAGE, problem, "");
    }
    if (problem instanceof UnknownNodeException unknown) {
      String meant = UsageErrors.meant(unknown.name(), unknown.known());
      return new Failure(ExitCode.WRONG_USAGE, Optional.of(said(problem) + meant));
    }
    if (problem instanceof UnfitHostException unfit) {
      return of(ExitCode.UNFIT_HOST, problem, unfit.remedy());
    }
    if (problem instanceof LaunchException launch) {
      return of(ExitCode.UNFIT_HOST, problem, launch.remedy());
    }
    if (problem instanceof NativeLibraryException unloadable) {
      return of(ExitCode.UNFIT_HOST, problem, unloadable.remedy());
    }
    if (problem instanceof ImageException
        || problem instanceof PlanException
        || problem instanceof AgentException
        || problem instanceof OutputFile.UnwritableException) {
      return of(ExitCode.UNFIT_HOST, problem, "");
    }
    if (problem instanceof ControlException refused) {
      return of(code(refused.id()), problem, refused.hint());
    }
    if (problem instanceof StoppedBySignal stopped) {
      return new Failure(ExitCode.of(stopped.signal()), Optional.empty());
    }
    return outOfMemory(problem).orElseGet(() -> bug(problem, user));
  }

  /** Java has one error for a lack of memory and for a lack of threads. */
  private static Optional<Failure> outOfMemory(@Nullable Throwable problem) {
    if (problem == null) {
      return Optional.empty();
    }
    if (!(problem instanceof OutOfMemoryError)) {
      return outOfMemory(problem.getCause());
    }
    boolean isThread = String.valueOf(problem.getMessage()).contains("native thread");
    String text =
        isThread
            ? "topology: this host lets it start no more threads\n"
                + "  allow more processes, each thread counts as one: ulimit -u"
            : "topology: this is too large for the memory it has";
    return Optional.of(new Failure(ExitCode.UNFIT_HOST, Optional.of(text)));
  }

  private static ExitCode code(ErrorId refusal) {
    return switch (refusal) {
      case UNKNOWN_NODE, UNKNOWN_CABLE, BAD_FIELD -> ExitCode.WRONG_USAGE;
      case BUSY, FOREIGN_USER, OUT_OF_TIME -> ExitCode.UNFIT_HOST;
      case NODE_ENDED, RUN_ENDED, REFUSED, LOST -> ExitCode.REFUSED;
      case MALFORMED, TOO_LONG, UNKNOWN_REQUEST, ID_IN_USE, BUG -> ExitCode.BUG;
    };
  }

  private static Failure of(ExitCode code, Throwable problem, String remedy) {
    return new Failure(code, Optional.of(said(problem) + indented(remedy)));
  }

  private static String said(Throwable problem) {
    return "topology: " + problem.getMessage();
  }

  private static String indented(String text) {
    return text.lines().map(line -> "\n  " + line).collect(Collectors.joining());
  }

  private static Failure bug(Throwable problem, UserDirectories user) {
    StringWriter trace = new StringWriter();
    problem.printStackTrace(new PrintWriter(trace));
    boolean debug = !user.environment().getOrDefault(DEBUG, "").isEmpty();
    String where = debug ? trace.toString() : keep(trace.toString());
    return new Failure(ExitCode.BUG, Optional.of("topology: a bug: " + problem + indented(where)));
  }

  private static String keep(String trace) {
    try {
      Path file = Files.createTempFile("topology-bug-", ".txt");
      Files.writeString(file, trace);
      return "where it happened is in " + file;
    } catch (IOException full) {
      return "to see where it happened: " + DEBUG + "=1";
    }
  }
}
