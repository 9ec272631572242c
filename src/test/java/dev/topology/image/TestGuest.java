package dev.topology.image;

import dev.topology.posix.ChildProcess;
import dev.topology.posix.Descriptor;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.Signal;
import dev.topology.posix.SocketPair;
import dev.topology.posix.SocketStream;
import dev.topology.posix.Spawn;
import dev.topology.run.node.WatchedMonitor;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** A guest on an emulated machine, with its console and control port on sockets in a directory. */
final class TestGuest implements AutoCloseable {

  static final String HOST_MAC = "02:72:82:bf:c3:56";

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final int MONITOR = 3;

  private final ChildProcess qemu;
  private final WatchedMonitor monitor;
  private final TestPort console;
  private final TestPort control;

  private TestGuest(ChildProcess qemu, WatchedMonitor monitor, TestPort console, TestPort control) {
    this.qemu = qemu;
    this.monitor = monitor;
    this.console = console;
    this.control = control;
  }

  /** Boots an image with the host's interface and then one interface for each MAC address. */
  static TestGuest boot(InstalledImage image, Path initramfs, Path directory, String... macs)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(machine(image, initramfs));
    command.addAll(console(directory));
    command.addAll(socket(directory, "control"));
    command.addAll(List.of("-device", "virtserialport,chardev=control,name=topology.control"));
    command.addAll(socket(directory, "channel"));
    command.addAll(List.of("-device", "virtserialport,chardev=channel,name=results"));
    command.addAll(socket(directory, "shell"));
    command.addAll(List.of("-device", "virtserialport,chardev=shell,name=topology.shell"));
    for (int i = 0; i < macs.length; i++) {
      command.addAll(
          List.of(
              "-netdev",
              "hubport,id=cable%d,hubid=%d".formatted(i, i),
              "-device",
              "virtio-net-device,netdev=cable%d,mac=%s".formatted(i, macs[i])));
    }
    return start(command, directory);
  }

  /** Boots an image as somebody would who knows nothing of a control port. */
  static TestGuest bootAlone(InstalledImage image, Path directory)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(machine(image, image.initramfs()));
    command.addAll(console(directory));
    command.addAll(socket(directory, "control"));
    return start(command, directory);
  }

  /** Sends lines over the control port. */
  void tell(String... lines) throws IOException {
    control.send(String.join("\n", lines) + "\n");
  }

  /** Types on the console. */
  void type(String text) throws IOException {
    console.send(text);
  }

  /** Waits for a line of the guest's on the control port. */
  void awaitControl(String line) {
    control.await(Pattern.compile("^" + Pattern.quote(line) + "$", Pattern.MULTILINE), this);
  }

  /** Waits for something on the console. */
  void awaitConsole(String regex) {
    console.await(Pattern.compile(regex), this);
  }

  /** Waits until the guest has powered itself off, and gives how QEMU ended. */
  ExitStatus awaitEnd() throws Exception {
    try {
      ExitStatus status = qemu.exit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      console.join();
      control.join();
      return status;
    } catch (TimeoutException e) {
      throw new AssertionError("the guest does not end\n" + this, e);
    }
  }

  String console() {
    return console.text().replace("\r", "");
  }

  List<String> control() {
    return control.text().lines().toList();
  }

  @Override
  public void close() {
    qemu.signal(Signal.KILL);
    qemu.exit().join();
    monitor.close();
    console.close();
    control.close();
  }

  @Override
  public String toString() {
    return "console:\n" + console() + "\ncontrol:\n" + control.text() + "\nQEMU:\n" + qemu.output();
  }

  private static List<String> machine(InstalledImage image, Path initramfs) throws IOException {
    return List.of(
        "-chardev",
        "socket,id=monitor,fd=" + MONITOR,
        "-mon",
        "chardev=monitor,mode=control",
        "-nodefaults",
        "-no-user-config",
        "-nographic",
        "-no-reboot",
        "-M",
        "microvm,accel=tcg,isa-serial=off,pit=off,pic=off,rtc=on,acpi=on",
        "-global",
        "virtio-mmio.ioeventfd=off",
        "-cpu",
        "max",
        "-m",
        "512",
        "-kernel",
        image.kernel().toString(),
        "-initrd",
        initramfs.toString(),
        "-append",
        "reboot=t console=hvc0 quiet panic=-1 tsc=reliable cryptomgr.notests tsc_early_khz="
            + tscKilohertz(),
        "-device",
        "virtio-serial-device,max_ports=16",
        "-netdev",
        "user,id=host,net=10.42.0.0/24,dhcpstart=10.42.0.10",
        "-device",
        "virtio-net-device,netdev=host,mac=" + HOST_MAC);
  }

  // Without the rate, Linux measures it against a timer, which fails at random under emulation.
  private static long tscKilohertz() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("cpu MHz"))
        .mapToLong(line -> Math.round(1000 * Double.parseDouble(line.split(":", -1)[1])))
        .findFirst()
        .orElseThrow();
  }

  /**
   * On pipes: QEMU throws away what a console's socket cannot take at once, and a socket is full
   * after some 300 short lines; a pipe holds 64 KiB.
   */
  private static List<String> console(Path directory) throws IOException, InterruptedException {
    Path path = directory.resolve("console");
    new ProcessBuilder("mkfifo", path + ".in", path + ".out").start().waitFor();
    return List.of(
        "-chardev", "pipe,id=console,path=" + path, "-device", "virtconsole,chardev=console");
  }

  private static List<String> socket(Path directory, String name) {
    return List.of(
        "-chardev",
        "socket,id=%s,path=%s,server=on,wait=off".formatted(name, directory.resolve(name)));
  }

  private static TestGuest start(List<String> arguments, Path directory) throws IOException {
    SocketPair monitor = SocketPair.stream();
    try (Descriptor far = monitor.far()) {
      ChildProcess qemu =
          Spawn.of(TestHost.guests().qemu().path())
              .arguments(arguments)
              .inherit(far, MONITOR)
              .start();
      return new TestGuest(
          qemu,
          WatchedMonitor.over(new SocketStream(monitor.near())),
          TestPort.pipe(directory.resolve("console")),
          TestPort.socket(directory.resolve("control")));
    }
  }
}
