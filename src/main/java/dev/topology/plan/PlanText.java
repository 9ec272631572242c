package dev.topology.plan;

import dev.topology.model.Cable;
import dev.topology.model.Disk.DiskBus;
import dev.topology.model.Memory;
import dev.topology.model.PortForward;
import dev.topology.model.Readiness.Condition;
import dev.topology.model.Shaping;
import dev.topology.plan.LaunchPlan.SocketPlan;
import dev.topology.plan.LaunchPlan.SocketPlan.End;
import dev.topology.plan.NodePlan.ReadyWhen;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.text.HumanText;
import dev.topology.text.ShellWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A plan for people to read: its sockets, then each node with its QEMU, one option a line. */
public final class PlanText {

  /** About how many characters of the table of sockets are printed at once. */
  private static final int PIECE = 16 * 1024;

  private static final int TYPE_WIDTH = "datagram".length();

  private final LaunchPlan plan;

  public PlanText(LaunchPlan plan) {
    this.plan = plan;
  }

  /**
   * All of it, piece by piece, so that the text of many nodes need not be held in memory.
   *
   * @param out takes each piece, without its line end
   */
  public void all(Consumer<String> out) {
    frame(plan::sockets, cables(plan.topology().cables()), out);
    plan.nodes().forEach(it -> out.accept(node(it).stripTrailing()));
  }

  /** What concerns one node, and with it what its guest is told. */
  public String only(NodePlan node) {
    List<String> pieces = new ArrayList<>();
    String table = cables(plan.topology().cablesOf(node.name()));
    frame(() -> plan.socketsOf(node), table, pieces::add);
    return String.join("\n", pieces) + "\n" + node(node) + greeting(node);
  }

  private void frame(Supplier<Stream<SocketPlan>> sockets, String cables, Consumer<String> out) {
    out.accept(plan.topology().name() + ": " + counts());
    plan.qemus().forEach(it -> out.accept("  QEMU " + it.version() + ", " + it.path()));
    out.accept("  run directory " + plan.runDirectory());
    out.accept("\nsockets");
    int width = sockets.get().mapToInt(socket -> socket.name().length()).max().orElse(1);
    StringBuilder table = new StringBuilder();
    sockets
        .get()
        .forEach(
            socket -> {
              if (table.length() > PIECE) {
                out.accept(table.toString());
                table.setLength(0);
              }
              table.append(table.isEmpty() ? "" : "\n").append(row(socket, width));
            });
    out.accept(table.append("\n").append(cables).toString().stripTrailing());
  }

  private String counts() {
    return HumanText.count(plan.nodes().size(), "node")
        + ", "
        + HumanText.count(plan.topology().cables().size(), "cable")
        + switches();
  }

  private String switches() {
    int count = plan.topology().switches().size();
    return count == 0 ? "" : ", " + count + (count == 1 ? " switch" : " switches");
  }

  private static String row(SocketPlan socket, int width) {
    String type = socket.purpose().type().name().toLowerCase(Locale.ROOT);
    String ends = end(socket.ends().get(0)) + " ── " + end(socket.ends().get(1));
    return "  " + padded(socket.name(), width) + "  " + padded(type, TYPE_WIDTH) + "  " + ends;
  }

  /** The cables that are more than a plain wire, and what is done to their frames. */
  private static String cables(List<Cable> all) {
    List<Cable> cables =
        all.stream()
            .filter(cable -> cable.shaper().isPresent() || cable.capture().isPresent())
            .toList();
    if (cables.isEmpty()) {
      return "";
    }
    int width = cables.stream().mapToInt(cable -> cable.name().length()).max().orElse(1);
    StringBuilder table = new StringBuilder("\ncables\n");
    for (Cable cable : cables) {
      table.append("  ").append(cable.name());
      table.append(" ".repeat(width - cable.name().length() + 2));
      table.append(String.join(", ", traits(cable))).append('\n');
    }
    return table.toString();
  }

  private static List<String> traits(Cable cable) {
    List<String> traits = new ArrayList<>();
    cable.shaper().ifPresent(shaper -> traits.add("shaped: " + shaping(shaper.shaping())));
    cable.capture().ifPresent(file -> traits.add("captured into " + file));
    return traits;
  }

  private static String shaping(Shaping shaping) {
    String text =
        shaping.settings().entrySet().stream()
            .map(it -> it.getKey() + " " + it.getValue())
            .collect(Collectors.joining(" "));
    return text.isEmpty() ? "nothing yet" : text;
  }

