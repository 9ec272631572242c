package dev.topology.language.load;

import dev.topology.model.MacAddress;

/** One end of a cable of a {@link TopologyBuilder}. Not safe for use by several threads. */
public final class EndBuilder {

  private final WrittenMapping keys;

  EndBuilder(WrittenMapping keys) {
    this.keys = keys;
  }

  /** The interface as the guest calls it, {@code eth2}; without one, the next that is free. */
  public EndBuilder interfaceName(String name) {
    keys.text("interface", name);
    return this;
  }

  /** Adds addresses with their prefix lengths: {@code 10.0.3.1/24}, {@code fd00:3::2/64}. */
  public EndBuilder address(String... addresses) {
    WrittenSequence list = keys.sequence("address");
    for (String address : addresses) {
      list.addText(address);
    }
    return this;
  }

  /** Leaves this end without an address. */
  public EndBuilder noAddress() {
    keys.text("address", "none");
    return this;
  }

  /** The interface's MAC address, {@code 02:00:00:00:00:01}; without one, it is derived. */
  public EndBuilder mac(String address) {
    keys.text("mac", address);
    return this;
  }

  /** The interface's MAC address; without one, it is derived. */
  public EndBuilder mac(MacAddress address) {
    return mac(address.toString());
  }
}
