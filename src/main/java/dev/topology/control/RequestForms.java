package dev.topology.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The requests as they are on the wire.
 *
 * <pre>
 * status                        how the topology, its nodes and its cables are
 * down                          ends it; answered when nothing is left
 * await.ready                   answered when every node is ready
 * await.end                     answered when it is over
 * events         follow         what has happened, and with "follow":true what will
 * node.stop      node           ends a node
 * node.restart   node           boots a node anew
 * node.pause     nodes          holds guests; all of them without "nodes"
 * node.resume    nodes          lets guests go on
 * node.console   node           its console, until the client goes away; takes input
 * node.window    node, rows, columns  how large the window is that shows its console
 * node.exec      node, command  runs a program in a node; takes input; answers its "status"; on a
 *                               terminal with "terminal":TERM and "rows", "columns"
 * cable.list                    how the cables are
 * cable.cut      cable
 * cable.join     cable
 * cable.shape    cable, settings  each setting as "delay=20ms"
 * cable.capture  cable          what passes it, as pcap, until the client goes away
 * </pre>
 */
final class RequestForms {

  private interface Reader<R> {
    R read(Fields fields) throws ControlException;
  }

  private record Form<R extends Request>(
      String name, Class<R> type, Reader<R> reader, BiConsumer<R, ObjectNode> writer) {

    void write(Request request, ObjectNode json) {
      writer.accept(type.cast(request), json);
    }
  }

  private final Map<String, Form<?>> byName = new LinkedHashMap<>();
  private final Map<Class<?>, Form<?>> byType = new LinkedHashMap<>();

  RequestForms() {
    bare("status", Request.Status.class, new Request.Status());
    bare("down", Request.Down.class, new Request.Down());
    bare("await.ready", Request.AwaitReady.class, new Request.AwaitReady());
    bare("await.end", Request.AwaitEnd.class, new Request.AwaitEnd());
    form(
        "events",
        Request.Events.class,
        fields -> new Request.Events(fields.flag("follow")),
        (request, json) -> json.put("follow", request.follow()));
    form(
        "node.stop",
        Request.StopNode.class,
        fields -> new Request.StopNode(fields.text("node")),
        (request, json) -> json.put("node", request.node()));
    form(
        "node.restart",
        Request.RestartNode.class,
        fields -> new Request.RestartNode(fields.text("node")),
        (request, json) -> json.put("node", request.node()));
    form(
        "node.pause",
        Request.Pause.class,
        fields -> new Request.Pause(fields.texts("nodes")),
        (request, json) -> json.set("nodes", array(request.nodes())));
    form(
        "node.resume",
        Request.Resume.class,
        fields -> new Request.Resume(fields.texts("nodes")),
        (request, json) -> json.set("nodes", array(request.nodes())));
    form(
        "node.console",
        Request.Console.class,
        fields -> new Request.Console(fields.text("node")),
        (request, json) -> json.put("node", request.node()));
    form(
        "node.window",
        Request.Window.class,
        fields ->
            new Request.Window(
                fields.text("node"), fields.number("rows"), fields.number("columns")),
        (request, json) ->
            json.put("node", request.node())
                .put("rows", request.rows())
                .put("columns", request.columns()));
    form(
        "node.exec",
        Request.Exec.class,
        fields -> new Request.Exec(fields.text("node"), fields.texts("command"), terminal(fields)),
        RequestForms::write);
    bare("cable.list", Request.ListCables.class, new Request.ListCables());
    form(
        "cable.cut",
        Request.CutCable.class,
        fields -> new Request.CutCable(fields.text("cable")),
        (request, json) -> json.put("cable", request.cable()));
    form(
        "cable.join",
        Request.JoinCable.class,
        fields -> new Request.JoinCable(fields.text("cable")),
        (request, json) -> json.put("cable", request.cable()));
    form(
        "cable.shape",
        Request.ShapeCable.class,
        fields -> new Request.ShapeCable(fields.text("cable"), fields.texts("settings")),
        (request, json) ->
            json.put("cable", request.cable()).set("settings", array(request.settings())));
    form(
        "cable.capture",
        Request.CaptureCable.class,
        fields -> new Request.CaptureCable(fields.text("cable")),
        (request, json) -> json.put("cable", request.cable()));
  }

  private static Optional<Request.Terminal> terminal(Fields fields) throws ControlException {
    return fields.has("terminal")
        ? Optional.of(
            new Request.Terminal(
                fields.text("terminal"), fields.number("rows"), fields.number("columns")))
        : Optional.empty();
  }

  private static void write(Request.Exec request, ObjectNode json) {
    json.put("node", request.node()).set("command", array(request.command()));
    request
        .terminal()
        .ifPresent(
            terminal ->
                json.put("terminal", terminal.type())
                    .put("rows", terminal.rows())
                    .put("columns", terminal.columns()));
  }

  private <R extends Request> void bare(String name, Class<R> type, R request) {
    form(name, type, fields -> request, (same, json) -> {});
  }

  private <R extends Request> void form(
      String name, Class<R> type, Reader<R> reader, BiConsumer<R, ObjectNode> writer) {
    Form<R> form = new Form<>(name, type, reader, writer);
    byName.put(name, form);
    byType.put(type, form);
  }

  private static ArrayNode array(List<String> texts) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    texts.forEach(array::add);
    return array;
  }

  /** The classes that have a form. */
  Set<Class<?>> types() {
    return byType.keySet();
  }

  ObjectNode write(long id, Request request) {
    Form<?> form = byType.get(request.getClass());
    if (form == null) {
      throw new IllegalArgumentException("no form for " + request);
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", id).put("do", form.name());
    form.write(request, json);
    return json;
  }

  Request read(ObjectNode json) throws ControlException {
    String name = json.path("do").textValue();
    Form<?> form = byName.get(name);
    if (form == null) {
      throw new ControlException(
          ErrorId.UNKNOWN_REQUEST,
          "there is no request \"" + JsonLine.shortened(name) + "\"",
          "there is " + String.join(", ", byName.keySet()));
    }
    Fields fields = new Fields(json);
    Request request = form.reader().read(fields);
    fields.requireNoOthers();
    return request;
  }
}
