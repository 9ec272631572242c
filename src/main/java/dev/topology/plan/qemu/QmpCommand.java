package dev.topology.plan.qemu;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.text.JsonTree;
import java.nio.file.Path;

/**
 * A command to QEMU's monitor. docs/interop/qemu-qmp-ref of QEMU lists them all.
 *
 * @param name as QMP calls it
 * @param arguments not to be changed once handed in
 */
public record QmpCommand(String name, ObjectNode arguments) {

  private static final long MOST_BYTES_A_SECOND = 1L << 40;

  /** Must be the first command: QEMU refuses all others before it. */
  public static QmpCommand capabilities() {
    return plain("qmp_capabilities");
  }

  /** Lets a guest run that is held or stopped. */
  public static QmpCommand resume() {
    return plain("cont");
  }

  /** Holds a guest; {@link #resume} lets it go on. */
  public static QmpCommand hold() {
    return plain("stop");
  }

  /** Presses the power button, as ACPI has it: the operating system shuts down, if it listens. */
  public static QmpCommand powerDown() {
    return plain("system_powerdown");
  }

  /** Starts the machine from the beginning, as its reset button would. */
  public static QmpCommand reset() {
    return plain("system_reset");
  }

  /**
   * What a reset does from now on: {@code shutdown}, as {@code -no-reboot} has it, or {@code
   * reset}.
   */
  public static QmpCommand onReset(String action) {
    QmpCommand command = plain("set-action");
    command.arguments.put("reboot", action);
    return command;
  }

  /** Gives a network card its carrier, or takes it away, before the answer comes. */
  public static QmpCommand setLink(String id, boolean up) {
    QmpCommand command = plain("set_link");
    command.arguments.put("name", id).put("up", up);
    return command;
  }

  /**
   * Has every frame that passes a network back end, in both directions, written to a file as pcap,
   * from now on: net/dump.c.
   */
  public static QmpCommand dump(String id, String netdev, Path file) {
    QmpCommand command = plain("object-add");
    command
        .arguments
        .put("qom-type", "filter-dump")
        .put("id", id)
        .put("netdev", netdev)
        .put("file", file.toString());
    return command;
  }

  /** Takes away what {@link #dump} added; its file is closed before the answer comes. */
  public static QmpCommand endDump(String id) {
    QmpCommand command = plain("object-del");
    command.arguments.put("id", id);
    return command;
  }

  /** Ends QEMU at once, as if the power were cut. */
  public static QmpCommand quit() {
    return plain("quit");
  }

  /** A command of the monitor for people, whose answer is a text: {@code info usernet}. */
  public static QmpCommand human(String commandLine) {
    QmpCommand command = plain("human-monitor-command");
    command.arguments.put("command-line", commandLine);
    return command;
  }

  /** Asks for the text that {@link UserNetwork#parse} reads. */
  public static QmpCommand userNetwork() {
    return human("info usernet");
  }

  /** Has a port of the host lead to one of the guest: {@code tcp:127.0.0.1:8080-:80}. */
  public static QmpCommand addForward(String netdev, String rule) {
    return human("hostfwd_add " + netdev + " " + rule);
  }

  /** Has a port of the host lead nowhere any more: {@code tcp:127.0.0.1:8080}. */
  public static QmpCommand removeForward(String netdev, String hostEnd) {
    return human("hostfwd_remove " + netdev + " " + hostEnd);
  }

  /** Asks for the first half of what tells how far its kernel has come with its timer. */
  public static QmpCommand localApic() {
    return human("info lapic");
  }

  /** Asks for the other half of what tells how far its kernel has come with its timer. */
  public static QmpCommand registers() {
    return human("info registers");
  }

  /** Has QEMU tell how a migration goes. docs/devel/migration. */
  public static QmpCommand tellOfMigration() {
    QmpCommand command = plain("migrate-set-capabilities");
    command
        .arguments
        .withArray("capabilities")
        .addObject()
        .put("capability", "events")
        .put("state", true);
    return command;
  }

  /** Has a machine be saved as fast as it can, rather than at the pace of a network. */
  public static QmpCommand saveFast() {
    QmpCommand command = plain("migrate-set-parameters");
    command.arguments.put("max-bandwidth", MOST_BYTES_A_SECOND);
    return command;
  }

  /** Gives up saving a machine. */
  public static QmpCommand cancelSaving() {
    return plain("migrate_cancel");
  }

  /** Asks how saving a machine goes. */
  public static QmpCommand savingStatus() {
    return plain("query-migrate");
  }

  /** Asks something that QEMU answers at once. */
  public static QmpCommand status() {
    return plain("query-status");
  }

  /** Has the cards of a guest that was loaded say nothing of their own to the network. */
  public static QmpCommand quietAfterLoading() {
    QmpCommand command = plain("migrate-set-parameters");
    command.arguments.put("announce-rounds", 0);
    return command;
  }

  /** Writes the state of a machine to a socket at a path, where somebody has to listen. */
  public static QmpCommand save(Path socket) {
    QmpCommand command = plain("migrate");
    command.arguments.put("uri", "unix:" + socket);
    return command;
  }

  /** Reads the state of a machine, which was started to wait for it, from a descriptor. */
  public static QmpCommand load(int descriptor) {
    QmpCommand command = plain("migrate-incoming");
    command.arguments.put("uri", "fd:" + descriptor);
    return command;
  }

  /** A command without arguments. */
  public static QmpCommand plain(String name) {
    return new QmpCommand(name, JsonNodeFactory.instance.objectNode());
  }

  /** One line of JSON, without a line end. */
  public String line() {
    return JsonTree.write(envelope());
  }

  /** One line of JSON, without a line end, with an id that the answer will carry. */
  public String line(String id) {
    return JsonTree.write(envelope().put("id", id));
  }

  private ObjectNode envelope() {
    ObjectNode envelope = JsonNodeFactory.instance.objectNode().put("execute", name);
    if (!arguments.isEmpty()) {
      envelope.set("arguments", arguments);
    }
    return envelope;
  }
}
