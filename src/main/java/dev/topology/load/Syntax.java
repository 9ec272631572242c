package dev.topology.load;

import java.util.function.Function;

/** The forms of texts that have an inner structure, by what they stand for. */
enum Syntax {
  TOPOLOGY_NAME(Names::topologyName),
  NODE_NAME(Names::nodeName),
  CABLE_NAME(Names::cableName),
  CHANNEL_NAME(Names::channelName),
  INTERFACE_NAME(Names::interfaceName),
  IMAGE(Names::image),
  MEMORY(Quantities::memory),
  DURATION(Quantities::duration),
  GUEST_PORT(Ports::guestPort),
  HOST_PORT(Ports::hostPort),
  SERVICE_ADDRESS(Ports::serviceAddress),
  SERVICE_TARGET(Ports::serviceTarget),
  DESTINATION(Addresses::destination),
  IP_ADDRESS(Addresses::ip),
  CABLE_ADDRESS(Addresses::cableAddressOrNone),
  NO_ADDRESS(Addresses::none),
  MAC_ADDRESS(Addresses::mac),
  HOST_PATH(Paths::hostPath),
  GUEST_PATH(Paths::guestPath),
  KERNEL_ARGUMENTS(Texts::oneLine),
  REGEX(Texts::regex);

  @SuppressWarnings("ImmutableEnumChecker") // Each is a static method without state.
  private final Function<String, Parsed<?>> parser;

  Syntax(Function<String, Parsed<?>> parser) {
    this.parser = parser;
  }

  /** Reads a text of this form. */
  Parsed<?> parse(String text) {
    return parser.apply(text);
  }
}
