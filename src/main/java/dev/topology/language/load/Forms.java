package dev.topology.language.load;

import dev.topology.language.document.Syntax;

/** Reads texts that have an inner structure. */
final class Forms {

  private Forms() {}

  static Parsed<?> parse(Syntax syntax, String text) {
    return switch (syntax) {
      case TOPOLOGY_NAME -> Names.topologyName(text);
      case NODE_NAME -> Names.nodeName(text);
      case CABLE_NAME -> Names.cableName(text);
      case CHANNEL_NAME -> Names.channelName(text);
      case INTERFACE_NAME -> Names.interfaceName(text);
      case IMAGE -> Names.image(text);
      case MEMORY -> Quantities.memory(text);
      case DURATION -> Quantities.duration(text);
      case DELAY -> ShapingForms.delay(text);
      case SHARE -> ShapingForms.share(text);
      case RATE -> ShapingForms.rate(text);
      case QUEUE -> ShapingForms.queue(text);
      case GUEST_PORT -> Ports.guestPort(text);
      case HOST_PORT -> Ports.hostPort(text);
      case SERVICE_ADDRESS -> Ports.serviceAddress(text);
      case SERVICE_TARGET -> Ports.serviceTarget(text);
      case DESTINATION -> Addresses.destination(text);
      case IP_ADDRESS -> Addresses.ip(text);
      case CABLE_ADDRESS -> Addresses.cableAddressOrNone(text);
      case NO_ADDRESS -> Addresses.none(text);
      case MAC_ADDRESS -> Addresses.mac(text);
      case HOST_PATH -> Paths.hostPath(text);
      case GUEST_PATH -> Paths.guestPath(text);
      case KERNEL_ARGUMENTS -> Texts.oneLine(text);
      case REGEX -> Texts.regex(text);
    };
  }
}
