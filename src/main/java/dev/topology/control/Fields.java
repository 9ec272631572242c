package dev.topology.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** The fields of a request, read strictly: each that is there must be wanted and of its type. */
final class Fields {

  private static final int MOST = 0xFFFF;

  private final ObjectNode json;
  private final Set<String> read = new HashSet<>(Set.of("id", "do"));

  Fields(ObjectNode json) {
    this.json = json;
  }

  boolean has(String name) {
    return json.has(name);
  }

  String text(String name) throws ControlException {
    JsonNode value = json.path(name);
    read.add(name);
    if (!value.isTextual()) {
      throw bad("\"" + name + "\" has to be a text");
    }
    return value.textValue();
  }

  /** From 1 to what 16 bits hold. */
  int number(String name) throws ControlException {
    JsonNode value = json.path(name);
    read.add(name);
    if (!value.isInt() || value.intValue() < 1 || value.intValue() > MOST) {
      throw bad("\"" + name + "\" has to be a whole number from 1 to " + MOST);
    }
    return value.intValue();
  }

  /** False if it is not there. */
  boolean flag(String name) throws ControlException {
    JsonNode value = json.path(name);
    read.add(name);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw bad("\"" + name + "\" has to be true or false");
    }
    return value.asBoolean(false);
  }

  /** Empty if it is not there. */
  List<String> texts(String name) throws ControlException {
    JsonNode value = json.path(name);
    read.add(name);
    List<String> texts = new ArrayList<>();
    for (JsonNode element : value) {
      if (!element.isTextual()) {
        throw bad("\"" + name + "\" has to be a list of texts");
      }
      texts.add(element.textValue());
    }
    if (!value.isMissingNode() && !value.isArray()) {
      throw bad("\"" + name + "\" has to be a list of texts");
    }
    return List.copyOf(texts);
  }

  /** To be called last. */
  void requireNoOthers() throws ControlException {
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!read.contains(name)) {
        throw bad("there is no field \"" + JsonLine.shortened(name) + "\" in this request");
      }
    }
  }

  private static ControlException bad(String message) {
    return new ControlException(ErrorId.BAD_FIELD, message, "");
  }
}
