package dev.topology.host;

import dev.topology.model.Memory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What there is to share among guests. A value that is empty could not be found out, or has no
 * limit.
 *
 * @param cpus processors that this program may use; 1 or more
 * @param memoryTotal in bytes
 * @param memoryAvailable in bytes, as the kernel estimates it; caches count as available
 * @param openFiles how many this process may have open
 * @param processes how many this user may have
 */
public record HostResources(
    int cpus,
    OptionalLong memoryTotal,
    OptionalLong memoryAvailable,
    OptionalLong openFiles,
    OptionalLong processes) {

  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** Enough for the first processor; reading about all of them takes long on a large machine. */
  private static final int FIRST_PROCESSOR_BYTES = 4096;

  /**
   * What one QEMU takes beside the guest's memory: its own code, heap and translated code. Measured
   * under TCG: a booted guest of 128 MiB takes 198 MiB of the host, by its proportional set size.
   */
  private static final Memory QEMU_ITSELF = Memory.ofMebibytes(72);

  /** What this process opens per node: console, QMP, control, a log; doubled for cables. */
  private static final int FILES_PER_NODE = 16;

  /** Threads count as processes: three or four of QEMU, and three of this program. */
  private static final int PROCESSES_PER_NODE = 8;

  /** Reads them from the system. Reads files in /proc only, and does not block. */
  public static HostResources read() {
    List<String> memory = lines(MEMORY);
    List<String> limits = lines(LIMITS);
    return new HostResources(
        Runtime.getRuntime().availableProcessors(),
        kibibytes(memory, "MemTotal:"),
        kibibytes(memory, "MemAvailable:"),
        softLimit(limits, "Max open files"),
        softLimit(limits, "Max processes"));
  }

  /** About how many nodes of that memory fit; empty if nothing limits them as far as is known. */
  public OptionalLong roomFor(Memory perNode) {
    long bytes = perNode.bytes() + QEMU_ITSELF.bytes();
    return Stream.of(
            divide(memoryAvailable, bytes),
            divide(openFiles, FILES_PER_NODE),
            divide(processes, PROCESSES_PER_NODE))
        .flatMapToLong(OptionalLong::stream)
        .min();
  }

  /** What tells one kind of processor from another, in one line: its model and its features. */
  public static String processor() {
    // The first two are those of x86, the others those of arm64.
    return Stream.of("model name", "flags", "CPU implementer", "CPU part", "Features")
        .flatMap(key -> cpuInfo(key).stream())
        .collect(Collectors.joining(" "));
  }

  /** What /proc/cpuinfo says of the first processor under that key; see proc(5). */
  static Optional<String> cpuInfo(String key) {
    try (InputStream file = Files.newInputStream(CPU_INFO)) {
      String text = new String(file.readNBytes(FIRST_PROCESSOR_BYTES), StandardCharsets.ISO_8859_1);
      return text.lines()
          .takeWhile(line -> !line.isEmpty())
          .map(line -> line.split("\\s*:\\s*", 2))
          .filter(pair -> pair.length == 2 && pair[0].equals(key))
          .map(pair -> pair[1])
          .findFirst();
    } catch (IOException notLinux) {
      return Optional.empty();
    }
  }

  private static OptionalLong divide(OptionalLong whole, long part) {
    return whole.isPresent() ? OptionalLong.of(whole.getAsLong() / part) : whole;
  }

  /** The lines of a file in /proc; none on a host without it. */
  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException notLinux) {
      return List.of();
    }
  }

  /** A line such as {@code MemTotal: 24689704 kB}; see proc(5). */
  private static OptionalLong kibibytes(List<String> lines, String key) {
    return numbers(lines, key).map(kib -> kib * 1024).findFirst();
  }

  /** A line such as {@code Max open files 1024 4096 files}; "unlimited" is no number. */
  private static OptionalLong softLimit(List<String> lines, String key) {
    return numbers(lines, key).findFirst();
  }

  private static LongStream numbers(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).strip().split("\\s+", 2)[0])
        .filter(number -> number.matches("\\d{1,18}"))
        .mapToLong(Long::parseLong);
  }
}
