package dev.topology.language.bind;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.language.yaml.Tree;
import dev.topology.language.yaml.Tree.Entry;
import dev.topology.language.yaml.Tree.Mapping;
import dev.topology.language.yaml.Tree.Sequence;
import dev.topology.source.Location;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The way from the root of a tree to a place in it. Jackson and Bean Validation each have their own
 * way of saying it.
 *
 * @param steps keys ({@code String}) and indices ({@code Integer})
 * @param isKey whether the last key is meant, not its value
 */
public record TreePath(List<Object> steps, boolean isKey) {

  public TreePath {
    steps = List.copyOf(steps);
  }

  /** The way to a value, by keys and indices. */
  public static TreePath to(Object... steps) {
    return new TreePath(List.of(steps), false);
  }

  /** The way to a key itself. */
  public static TreePath toKey(Object... steps) {
    return new TreePath(List.of(steps), true);
  }

  /** The way to the value that a parser of a tree's JSON is at. */
  static TreePath of(JsonParser parser) {
    Deque<Object> steps = new ArrayDeque<>();
    JsonStreamContext at = parser.getParsingContext();
    if (parser.currentToken().isStructStart()) {
      at = at.getParent();
    }
    for (; at != null && !at.inRoot(); at = at.getParent()) {
      steps.addFirst(at.inArray() ? (Object) at.getCurrentIndex() : at.getCurrentName());
    }
    return new TreePath(List.copyOf(steps), false);
  }

  static TreePath of(ConstraintViolation<?> violation) {
    List<Object> steps = new ArrayList<>();
    boolean isKey = false;
    for (Path.Node node : violation.getPropertyPath()) {
      Optional.ofNullable(node.getKey()).ifPresent(steps::add);
      Optional.ofNullable(node.getIndex()).ifPresent(steps::add);
      if (node.getKind() == ElementKind.PROPERTY) {
        steps.add(Keys.keyOf(violation.getLeafBean().getClass(), node.getName()));
      }
      isKey = node.getName() != null && node.getName().equals("<map key>");
    }
    return new TreePath(steps, isKey);
  }

  /** The last key of the path; the empty text if there is none. */
  String lastKey() {
    return last() instanceof Integer ? parent().lastKey() : last().toString();
  }

  /** The key or index the path ends with; the empty text for the root. */
  Object last() {
    return steps.isEmpty() ? "" : steps.get(steps.size() - 1);
  }

  /** The first key of the path; the empty text for the root. */
  String first() {
    return steps.isEmpty() ? "" : steps.get(0).toString();
  }

  /** The way to what this is a part of; the root is its own. */
  TreePath parent() {
    return new TreePath(steps.subList(0, Math.max(0, steps.size() - 1)), false);
  }

  /** The way to a part of what is there. */
  public TreePath then(Object step) {
    List<Object> longer = new ArrayList<>(steps);
    longer.add(step);
    return new TreePath(longer, isKey);
  }

  public TreePath asKey() {
    return new TreePath(steps, true);
  }

  /** What is there in the tree, if the path leads anywhere. */
  public Optional<Tree> find(Tree root) {
    Optional<Tree> place = Optional.of(root);
    for (Object step : steps) {
      place = place.flatMap(it -> step(it, step));
    }
    return place;
  }

  /** Where that is, or as near as the tree goes. */
  public Location locate(Tree root) {
    Tree place = root;
    for (int at = 0; at < steps.size(); at++) {
      if (isKey && at == steps.size() - 1 && place instanceof Mapping mapping) {
        Entry entry = mapping.entries().get(steps.get(at).toString());
        return entry == null ? place.location() : entry.key().location();
      }
      Optional<Tree> next = step(place, steps.get(at));
      if (next.isEmpty()) {
        break;
      }
      place = next.get();
    }
    return place.location();
  }

  /** Takes what is there away from the JSON made of the tree. Items of lists leave their place. */
  boolean prune(JsonNode root) {
    JsonNode parent = root;
    for (int at = 0; at < steps.size(); at++) {
      Object step = steps.get(at);
      boolean isLast = at == steps.size() - 1;
      JsonNode next =
          step instanceof Integer index ? parent.path(index) : parent.path(step.toString());
      if (isLast || next.isValueNode()) {
        return remove(parent, step);
      }
      parent = next;
    }
    return false;
  }

  private static boolean remove(JsonNode parent, Object step) {
    if (parent instanceof ArrayNode array
        && step instanceof Integer index
        && index < array.size()) {
      return !array.set(index, NullNode.getInstance()).isMissingNode();
    }
    return parent instanceof ObjectNode object && object.remove(step.toString()) != null;
  }

  private static Optional<Tree> step(Tree place, Object step) {
    if (step instanceof Integer index) {
      return place instanceof Sequence sequence && index < sequence.items().size()
          ? Optional.of(sequence.items().get(index))
          : Optional.empty();
    }
    return place.get(step.toString());
  }
}
