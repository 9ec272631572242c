package dev.topology.model;

import java.util.List;

/**
 * An Ethernet segment of any number of ends, in the process that runs the topology.
 *
 * @param name a DNS label; no node has it
 * @param subnets that its ends get their addresses from, unless they are given some; empty if none
 *     needs one
 */
public record Switch(String name, List<InterfaceAddress> subnets) {

  public Switch {
    subnets = List.copyOf(subnets);
  }
}