  /**
   * QEMU's argument list as people read it: one option a line, each argument as a shell wants it.
   * Joined by blanks the lines are what a shell runs.
   */
  public static List<String> optionLines(List<String> arguments) {
    List<String> lines = new ArrayList<>();
    boolean valueMayFollow = false;
    for (String argument : arguments) {
      boolean isFlag = argument.startsWith("-");
      if (!isFlag && valueMayFollow) {
        lines.set(lines.size() - 1, lines.get(lines.size() - 1) + " " + ShellWord.quote(argument));
      } else {
        lines.add(ShellWord.quote(argument));
      }
      valueMayFollow = isFlag;
    }
    return lines;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String end(End end) {
    if (end instanceof End.AtSwitch at) {
      return "switch " + at.name();
    }
    if (end instanceof End.Outside outside) {
      return outside.what().words();
    }
    if (end instanceof End.Virtiofsd) {
      return "virtiofsd";
    }
    return end instanceof End.Child child ? child.node() + " fd " + child.number() : "host";
  }

  private String node(NodePlan node) {
    StringBuilder text = new StringBuilder("\n" + node.name() + "\n");
    text.append("  runs ").append(plan.qemus().size() > 1 ? node.node().architecture() + " " : "");
    text.append("on ").append(node.accelerator());
    text.append(", ready ").append(ready(node.ready())).append('\n');
    node.node()
        .hostNetwork()
        .map(it -> "  host network, outside " + (it.outside() ? "open" : "closed") + "\n")
        .ifPresent(text::append);
    if (node.confinement().isEmpty()) {
      text.append("  QEMU is not kept to its own files");
      text.append(node.node().qemuArgs().isEmpty() ? "" : ", as it has qemu_args").append('\n');
    }
    text.append("  console log ").append(node.consoleLog()).append('\n');
    node.kernelLog().ifPresent(log -> text.append("  kernel log ").append(log).append('\n'));
    node.overlay()
        .ifPresent(
            overlay ->
                text.append("  initramfs made of ")
                    .append(overlay.base().map(base -> base + " and ").orElse(""))
                    .append(HumanText.count(overlay.files().size(), "file"))
                    .append('\n'));
    node.identityDisk()
        .ifPresent(
            number ->
                text.append("  boots from its first disk; a disk at fd ")
                    .append(number)
                    .append(" tells cloud-init who it is\n"));
    node.firmware()
        .ifPresent(
            it ->
                text.append("  UEFI ")
                    .append(it.files().code())
                    .append(", a copy of ")
                    .append(it.files().variables())
                    .append(" at fd ")
                    .append(it.descriptor())
                    .append('\n'));
    node.disks().stream()
        .map(PlanText::disk)
        .forEach(line -> text.append("  ").append(line).append('\n'));
    node.node().ports().stream()
        .filter(PortForward::isRelayed)
        .forEach(port -> text.append("  ").append(relayed(port)).append('\n'));
    node.services().stream()
        .map(it -> "relays " + it.guestEnd() + " of the guest to " + it.target())
        .forEach(line -> text.append("  ").append(line).append('\n'));
    node.shares().forEach(share -> text.append(share(share)));
    text.append(node.node().exec().isEmpty() ? "" : exec(node));
    optionLines(node.arguments()).forEach(line -> text.append("    ").append(line).append('\n'));
    return text.toString();
  }

  private static String share(SharePlan share) {
    String mode = share.directory().writable() ? ", writable" : ", read-only";
    return "  shares "
        + share.directory().hostPath()
        + " at "
        + share.directory().guestPath()
        + mode
        + share
            .server()
            .map(it -> ", served by\n    " + ShellWord.command(it.command()))
            .orElse(", served by QEMU over 9p")
        + "\n";
  }

  private static String disk(DiskPlan plan) {
    String what =
        plan.file()
            .map(it -> it.format() + " " + it.path())
            .orElse(plan.isFormatted() ? "an empty ext4 file system" : "nothing");
    String where =
        plan.descriptor().isPresent()
            ? "what is written goes to fd "
                + plan.descriptor().getAsInt()
                + " and ends with the run"
            : plan.writes().findAny().isPresent() ? "written" : "only read";
    DiskBus bus = plan.disk().bus();
    return "disk %s, %s%s: %s; %s"
        .formatted(
            plan.disk().name(),
            new Memory(plan.bytes()),
            bus == DiskBus.VIRTIO ? "" : " by " + bus,
            what,
            where);
  }

  private static String relayed(PortForward port) {
    String number = port.hostPort().isPresent() ? "" + port.hostPort().getAsInt() : "auto";
    return "relays host port %s:%s to port %d of the guest"
        .formatted(port.hostAddress().beforePort(), number, port.guestPort());
  }

  private static String greeting(NodePlan node) {
    StringBuilder text = new StringBuilder("  its guest is told\n");
    node.greeting().forEach(line -> text.append("    ").append(line).append('\n'));
    return text.toString();
  }

  private static String exec(NodePlan node) {
    StringBuilder text = new StringBuilder("  its guest runs, before it is ready\n");
    node.node().exec().stream()
        .flatMap(command -> command.script().stream())
        .forEach(line -> text.append("    ").append(line).append('\n'));
    return text.toString();
  }

  private static String ready(ReadyWhen ready) {
    return signal(ready.signal()) + " (within " + ready.within().toSeconds() + " s)";
  }

  private static String signal(Signal signal) {
    if (signal instanceof Signal.Given given) {
      return condition(given.condition());
    }
    return signal instanceof Signal.Control ? "when its guest says so" : "as soon as it runs";
  }

  private static String condition(Condition condition) {
    if (condition instanceof Condition.ConsoleText text) {
      return "when its console shows " + text.pattern();
    }
    if (condition instanceof Condition.OpenPort port) {
      return "when its port " + port.guestPort() + " is open";
    }
    if (condition instanceof Condition.CommandSuccess exec) {
      return "when \"" + exec.command().summary() + "\" succeeds in it";
    }
    if (condition instanceof Condition.HttpAnswer http) {
      return "when GET " + http.path() + " succeeds at its port " + http.guestPort();
    }
    return "when it writes to channel " + ((Condition.ChannelByte) condition).channel();
  }
}
