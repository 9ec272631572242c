package dev.topology.plan;

import dev.topology.model.Node;
import dev.topology.model.PortForward;
import dev.topology.text.ShellWord;
import java.util.ArrayList;
import java.util.List;

/**
 * How one node is booted alone by a shell, where nothing can be inherited. Made by {@link
 * Planner#standalone}.
 *
 * @param topology the name of the topology the node is from
 * @param node the node, with arguments that hold no descriptors
 */
public record StandalonePlan(String topology, NodePlan node) {

  /**
   * A snippet for a POSIX shell, to be pasted or run, that boots the node and ends with it.
   * Comments in it say how the node differs from the one that {@code topology up} boots.
   */
  public String script() {
    StringBuilder script = new StringBuilder();
    differences().forEach(line -> script.append("# ").append(line).append('\n'));
    script.append("(\n");
    overlayCheck(script);
    script.append(
        """
        dir=$(mktemp -d /tmp/topology.XXXXXX) || exit
        trap 'rm -r "$dir"' EXIT
        mkfifo "$dir/control.in" "$dir/control.out" || exit
        # Held open, so that the guest never finds the other side gone.
        exec 3<>"$dir/control.in"
        """);
    node.disks().stream()
        .filter(it -> it.file().isEmpty())
        .forEach(disk -> script.append(emptyDisk(disk)));
    script.append(
        """
        {
        echo "clock $(date +%s)"
        cat <<'END'
        """);
    node.greeting().forEach(line -> script.append(line).append('\n'));
    script.append("go\nEND\n} >\"$dir/control.in\" 3>&- &\n");
    servers(script);
    script.append(ShellWord.quote(node.qemu().path().toString()));
    PlanText.optionLines(node.arguments()).forEach(line -> script.append(" \\\n  ").append(line));
    script.append("\n)\n");
    return script.toString().replace(Wiring.DIRECTORY, "'\"$dir\"'");
  }

  /** Each ends when QEMU ends. */
  private void servers(StringBuilder script) {
    for (SharePlan share : node.shares()) {
      if (share.server().isEmpty()) {
        continue;
      }
      String socket = ShellWord.quote(Wiring.DIRECTORY + "/" + share.tag());
      script.append(ShellWord.command(share.server().get().command()));
      script.append(" 3>&- &\n");
      script
          .append("until [ -S ")
          .append(socket)
          .append(" ]; do kill -0 $! || exit; sleep 0.1; done\n");
    }
  }

  private List<String> differences() {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "Boots node \""
                    + node.name()
                    + "\" of topology \""
                    + topology
                    + "\" alone. Unlike with",
                "`topology up`, its console is this terminal (Ctrl-a x ends it), nobody waits for it to be",
                "ready, its cables lead nowhere (QEMU warns of hubs that are not connected), and so do its",
                "channels, its shell port and its guest agent. Host ports are bound as usual."));
    Node its = node.node();
    if (its.ports().stream().anyMatch(PortForward::isRelayed)
        || ServiceRoutes.alone(its).forwarded().size() < its.services().size()) {
      lines.add(
          "What `topology up` relays itself is missing: IPv6 host ports, and services that are");
      lines.add(
          "at IPv6 addresses or Unix sockets of the host, or of a node without a host network.");
    }
    if (node.identityDisk().isPresent()) {
      lines.add("cloud-init in its system is not told who it is.");
    }
    if (node.disks().stream()
        .anyMatch(it -> it.file().filter(f -> f.bytes() < it.bytes()).isPresent())) {
      lines.add("Its disks are as large as their files, not larger.");
    }
    return lines;
  }

  private static String emptyDisk(DiskPlan disk) {
    String file = "\"$dir/" + disk.disk().name() + "\"";
    String make = "truncate -s " + disk.bytes() + " " + file;
    return (disk.isFormatted() ? make + " && mke2fs -q -F -t ext4 " + file : make) + " || exit\n";
  }

  private void overlayCheck(StringBuilder script) {
    node.overlay()
        .ifPresent(
            overlay -> {
              String file = ShellWord.quote(overlay.result().toString());
              script.append("# Its `files` are in an initramfs that only `topology up` makes.\n");
              script.append("[ -r ").append(file).append(" ] || {\n");
              script.append("  echo run topology up first, for ").append(file).append(" >&2\n");
              script.append("  exit 1\n}\n");
            });
  }
}
