package dev.topology.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.model.Cable;
import dev.topology.model.Cable.Shaper;
import dev.topology.model.CableEnd.Outside;
import dev.topology.model.Node.FileOverlay;
import dev.topology.model.PortForward;
import dev.topology.model.Readiness.Condition;
import dev.topology.model.ShapingSetting;
import dev.topology.plan.DiskPlan;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.LaunchPlan.SocketPlan;
import dev.topology.plan.LaunchPlan.SocketPlan.End;
import dev.topology.plan.NodePlan;
import dev.topology.plan.NodePlan.InitramfsOverlay;
import dev.topology.plan.NodePlan.ReadyWhen;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.plan.SharePlan;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A plan for programs to read: what {@code topology plan --format json} prints. */
public final class PlanJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** About how many characters are printed at once. */
  private static final int PIECE = 16 * 1024;

  private final LaunchPlan plan;

  public PlanJson(LaunchPlan plan) {
    this.plan = plan;
  }

  /**
   * All of it, piece by piece, so that the text of many nodes need not be held in memory.
   *
   * @param out takes each piece, which is one or more lines, without its line end
   */
  public void all(Consumer<String> out) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new ObjectMapper().createGenerator(text).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      for (Map.Entry<String, JsonNode> field : frame().properties()) {
        json.writePOJOField(field.getKey(), field.getValue());
      }
      Map<String, Stream<ObjectNode>> lists = new LinkedHashMap<>();
      lists.put("sockets", plan.sockets().map(PlanJson::socket));
      lists.put("cables", plan.topology().cables().stream().map(PlanJson::cable));
      lists.put("nodes", plan.nodes().stream().map(PlanJson::node));
      for (Map.Entry<String, Stream<ObjectNode>> list : lists.entrySet()) {
        json.writeArrayFieldStart(list.getKey());
        for (ObjectNode item : (Iterable<ObjectNode>) list.getValue()::iterator) {
          json.writeTree(item);
          json.flush();
          passLines(text.getBuffer(), out);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory can be written to", e);
    }
    out.accept(text.toString());
  }

  /** Passes on what there is of whole lines, if that is much. */
  private static void passLines(StringBuffer text, Consumer<String> out) {
    int end = text.lastIndexOf("\n");
    if (end > PIECE) {
      out.accept(text.substring(0, end));
      text.delete(0, end + 1);
    }
  }

  /** What concerns one node, and with it what its guest is told. */
  public ObjectNode only(NodePlan node) {
    ObjectNode json = frame();
    ArrayNode sockets = json.putArray("sockets");
    plan.socketsOf(node).forEach(socket -> sockets.add(socket(socket)));
    ArrayNode cables = json.putArray("cables");
    plan.topology().cablesOf(node.name()).forEach(cable -> cables.add(cable(cable)));
    ObjectNode one = node(node);
    ArrayNode greeting = one.putArray("greeting");
    node.greeting().forEach(greeting::add);
    json.putArray("nodes").add(one);
    return json;
  }

  private ObjectNode frame() {
    ObjectNode json = JSON.objectNode();
    json.put("topology", plan.topology().name());
    json.put("runDirectory", plan.runDirectory().toString());
    if (!plan.topology().switches().isEmpty()) {
      ArrayNode switches = json.putArray("switches");
      plan.topology().switches().forEach(it -> switches.add(it.name()));
    }
    return json;
  }

  private static ObjectNode socket(SocketPlan socket) {
    ObjectNode json = JSON.objectNode();
    json.put("name", socket.name());
    json.put("purpose", lower(socket.purpose()));
    json.put("type", lower(socket.purpose().type()));
    ArrayNode ends = json.putArray("ends");
    socket.ends().forEach(end -> ends.add(end(end)));
    return json;
  }

  private static ObjectNode end(End end) {
    ObjectNode json = JSON.objectNode();
    if (end instanceof End.AtSwitch at) {
      return json.put("holder", "switch").put("switch", at.name());
    }
    if (end instanceof End.Outside outside) {
      json.put("holder", "outside");
      if (outside.what() instanceof Outside.Udp udp) {
        return json.put("udp", udp.peer().toString()).put("listen", udp.listen());
      }
      return json.put("tap", ((Outside.Tap) outside.what()).device());
    }
    if (end instanceof End.Virtiofsd) {
      return json.put("holder", "virtiofsd");
    }
    return end instanceof End.Child child
        ? json.put("holder", "qemu").put("node", child.node()).put("descriptor", child.number())
        : json.put("holder", "host");
  }

  private static ObjectNode cable(Cable cable) {
    ObjectNode json = JSON.objectNode().put("name", cable.name());
    cable.capture().ifPresent(file -> json.put("capture", file.toString()));
    cable.shaper().ifPresent(shaper -> json.set("shaper", shaper(shaper)));
    return json;
  }

  private static ObjectNode node(NodePlan node) {
    ObjectNode json = JSON.objectNode();
    json.put("name", node.name());
    json.put("arch", node.node().architecture().toString());
    json.putObject("qemu")
        .put("path", node.qemu().path().toString())
        .put("version", node.qemu().version());
    json.put("accelerator", lower(node.accelerator()));
    node.node()
        .hostNetwork()
        .ifPresent(it -> json.putObject("hostNetwork").put("outside", it.outside()));
    json.put("confined", node.confinement().isPresent());
    json.put("consoleLog", node.consoleLog().toString());
    node.kernelLog().ifPresent(log -> json.put("kernelLog", log.toString()));
    node.overlay().ifPresent(overlay -> json.set("initramfs", overlay(overlay)));
    shares(node, json);
    node.identityDisk().ifPresent(number -> json.put("identityDisk", number));
    node.firmware()
        .ifPresent(
            it ->
                json.putObject("uefi")
                    .put("code", it.files().code().toString())
                    .put("variables", it.files().variables().toString())
                    .put("descriptor", it.descriptor()));
    if (!node.disks().isEmpty()) {
      ArrayNode disks = json.putArray("disks");
      node.disks().forEach(it -> disks.add(disk(it)));
    }
    if (!node.node().exec().isEmpty()) {
      ArrayNode commands = json.putArray("exec");
      node.node().exec().forEach(it -> it.arguments().forEach(commands.addArray()::add));
    }
    json.set("ready", ready(node.ready()));
    relayedPorts(node, json);
    ArrayNode arguments = json.putArray("arguments");
    node.arguments().forEach(arguments::add);
    return json;
  }

  private static void shares(NodePlan node, ObjectNode json) {
    if (!node.shares().isEmpty()) {
      ArrayNode array = json.putArray("shares");
      for (SharePlan share : node.shares()) {
        ObjectNode one = array.addObject().put("guestPath", share.directory().guestPath());
        one.put("hostPath", share.directory().hostPath().toString());
        one.put("writable", share.directory().writable());
        one.put("fileSystem", share.fileSystem().toString());
        share
            .server()
            .ifPresent(
                server -> {
                  ArrayNode command = one.putArray("command");
                  server.command().forEach(command::add);
                });
      }
    }
  }

  private static ObjectNode disk(DiskPlan disk) {
    ObjectNode json = JSON.objectNode().put("name", disk.disk().name()).put("bytes", disk.bytes());
    disk.file()
        .ifPresent(it -> json.put("file", it.path().toString()).put("format", lower(it.format())));
    json.put("bus", lower(disk.disk().bus()));
    disk.disk().source().file().ifPresent(it -> json.put("mode", lower(it.mode())));
    disk.descriptor().ifPresent(number -> json.put("descriptor", number));
    return json;
  }

  private static void relayedPorts(NodePlan node, ObjectNode json) {
    List<PortForward> relayed =
        node.node().ports().stream().filter(PortForward::isRelayed).toList();
    if (!relayed.isEmpty()) {
      ArrayNode array = json.putArray("relayedPorts");
      for (PortForward port : relayed) {
        ObjectNode one = array.addObject().put("hostAddress", port.hostAddress().toString());
        port.hostPort().ifPresent(number -> one.put("hostPort", number));
        one.put("guestPort", port.guestPort());
      }
    }
  }

  private static ObjectNode overlay(InitramfsOverlay overlay) {
    ObjectNode json = JSON.objectNode();
    overlay.base().ifPresent(base -> json.put("base", base.toString()));
    ObjectNode files = json.putObject("files");
    for (FileOverlay file : overlay.files()) {
      files.put(file.guestPath(), file.hostPath().toString());
    }
    return json.put("result", overlay.result().toString());
  }

  private static ObjectNode ready(ReadyWhen ready) {
    ObjectNode json = JSON.objectNode();
    if (ready.signal() instanceof Signal.Given given) {
      condition(json, given.condition());
    } else {
      json.put("on", ready.signal() instanceof Signal.Control ? "control" : "running");
    }
    return json.put("withinMillis", ready.within().toMillis());
  }

  private static void condition(ObjectNode json, Condition condition) {
    if (condition instanceof Condition.ConsoleText text) {
      json.put("on", "console").put("pattern", text.pattern().pattern());
    } else if (condition instanceof Condition.OpenPort port) {
      json.put("on", "port").put("port", port.guestPort());
    } else if (condition instanceof Condition.CommandSuccess exec) {
      exec.command().arguments().forEach(json.put("on", "exec").putArray("command")::add);
    } else if (condition instanceof Condition.HttpAnswer http) {
      json.put("on", "http").put("port", http.guestPort()).put("path", http.path());
    } else {
      json.put("on", "channel").put("channel", ((Condition.ChannelByte) condition).channel());
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** What a shaper does; what it does not do is left out. */
  private static ObjectNode shaper(Shaper shaper) {
    ObjectNode json = JSON.objectNode();
    for (ShapingSetting setting : ShapingSetting.values()) {
      setting.numberOf(shaper.shaping()).ifPresent(it -> put(json, setting.numberName(), it));
    }
    return json.put("seed", shaper.seed());
  }

  private static void put(ObjectNode json, String name, Number number) {
    if (number instanceof Long whole) {
      json.put(name, whole);
    } else {
      json.put(name, number.doubleValue());
    }
  }
}
