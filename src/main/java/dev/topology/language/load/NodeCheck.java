package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.CONTAINER_KERNEL;
import static dev.topology.source.DiagnosticId.EMPTY_VALUE;
import static dev.topology.source.DiagnosticId.MISSING_KERNEL;
import static dev.topology.source.DiagnosticId.NEEDS_HOST_NETWORK;
import static dev.topology.source.DiagnosticId.NEEDS_OUTSIDE;
import static dev.topology.source.DiagnosticId.NO_AGENT;
import static dev.topology.source.DiagnosticId.READY_CONDITIONS;
import static dev.topology.source.DiagnosticId.SMALL_MEMORY;
import static dev.topology.source.DiagnosticId.TOO_MANY_CHANNELS;
import static dev.topology.source.DiagnosticId.UNKNOWN_CHANNEL;

import dev.topology.language.document.NodeDocument.CommandDocument;
import dev.topology.language.document.ReadyDocument;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.value.HostPath;
import dev.topology.language.value.Names.ImageReference;
import dev.topology.language.value.Nearest;
import dev.topology.language.yaml.Report;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.Node.BootSource;
import dev.topology.model.PortForward.Protocol;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether the keys of one node fit together. */
final class NodeCheck {

  /** Below 92MiB Debian's kernel panics; below this, its OOM killer ends programs of a boot. */
  private static final Memory SMALLEST_KNOWN = Memory.ofMebibytes(128);

  private final Report report;

  NodeCheck(Report report) {
    this.report = report;
  }

  void check(Draft draft) {
    draft.nodes().values().forEach(this::check);
  }

  private void check(NodeDraft node) {
    checkKernel(node);
    checkMemory(node);
    checkChannels(node);
    checkOnce(
        node, "modules", "module", Objects.requireNonNullElse(node.keys().modules(), List.of()));
    checkCommand(node);
    checkExec(node);
    checkCommandLine(node);
    checkReady(node);
    if (!node.hasHostNetwork()) {
      checkNeedsHostNetwork(node, "ports", node.keys().ports());
      if (bootsWithoutAgent(node)) {
        checkNeedsHostNetwork(node, "services", node.keys().services());
      }
    } else if (node.surelyHasNoOutside()) {
      checkUdpPorts(node);
    }
  }

  private void checkKernel(NodeDraft node) {
    checkContainerKernel(node, "kernel", node.keys().kernel());
    checkContainerKernel(node, "initramfs", node.keys().initramfs());
    if (node.keys().image() != null
        && node.keys().image().isNone()
        && node.keys().kernel() == null) {
      report.add(
          Diagnostic.of(
                  MISSING_KERNEL, node.locate("image"), "without an image there is nothing to boot")
              .hint("give a kernel, or leave \"image\" out to take the default one"));
    }
  }

  /** What makes a container of a disk is in our own initramfs, whose modules fit our own kernel. */
  private void checkContainerKernel(NodeDraft node, String key, @Nullable HostPath given) {
    if (given != null && node.isContainer()) {
      report.add(
          Diagnostic.of(
                  CONTAINER_KERNEL,
                  node.locateKey(key),
                  "a container image runs on the built-in kernel, not on " + Quote.of(key))
              .related("the container image:", node.locate("image"))
              .hint("leave it out, or boot a guest image"));
    }
  }

  private void checkMemory(NodeDraft node) {
    if (node.keys().kernel() == null && node.memory().bytes() < SMALLEST_KNOWN.bytes()) {
      report.add(
          Diagnostic.of(
                  SMALL_MEMORY,
                  node.locate("memory"),
                  node.writtenMemory() + " may be too little for the guest to come up")
              .hint("the built-in image needs " + SMALLEST_KNOWN));
    }
  }

  private void checkChannels(NodeDraft node) {
    List<@Nullable String> channels = Objects.requireNonNullElse(node.keys().channels(), List.of());
    checkOnce(node, "channels", "channel", channels);
    if (channels.size() > Node.MAX_CHANNELS) {
      report.add(
          Diagnostic.of(
              TOO_MANY_CHANNELS,
              node.locate("channels", Node.MAX_CHANNELS),
              "a node has room for " + Node.MAX_CHANNELS + " channels, not " + channels.size()));
    }
  }

  private void checkOnce(NodeDraft node, String key, String what, List<@Nullable String> names) {
    Map<String, Location> seen = new HashMap<>();
    for (int index = 0; index < names.size(); index++) {
      String name = names.get(index);
      Location place = node.locate(key, index);
      Location first = name == null ? null : seen.putIfAbsent(name, place);
      if (first != null) {
        report.add(NodeNames.twice(what + " " + Quote.of(name), place, first));
      }
    }
  }

  private void checkCommand(NodeDraft node) {
    nothingToRun(node, node.keys().command(), "command")
        .map(it -> it.hint("without a command the guest offers a shell: leave the key out"))
        .ifPresent(report::add);
  }

  private void checkExec(NodeDraft node) {
    List<@Nullable CommandDocument> commands =
        Objects.requireNonNullElse(node.keys().exec(), List.of());
    for (int index = 0; index < commands.size(); index++) {
      nothingToRun(node, commands.get(index), "exec", index).ifPresent(report::add);
    }
    if (!commands.isEmpty()) {
      checkHasAgent(node, "exec");
    }
  }

