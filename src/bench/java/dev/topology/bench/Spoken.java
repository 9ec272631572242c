package dev.topology.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A process of ours whose output is listened to until all that is awaited was said. */
final class Spoken implements AutoCloseable {

  private final Process process;
  private final CountDownLatch said;

  private Spoken(Process process, int times) {
    this.process = process;
    this.said = new CountDownLatch(times);
  }

  /** Starts a command whose output will say a text that many times. */
  static Spoken start(List<String> command, String text, int times) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Spoken spoken = new Spoken(process, times);
    Thread listener = new Thread(() -> spoken.listen(text));
    listener.setDaemon(true);
    listener.start();
    return spoken;
  }

  private void listen(String text) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains(text)) {
          said.countDown();
        }
      }
    } catch (IOException ended) {
      // The process was ended.
    }
  }

  /** Whether all was said within that many seconds. */
  boolean saysAllWithin(int seconds) throws InterruptedException {
    return said.await(seconds, TimeUnit.SECONDS);
  }

  long pid() {
    return process.pid();
  }

  /**
   * The memory of its child processes that run a program, in KiB: pages that several have are shared
   * out among them (PSS, Documentation/filesystems/proc.rst).
   *
   * @param program a part of its path
   */
  long memoryOf(String program) throws IOException {
    long sum = 0;
    for (ProcessHandle each : process.descendants().toList()) {
      if (each.info().command().filter(it -> it.contains(program)).isPresent()) {
        Path pages = Path.of("/proc", String.valueOf(each.pid()), "smaps_rollup");
        sum +=
            Files.readAllLines(pages).stream()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
      }
    }
    return sum;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.onExit().join();
  }
}
