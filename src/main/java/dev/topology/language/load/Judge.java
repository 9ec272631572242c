package dev.topology.language.load;

import dev.topology.language.document.CableDocument;
import dev.topology.language.document.EndDocument;
import dev.topology.language.document.Form;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.ReadyDocument;
import dev.topology.language.document.StarDocument;
import dev.topology.language.document.TopologyDocument;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.HibernateValidatorConfiguration;
import org.hibernate.validator.cfg.ConstraintMapping;
import org.hibernate.validator.cfg.context.TypeConstraintMappingContext;

/** Has Bean Validation look at a bound record, and says its objections in our words. */
final class Judge {

  private static final List<Record> FIRST_CASES =
      List.of(NodeDocument.EMPTY, CableDocument.between(new EndDocument("left", null, null, null)));

  private static final List<Class<? extends Record>> DOCUMENTS =
      List.of(
          TopologyDocument.class,
          NodeDocument.class,
          ReadyDocument.class,
          CableDocument.class,
          EndDocument.class,
          StarDocument.class);

  private final Validator validator;

  Judge() {
    // The first thing the library does is to print its version.
    Logger banner = Logger.getLogger("org.hibernate.validator.internal.util.Version");
    banner.setLevel(Level.WARNING);
    HibernateValidatorConfiguration library =
        Validation.byProvider(HibernateValidator.class)
            .configure()
            .ignoreXmlConfiguration()
            .messageInterpolator(new NoMessages())
            .traversableResolver(new EverythingReachable());
    ConstraintMapping ours = library.createConstraintMapping();
    ours.constraintDefinition(Form.class).validatedBy(FormCheck.class);
    DOCUMENTS.forEach(document -> lookAtFieldsOnly(ours.type(document), document));
    validator = library.addMapping(ours).buildValidatorFactory().getValidator();
  }

  /**
   * Has the library read the constraints of nodes and cables, which it does when it first sees one
   * and is most of its work here. Others may have it judge meanwhile.
   */
  void warmUp() {
    FIRST_CASES.forEach(validator::validate);
  }

  /**
   * The compiler repeats a component's annotations at the accessor and the constructor of a record,
   * and to read them there again would take the library longer than all else.
   */
  private static void lookAtFieldsOnly(TypeConstraintMappingContext<?> record, Class<?> document) {
    record.ignoreAllAnnotations();
    for (Field field : document.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        record.field(field.getName()).ignoreAnnotations(false);
      }
    }
  }

  /** Something wrong with a value, and where that value is. */
  record Objection(TreePath path, Diagnostic diagnostic) {}

  /** What is wrong with the values of a record that was bound to that tree. */
  List<Objection> judge(Record document, Tree tree) {
    return validator.validate(document).stream()
        .flatMap(it -> objection(it, tree).stream())
        .toList();
  }

  private static Optional<Objection> objection(ConstraintViolation<?> violation, Tree tree) {
    TreePath path = TreePath.of(violation);
    Annotation constraint = violation.getConstraintDescriptor().getAnnotation();
    Location place = path.locate(tree);
    if (constraint instanceof NotNull && isThereSomehow(violation, path, tree)) {
      return Optional.empty();
    }
    return Optional.of(new Objection(path, explain(violation, constraint, path, place)));
  }

  /** Whether a missing key has been reported in another way: its value is wrong, or its name. */
  private static boolean isThereSomehow(
      ConstraintViolation<?> violation, TreePath path, Tree tree) {
    Tree owner = path.parent().find(tree).orElse(tree);
    Class<?> document = violation.getLeafBean().getClass();
    return path.find(tree).isPresent() || Keys.isMeant(path.last().toString(), document, owner);
  }

  private static Diagnostic explain(
      ConstraintViolation<?> violation, Annotation constraint, TreePath path, Location place) {
    String key = Quote.of(path.last().toString());
    String value = String.valueOf(violation.getInvalidValue());
    if (constraint instanceof Form form) {
      return badForm(Forms.parse(form.value(), value), place);
    }
    if (constraint instanceof Min min) {
      return outOfRange(key, value, place).hint("at least " + min.value());
    }
    if (constraint instanceof Max max) {
      return outOfRange(key, value, place).hint("at most " + max.value());
    }
    if (constraint instanceof Size) {
      int ends = ((List<?>) violation.getInvalidValue()).size();
      return Diagnostic.of(
              DiagnosticId.CABLE_ENDS, place, "a cable has exactly two ends, not " + ends)
          .hint("such as [left, right]");
    }
    Class<?> document = violation.getLeafBean().getClass();
    return Diagnostic.of(
            DiagnosticId.MISSING_KEY, place, Keys.subject(document) + " needs the key " + key)
        .hint(Keys.example(document, path.last().toString()).map(it -> "such as \"" + it + "\""));
  }

  private static Diagnostic badForm(Parsed<?> parsed, Location place) {
    if (parsed instanceof Parsed.Wrong<?> wrong) {
      return Diagnostic.of(wrong.id(), place, wrong.message()).hint(wrong.hint());
    }
    throw new IllegalStateException("an objection to what reads well: " + parsed);
  }

  private static Diagnostic outOfRange(String key, String value, Location place) {
    return Diagnostic.of(DiagnosticId.OUT_OF_RANGE, place, key + " cannot be " + value);
  }
}
