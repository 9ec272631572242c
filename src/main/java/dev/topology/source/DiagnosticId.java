package dev.topology.source;

import java.util.Locale;

/**
 * Every kind of mistake the loader can find. The printed form is stable: users and their scripts
 * may rely on it.
 */
public enum DiagnosticId {
  // The file as a whole.
  NO_SUCH_FILE("The topology file does not exist."),
  UNREADABLE_FILE("The topology file exists but cannot be read."),
  TOO_LARGE("The topology file is larger than a topology file can sensibly be."),
  NOT_TEXT("The topology file holds bytes that are not text in UTF-8."),
  EMPTY_FILE("The topology file says nothing."),

  // YAML.
  SYNTAX("The file is not YAML."),
  SECOND_DOCUMENT("A file holds one topology; a line with --- starts another document."),
  TOO_DEEP("Lists and maps are nested deeper than the language ever needs."),
  DUPLICATE_KEY("A map has the same key twice."),
  BAD_KEY("A key is not a plain text."),
  UNSUPPORTED_TAG("A YAML tag such as !!binary, which the language does not use."),
  UNKNOWN_ALIAS("An alias (*name) to an anchor (&name) that does not exist before it."),
  RECURSIVE_ALIAS("An alias inside the very thing it stands for."),
  TOO_MANY_ALIASES("Aliases that multiply the file beyond measure."),
  BAD_MERGE("A merge key (<<) whose value is not a map or a list of maps."),
  UNSET_VARIABLE("A ${VARIABLE} without a value and without a fallback."),
  BAD_VARIABLE("A ${ that does not start a well-formed variable."),

  // Shape.
  MISPLACED_KEY("A key of the language in a place where it has no meaning."),
  UNKNOWN_KEY("A key the language does not have at that place."),
  MISSING_KEY("A key that must be there is not."),
  EMPTY_VALUE("A key or list item without a value."),
  WRONG_TYPE("A value of another type than the key takes, such as a list instead of a text."),
  UNKNOWN_VALUE("A word that is not one of those the key takes."),
  OVERSIZED(
      "More nodes, cables or values than a topology can sensibly have, or one value beyond measure."),

  // Values.
  OUT_OF_RANGE("A number or size that is too small or too large."),
  BAD_NAME("A name with characters, or of a length, that names cannot have."),
  BAD_SIZE("An amount of memory that is not written like 256MiB."),
  BAD_SHARE("A share of the frames that is not written like 0.5%."),
  BAD_RATE("A number of bits a second that is not written like 10Mbit."),
  BAD_DURATION("A span of time that is not written like 60s."),
  BAD_PORT("A port, or a port with its address, that is not written like 8080."),
  BAD_ADDRESS("An IP address or network that is not one, or that cannot be used there."),
  BAD_MAC("A MAC address that is not one, or that an interface cannot have."),
  BAD_REGEX("A regular expression that does not compile."),
  BAD_PATH("A path that cannot be one."),
  BAD_TEXT("A text with characters it cannot hold, such as a line break."),

  // References.
  NO_NODES("A topology without nodes."),
  UNKNOWN_NODE("A name that is not the name of a node."),
  SEVERAL_NODES("Many nodes, such as worker-*, where there can be only one."),
  NODE_NAME_TAKEN_TWICE("A node named like a copy that the count of another one makes."),
  SWITCH_NAME_TAKEN("A switch that is named like a node."),
  UNKNOWN_GROUP("A name that is not the name of a group."),
  UNKNOWN_CHANNEL("A name that is not the name of a channel of that node."),
  NESTED_GROUP("A group that belongs to a group."),
  UNUSED_DEFAULT(Severity.WARNING, "A default that every node replaces by its own."),
  UNUSED_GROUP(Severity.WARNING, "A group no node belongs to."),
  DEPENDENCY_CYCLE("Nodes that wait for each other in a circle, so that none can start."),
  DUPLICATE_ENTRY("A list that names the same thing twice."),
  NO_NAME("A topology that has no name, in a file whose own name cannot serve as one."),

