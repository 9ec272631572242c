package dev.topology.language.load;

import dev.topology.language.load.CableBuilder.EndBuilder;
import dev.topology.language.load.NodeBuilder.ReadyBuilder;
import dev.topology.language.load.Written.WrittenMapping;
import dev.topology.language.load.Written.WrittenSequence;
import dev.topology.source.Location;
import dev.topology.source.Position;
import dev.topology.source.SourceText;
import java.lang.StackWalker.StackFrame;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The lines of Java that call a builder. Each call of {@link #here} gives a new place, also on one
 * line, in the order of the calls: two mistakes on one line stay two. Used by one thread.
 */
final class CallSites {

  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  /** Frames of these classes are skipped. */
  private static final Set<Class<?>> BUILDERS =
      Set.of(
          TopologyBuilder.class,
          NodeBuilder.class,
          ReadyBuilder.class,
          CableBuilder.class,
          EndBuilder.class,
          WrittenMapping.class,
          WrittenSequence.class,
          CallSites.class);

  /** One object per file, since places in two texts are never equal. */
  private final Map<String, SourceText> sources = new HashMap<>();

  private int places;

  /** The line that called the builder which calls this. */
  Location here() {
    places++;
    return STACK
        .walk(frames -> frames.filter(CallSites::isCaller).findFirst())
        .map(this::locate)
        .orElseGet(() -> nameless("a caller without a stack"));
  }

  /** Frames of the JDK are between where a lambda is passed to it, as to {@code List.forEach}. */
  private static boolean isCaller(StackFrame frame) {
    String name = frame.getClassName();
    return !BUILDERS.contains(frame.getDeclaringClass())
        && !name.startsWith("java.")
        && !name.startsWith("jdk.");
  }

  private Location locate(StackFrame frame) {
    String file = frame.getFileName();
    // JVMS 4.7.10 and 4.7.12: a compiler may leave both out.
    return file == null || frame.getLineNumber() < 1
        ? nameless(frame.getClassName() + "." + frame.getMethodName())
        : place(sources.computeIfAbsent(file, SourceText::compiled), frame.getLineNumber());
  }

  private Location nameless(String caller) {
    return place(sources.computeIfAbsent(caller, it -> new SourceText(it, "")), 1);
  }

  private Location place(SourceText source, int line) {
    Position position = new Position(line, places);
    return new Location(source, position, position);
  }
}