  /** A PC is told apart: see {@link PcCheck}. */
  private void checkHasAgent(NodeDraft node, Object... key) {
    if (!node.isPc() && bootsWithoutAgent(node)) {
      String name = Stream.of(key).map(Object::toString).collect(Collectors.joining(": "));
      report.add(
          Diagnostic.of(
                  NO_AGENT,
                  node.locateKey(key),
                  "nothing may run "
                      + Quote.of(name)
                      + " in the guest, whose initramfs is your own")
              .hint(
                  "it needs the agent and the init of the built-in image; leave it out where it has"
                      + " neither"));
    }
  }

  private static Optional<Diagnostic> nothingToRun(
      NodeDraft node, @Nullable CommandDocument command, Object... key) {
    return Optional.ofNullable(command)
        .filter(CommandDocument::isBlank)
        .map(
            it ->
                Diagnostic.of(
                    EMPTY_VALUE, node.locate(key), "there is nothing to run in this command"));
  }

  /** Whether what it adds to the kernel command line leaves room for the planner's own part. */
  private void checkCommandLine(NodeDraft node) {
    String arguments = Objects.requireNonNullElse(node.keys().cmdline(), "");
    int bytes = arguments.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > BootSource.MAX_OWN_CMDLINE_BYTES) {
      report.add(
          Diagnostic.of(
                  DiagnosticId.CMDLINE_TOO_LONG,
                  node.locate("cmdline"),
                  "this kernel command line of "
                      + bytes
                      + " bytes is too long: there is room for "
                      + BootSource.MAX_OWN_CMDLINE_BYTES)
              .hint("with the planner's own part, Linux would cut it off"));
    }
  }

  private void checkReady(NodeDraft node) {
    ReadyDocument ready = node.keys().ready();
    if (ready == null) {
      return;
    }
    checkOneCondition(node, ready);
    checkChannelIsThere(node, ready);
    nothingToRun(node, ready.exec(), "ready", "exec").ifPresent(report::add);
    if (ready.exec() != null) {
      checkHasAgent(node, "ready", "exec");
    }
    for (String key : ready.conditions()) {
      if (Set.of("port", "http").contains(key) && !node.hasHostNetwork()) {
        report.add(
            needsHostNetwork("ready: " + key, node.locate("ready", key), node)
                .hint("try it in the guest instead: \"ready: {exec: COMMAND}\""));
      }
    }
  }

  private void checkOneCondition(NodeDraft node, ReadyDocument ready) {
    List<String> given = ready.conditions();
    if (given.size() > 1) {
      report.add(
          Diagnostic.of(
                  READY_CONDITIONS,
                  node.locateKey("ready", given.get(1)),
                  "a node is ready by one condition, not by "
                      + (given.size() == 2 ? "two" : "several"))
              .hint(
                  "keep either "
                      + given.stream().map(Quote::of).collect(Collectors.joining(" or "))));
    }
  }

  private void checkChannelIsThere(NodeDraft node, ReadyDocument ready) {
    String wanted = ready.channel();
    List<@Nullable String> channels =
        Objects.requireNonNullElseGet(node.keys().channels(), ArrayList::new);
    // What could not be read may be the one that is wanted.
    boolean isKnown =
        channels.contains(wanted)
            || channels.contains(null)
            || (channels.isEmpty() && node.isHidden("channels"));
    if (wanted != null && !isKnown) {
      report.add(
          Diagnostic.of(
                  UNKNOWN_CHANNEL,
                  node.locate("ready", "channel"),
                  "node " + Quote.of(node.name()) + " has no channel " + Quote.of(wanted))
              .hint(
                  Nearest.to(wanted, channels.stream().map(String::valueOf).toList())
                      .map(it -> "did you mean " + Quote.of(it) + "?")
                      .orElse("channels are listed by the key \"channels\"")));
    }
  }

  /** Other images than ours may have none either, which the plan sees. */
  private static boolean bootsWithoutAgent(NodeDraft node) {
    ImageReference image = node.keys().image();
    boolean hasImage =
        !node.isPc() && (image == null ? node.keys().kernel() == null : !image.isNone());
    return node.keys().initramfs() != null || !hasImage;
  }

  private void checkNeedsHostNetwork(NodeDraft node, String key, @Nullable Map<?, ?> entries) {
    if (entries != null && !entries.isEmpty()) {
      report.add(needsHostNetwork(key, node.locateKey(key), node));
    }
  }

  /** QEMU cannot tell an answer from a datagram of the guest's own: libslirp, {@code udp_input}. */
  private void checkUdpPorts(NodeDraft node) {
    node.ports().keySet().stream()
        .filter(it -> it.value().protocol() == Protocol.UDP)
        .findFirst()
        .ifPresent(
            port ->
                report.add(
                    Diagnostic.of(
                            NEEDS_OUTSIDE,
                            node.locateKey("ports", port.text()),
                            "no answer leaves a UDP port of node "
                                + Quote.of(node.name())
                                + ", whose host network has no outside")
                        .hint(
                            "say \"host_network: {outside: true}\": the node then reaches this"
                                + " host and its networks as well")));
  }

  private static Diagnostic needsHostNetwork(String key, Location place, NodeDraft node) {
    return Diagnostic.of(
            NEEDS_HOST_NETWORK,
            place,
            Quote.of(key)
                + " needs the host network, which node "
                + Quote.of(node.name())
                + " has switched off")
        .related("switched off at", node.locate("host_network"));
  }
}