  // Cables.
  CABLE_ENDS("A cable that does not have exactly two ends."),
  PATTERN_CONFLICT("A cable with two ends and a pattern, or with two patterns."),
  PATTERN_TOO_SMALL("A pattern of cables with too few nodes to be one."),
  CABLE_NAME_TAKEN_TWICE("Two cables of the same name."),
  INTERFACE_TAKEN_TWICE("An interface that two cable ends are plugged into."),
  HOST_INTERFACE("A cable in the interface that the host network uses."),
  TOO_MANY_INTERFACES("More interfaces than a microVM has slots for."),
  TOO_MANY_CHANNELS("More channels than a microVM has ports for."),
  MAC_TAKEN_TWICE("Two interfaces with the same MAC address."),
  ADDRESS_TAKEN_TWICE("An address given to two interfaces of one node or cable."),
  ADDRESS_REUSED(Severity.WARNING, "The same address on two cables of different nodes."),
  HALF_ADDRESSED(Severity.WARNING, "A cable with an address at only one end."),
  SUBNETS_DIFFER(Severity.WARNING, "A cable whose ends have no network in common."),
  HOST_NETWORK_OVERLAP(Severity.WARNING, "A cable address inside the host network 10.42.0.0/24."),
  ADDRESSES_EXHAUSTED("More ends of cables than there are addresses for."),
  SMALL_MTU("An IPv6 address at an interface whose packets are too short for IPv6."),
  SWITCH_END("Something that only an interface has, given to the end of a cable at a switch."),
  OUTSIDE_END(
      "An end that leads out of the topology, with what it cannot have or where it cannot be."),
  SWITCH_LOOP(Severity.WARNING, "Switches that are cabled to each other in a circle."),
  CAPTURE_TAKEN_TWICE("Two cables that capture into the same file."),
  NEEDS_DELAY("A jitter or a reordering that needs a longer delay than the cable has."),
  NOT_SHAPED("Settings of a shaper, for a cable that has none."),

  // Placement.
  PLACEMENT_TOO_SMALL("A list of nodes to place together or apart that has fewer than two."),
  PLACEMENT_CONFLICT(
      "Nodes that are to be apart and together, or apart on more machines than there may be."),

  // Tests.
  TEST_NAME_TAKEN_TWICE("Two tests of the same name."),
  STEP_ACTIONS("A step of a test that does several things."),
  UNKNOWN_CABLE("A name that is not the name of a cable, or that several cables could have."),
  TASK_IN_TEST(Severity.WARNING, "A step of a test on a node that ends by itself."),

  // Nodes.
  HOST_PORT_TAKEN_TWICE("One port of the host, given out twice."),
  GUEST_PORT_FORWARDED_TWICE("One port of a guest, forwarded twice."),
  NEEDS_HOST_NETWORK("Something that needs the host network, on a node that switched it off."),
  NEEDS_OUTSIDE("A UDP port of a node whose host network lets no answer out."),
  CMDLINE_TOO_LONG("A kernel command line that Linux would cut off."),
  READY_CONDITIONS("More than one condition for a node to be ready."),
  CONTAINER_KERNEL("A container image beside a kernel or an initramfs of the user's own."),
  IMAGE_ARCHITECTURE("A container image that is for other architectures than its node."),
  NO_AGENT(Severity.WARNING, "A command in a guest in which nothing may run it."),
  MISSING_KERNEL("A node with neither an image nor a kernel."),
  UNFIT_SHARE("A share of the whole host, or at a place that every guest needs."),
  UNREACHABLE_GATEWAY(Severity.WARNING, "A gateway that is on no network of its node."),
  NO_ROUTE(Severity.WARNING, "A node without a route to any node beyond its router."),
  SMALL_MEMORY(Severity.WARNING, "Less memory than a Linux guest is known to boot with."),
  FILES_NEED_MEMORY(Severity.WARNING, "More files than the memory of their node can take."),
  MACHINE_ARCH("A machine, or a way to boot, that guests of `arch` do not have."),
  PC_SETTINGS("Keys that do not fit what the node's machine boots."),
  DISK_SETTINGS("Keys of a disk that do not go together."),
  DISK_FILE("A file that cannot be the disk of a node."),
  DISK_TAKEN_TWICE("A disk that one node writes to and another uses."),
  TOO_MANY_DISKS("More disks than a node has room for."),
  HOST_FILE("A file or directory of the host that is missing, unreadable or of the wrong kind."),

  // This host.
  NOT_ENOUGH_MEMORY(Severity.WARNING, "More memory than the host has."),
  PRIVILEGED_PORT(Severity.WARNING, "A port of the host that needs privilege to listen at."),
  PORT_IN_USE(Severity.WARNING, "A port of the host that a program listens at already."),
  NO_KVM(Severity.WARNING, "A node that asks for KVM, on a host where it cannot be opened."),
  UNKNOWN_IMAGE(Severity.WARNING, "The name of a guest image that the host does not have."),
  UNKNOWN_MODULE("The name of a kernel module that the kernel of the node's image does not have.");

  private final Severity severity;
  private final String summary;

  DiagnosticId(String summary) {
    this(Severity.ERROR, summary);
  }

  DiagnosticId(Severity severity, String summary) {
    this.severity = severity;
    this.summary = summary;
  }

  /** How bad it is. */
  public Severity severity() {
    return severity;
  }

  /** What it is, in one sentence. */
  public String summary() {
    return summary;
  }

  /** As it is printed: {@code unknown-key}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How bad a finding is. */
  public enum Severity {
    /** The file cannot be used. */
    ERROR,
    /** The file can be used, but probably does not do what its writer means. */
    WARNING;

    /** As it is printed: {@code error}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
