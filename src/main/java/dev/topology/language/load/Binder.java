package dev.topology.language.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.topology.language.load.Tree.Entry;
import dev.topology.language.load.Tree.Mapping;
import dev.topology.language.load.Tree.Sequence;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import java.util.List;
import java.util.Optional;

/**
 * Binds a piece of a tree to a document record.
 *
 * <p>Jackson stops at the first mistake; so the mistake is reported, its spot is cut out, and the
 * rest is bound again, until there is none. Only the piece is bound again, a node or a cable, never
 * the file: time grows with the mistakes, not with their number times the size of the file. Then
 * Bean Validation judges the record, and what it objects to is cut out in the same way: the record
 * that comes out holds only values that are good in themselves.
 *
 * <p>Safe for use by several threads; expensive to make.
 */
final class Binder {

  /** Enough for thousands of files and ports, little enough to bind a hundred times. */
  private static final int MOST_VALUES = 10_000;

  /** Nodes and cables together. */
  static final int MOST_PARTS = 100_000;

  /** One node with more mistakes than this is not looked at to its end. */
  private static final int MOST_MISTAKES = 100;

  private final ObjectMapper mapper;
  private final EarlyJudge judge;

  Binder() {
    judge = EarlyJudge.begin();
    mapper = strictMapper();
  }

  /** The record of a whole piece. */
  <T extends Record> Optional<T> bind(Tree tree, Class<T> type, Report report) {
    if (valuesOf(tree, MOST_VALUES) <= MOST_VALUES) {
      return bind(tree, new TreeJson(type, report).deep(tree), type, report);
    }
    report.add(
        Diagnostic.of(
            DiagnosticId.OVERSIZED,
            tree.location(),
            Keys.subject(type) + " has " + MOST_VALUES + " values at most"));
    return Optional.empty();
  }

  /** The record of the first two levels of a piece. */
  <T extends Record> Optional<T> bindShallow(Tree tree, Class<T> type, Report report) {
    if (partsOf(tree) <= MOST_PARTS) {
      return bind(tree, new TreeJson(type, report).shallow(tree), type, report);
    }
    report.add(
        Diagnostic.of(
            DiagnosticId.OVERSIZED,
            Location.startOf(tree.location().source()),
            "this topology has " + partsOf(tree) + " parts, but " + MOST_PARTS + " at most"));
    return Optional.empty();
  }

  /** How many values there are on the second level of a tree. */
  private static int partsOf(Tree tree) {
    return tree instanceof Mapping mapping
        ? mapping.entries().values().stream().mapToInt(it -> childrenOf(it.value())).sum()
        : childrenOf(tree);
  }

  private static int childrenOf(Tree tree) {
    if (tree instanceof Sequence sequence) {
      return sequence.items().size();
    }
    return tree instanceof Mapping mapping ? mapping.entries().size() : 1;
  }

  /** How many values there are in a tree, not counted further than one more than the limit. */
  private static int valuesOf(Tree tree, int limit) {
    int values = 1;
    if (tree instanceof Mapping mapping) {
      for (Entry entry : mapping.entries().values()) {
        values += values > limit ? 0 : valuesOf(entry.value(), limit - values);
      }
    } else if (tree instanceof Sequence sequence) {
      for (Tree item : sequence.items()) {
        values += values > limit ? 0 : valuesOf(item, limit - values);
      }
    }
    return values;
  }

  private <T extends Record> Optional<T> bind(
      Tree tree, JsonNode json, Class<T> type, Report report) {
    Optional<T> bound = bindWhatFits(tree, json, type, report);
    if (bound.isEmpty()) {
      return bound;
    }
    List<Judge.Objection> objections = judge.await().judge(bound.get(), tree);
    for (Judge.Objection objection : objections) {
      report.add(objection.diagnostic());
      objection.path().prune(json);
    }
    return objections.isEmpty() ? bound : bindWhatFits(tree, json, type, report);
  }

  private <T extends Record> Optional<T> bindWhatFits(
      Tree tree, JsonNode json, Class<T> type, Report report) {
    for (int mistakes = 0; mistakes < MOST_MISTAKES; mistakes++) {
      try {
        return Optional.ofNullable(mapper.treeToValue(json, type));
      } catch (JsonMappingException e) {
        TreePath path = TreePath.of(e).within(tree);
        Optional<Diagnostic> diagnostic = MappingMistake.explain(e, path, tree, type);
        diagnostic.ifPresent(report::add);
        if (!path.prune(json)) {
          return Optional.empty();
        }
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a tree in memory is always well-formed", e);
      }
    }
    return Optional.empty();
  }

  private static ObjectMapper strictMapper() {
    return JsonMapper.builder()
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .withCoercionConfig(LogicalType.Integer, Binder::refuse)
        .withCoercionConfig(LogicalType.Boolean, Binder::refuse)
        .withCoercionConfig(LogicalType.Enum, Binder::refuse)
        .withCoercionConfig(LogicalType.Collection, Binder::refuse)
        .withCoercionConfig(LogicalType.Map, Binder::refuse)
        .withCoercionConfig(LogicalType.POJO, Binder::refuse)
        .build();
  }

  /** Nothing is taken for what it is not. Texts are exempt: a number reads the same as text. */
  private static void refuse(MutableCoercionConfig coercion) {
    for (CoercionInputShape shape : CoercionInputShape.values()) {
      coercion.setCoercion(shape, CoercionAction.Fail);
    }
  }
}
