package dev.topology.document;

/** The forms of texts that have an inner structure, by what they stand for. */
public enum Syntax {
  TOPOLOGY_NAME,
  NODE_NAME,
  CABLE_NAME,
  CHANNEL_NAME,
  INTERFACE_NAME,
  IMAGE,
  MEMORY,
  DURATION,
  DELAY,
  SHARE,
  RATE,
  QUEUE,
  GUEST_PORT,
  HOST_PORT,
  SERVICE_ADDRESS,
  SERVICE_TARGET,
  DESTINATION,
  IP_ADDRESS,
  CABLE_ADDRESS,
  NO_ADDRESS,
  MAC_ADDRESS,
  HOST_PATH,
  GUEST_PATH,
  KERNEL_ARGUMENTS,
  REGEX
}
