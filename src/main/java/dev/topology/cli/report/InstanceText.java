package dev.topology.cli.report;

import dev.topology.cli.terminal.Table;
import dev.topology.cli.terminal.TerminalTraits.Glyphs;
import dev.topology.control.Instances.Instance;
import dev.topology.control.RunEnding;
import dev.topology.control.TopologyStatus;
import dev.topology.control.TopologyStatus.NodeStatus;
import dev.topology.model.IpAddress;
import dev.topology.text.HumanText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Text about topologies that run, or have run. */
public final class InstanceText {

  private final Glyphs glyphs;

  public InstanceText(Glyphs glyphs) {
    this.glyphs = glyphs;
  }

  /**
   * One that runs, with its nodes, without an end of line:
   *
   * <pre>
   * pair: ready, up 12 s, outside closed, process 4711, /home/me/pair.yaml
   *   NODE   STATE  UPTIME  MEMORY   CPU    HOST PORTS
   *   left   ready  11 s    96.1 MB  3.2 s  localhost:41877 → 22
   * </pre>
   */
  public String running(TopologyStatus status) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("  NODE", "STATE", "UPTIME", "MEMORY", "CPU", "HOST PORTS"));
    status.nodes().forEach(node -> rows.add(row(node)));
    return status.name()
        + ": "
        + status.state()
        + ", up "
        + wholeSeconds(Duration.between(status.since(), Instant.now()))
        + RunText.outside(outside(status))
        + ", process "
        + status.pid()
        + ", "
        + status.file()
        + "\n"
        + new Table(rows).toString().stripTrailing();
  }

  private static Map<String, Boolean> outside(TopologyStatus status) {
    Map<String, Boolean> outside = new LinkedHashMap<>();
    status
        .nodes()
        .forEach(node -> node.outside().ifPresent(open -> outside.put(node.name(), open)));
    return outside;
  }

  /** The host ports of a topology, a line for each node that has some, without an end of line. */
  public String ports(TopologyStatus status) {
    return status.nodes().stream()
        .filter(node -> !node.hostPorts().isEmpty())
        .map(node -> "  " + node.name() + "   " + ports(node, "   "))
        .collect(Collectors.joining("\n"));
  }

  private List<String> row(NodeStatus node) {
    return List.of(
        "  " + node.name(),
        node.state(),
        node.uptime().map(InstanceText::wholeSeconds).orElse("-"),
        node.memoryBytes().map(HumanText::bytes).orElse("-"),
        node.cpu().map(HumanText::duration).orElse("-"),
        ports(node, ", "));
  }

  private String ports(NodeStatus node, String between) {
    return node.hostPorts().stream().map(this::port).collect(Collectors.joining(between));
  }

  /** A port of the host and where it leads. */
  public String port(NodeStatus.Port port) {
    boolean local = port.hostAddress().equals(IpAddress.LOOPBACK.toString());
    String udp = port.protocol().equals("udp") ? "/udp" : "";
    String address =
        IpAddress.parse(port.hostAddress()).map(IpAddress::beforePort).orElse(port.hostAddress());
    String host = local ? "localhost" : address;
    return host + ":" + port.hostPort() + " " + glyphs.arrow() + " " + port.guestPort() + udp;
  }

  private static String wholeSeconds(Duration time) {
    return HumanText.duration(Duration.ofSeconds(Math.max(1, time.toSeconds())));
  }

  /** One that runs no more: {@code pair: its supervisor was killed; nothing runs}. */
  public static String over(Instance instance) {
    return instance.name() + ": " + past(instance);
  }

  /** Why it does not run any more. */
  public static String past(Instance instance) {
    return switch (instance.life()) {
      case RUNNING -> "it is starting or ending";
      case KILLED -> "its supervisor" + process(instance) + " was killed; nothing runs";
      case ENDED ->
          "it has ended ("
              + instance.ending().map(RunEnding::text).orElse("").lines().findFirst().orElse("")
              + "); its logs are in "
              + instance.directory();
    };
  }

  private static String process(Instance instance) {
    return instance.supervisor().map(it -> " (process " + it.pid() + ")").orElse("");
  }

  /**
   * The process that runs one: {@code process 4711 since 2026-11-23 10:00:00, from
   * /home/me/pair.yaml}.
   */
  public static String holder(Instance instance) {
    // Not a constant: to load formats of time takes longer than all of `topology ps`.
    DateTimeFormatter time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    return instance
        .supervisor()
        .map(
            it ->
                "process "
                    + it.pid()
                    + " since "
                    + time.format(it.since().atZone(ZoneId.systemDefault()))
                    + ", from "
                    + it.file())
        .orElse("a process that has just begun");
  }
}
