package dev.topology.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.host.HostResources;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * What a machine has, as its agent reports it.
 *
 * @param name what the machine calls itself; not unique, and not trusted
 * @param cpus processors that the agent may use
 * @param memoryBytes that the kernel says are available; 0 if it does not say
 */
public record MachineFacts(String name, int cpus, long memoryBytes) {

  /** Those of this machine. */
  public static MachineFacts read() {
    HostResources resources = HostResources.read();
    return new MachineFacts(ownName(), resources.cpus(), resources.memoryAvailable().orElse(0));
  }

  private static String ownName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  void writeTo(ObjectNode json) {
    json.put("name", name).put("cpus", cpus).put("memoryBytes", memoryBytes);
  }

  static MachineFacts readFrom(ObjectNode json) {
    return new MachineFacts(
        json.path("name").asText(), json.path("cpus").asInt(), json.path("memoryBytes").asLong());
  }
}
