package dev.topology.language.bind;

import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.document.CableDocument.StarDocument;
import dev.topology.language.document.DocumentType;
import dev.topology.language.document.DocumentType.DocumentKey;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.PlacementDocument;
import dev.topology.language.document.ReadyDocument;
import dev.topology.language.document.SharedDirectoryDocument;
import dev.topology.language.document.SwitchDocument;
import dev.topology.language.document.TestDocument;
import dev.topology.language.document.TestDocument.StepDocument;
import dev.topology.language.yaml.Tree;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.MessageInterpolator;
import jakarta.validation.Path;
import jakarta.validation.TraversableResolver;
import jakarta.validation.Valid;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.lang.annotation.ElementType;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.HibernateValidatorConfiguration;
import org.hibernate.validator.cfg.ConstraintMapping;
import org.hibernate.validator.cfg.context.PropertyConstraintMappingContext;
import org.hibernate.validator.cfg.context.TypeConstraintMappingContext;
import org.hibernate.validator.cfg.defs.NotNullDef;
import org.jspecify.annotations.Nullable;

/**
 * Has Bean Validation judge bound records by the annotations of their components, and says what it
 * objects to in the words of the language.
 */
final class BeanValidation {

  private static final List<Class<? extends Record>> DOCUMENTS =
      List.of(
          NodeDocument.class,
          ReadyDocument.class,
          SharedDirectoryDocument.class,
          SwitchDocument.class,
          CableDocument.class,
          EndDocument.class,
          StarDocument.class,
          PlacementDocument.class,
          TestDocument.class,
          StepDocument.class);

  /** Made when it is first needed, which takes a sixth of a second of processor time. */
  private static final class Lazy {
    private static final Validator VALIDATOR = validator();
  }

  private BeanValidation() {}

  /**
   * Whether the validator cannot object to any of the values, as far as can be told without it. It
   * takes most of the time of a short command to start, and most files hold nothing that it objects
   * to.
   */
  static <T extends Record> boolean isPlainlyGood(
      DocumentType<T> type, List<@Nullable Object> values) {
    for (int index = 0; DOCUMENTS.contains(type.record()) && index < values.size(); index++) {
      Object value = values.get(index);
      DocumentKey key = type.keys().get(index);
      boolean isGood =
          value == null
              ? !key.about().required()
              : type.constraints(index).stream().allMatch(it -> isPlainlyKept(it, value));
      if (!isGood) {
        return false;
      }
    }
    return true;
  }

  /** Whether a value keeps a constraint; false for constraints of other kinds than are in use. */
  static boolean isPlainlyKept(Annotation constraint, Object value) {
    if (constraint instanceof Min min) {
      return value instanceof Integer number && number >= min.value();
    }
    if (constraint instanceof Max max) {
      return value instanceof Integer number && number <= max.value();
    }
    if (constraint instanceof Size size) {
      return value instanceof Collection<?> items
          && items.size() >= size.min()
          && items.size() <= size.max();
    }
    return constraint instanceof Valid;
  }

  private static Validator validator() {
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
    DOCUMENTS.forEach(document -> map(ours.type(document), document));
    return library.addMapping(ours).buildValidatorFactory().getValidator();
  }

  /**
   * The annotations of fields, and that required keys have a value. The compiler repeats a
   * component's annotations at the accessor and the constructor of a record, and to read them there
   * again would take the library longer than all else.
   */
  private static void map(TypeConstraintMappingContext<?> mapping, Class<? extends Record> record) {
    mapping.ignoreAllAnnotations();
    for (DocumentKey key : DocumentType.of(record).keys()) {
      PropertyConstraintMappingContext field =
          mapping.field(key.component().getName()).ignoreAnnotations(false);
      if (key.about().required()) {
        field.constraint(new NotNullDef());
      }
    }
  }

  /** Something wrong with a value, and where that value is. */
  record Objection(TreePath path, Diagnostic diagnostic) {}

  /** What is wrong with the values of a record that was bound to that tree. */
  static List<Objection> judge(Record document, Tree tree) {
    return violations(document).stream().flatMap(it -> objection(it, tree).stream()).toList();
  }

  static Set<ConstraintViolation<Record>> violations(Record document) {
    return Lazy.VALIDATOR.validate(document);
  }

  private static Optional<Objection> objection(ConstraintViolation<?> violation, Tree tree) {
    TreePath path = TreePath.of(violation);
    Annotation constraint = violation.getConstraintDescriptor().getAnnotation();
    Location place = path.locate(tree);
    if (constraint instanceof NotNull && isReportedOtherwise(violation, path, tree)) {
      return Optional.empty();
    }
    return Optional.of(new Objection(path, explain(violation, constraint, path, place)));
  }

  /** Whether a missing key has been reported in another way: its value is wrong, or its name. */
  private static boolean isReportedOtherwise(
      ConstraintViolation<?> violation, TreePath path, Tree tree) {
    Tree owner = path.parent().find(tree).orElse(tree);
    Class<?> document = violation.getLeafBean().getClass();
    return path.find(tree).isPresent() || Keys.isMeant(path.last().toString(), document, owner);
  }

  private static Diagnostic explain(
      ConstraintViolation<?> violation, Annotation constraint, TreePath path, Location place) {
    String key = Quote.of(path.last().toString());
    String value = String.valueOf(violation.getInvalidValue());
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

  private static Diagnostic outOfRange(String key, String value, Location place) {
    return Diagnostic.of(DiagnosticId.OUT_OF_RANGE, place, key + " cannot be " + value);
  }

  /**
   * Leaves messages as they are: this class words them itself, from the constraint. The default one
   * needs an expression language on the class path, and loads resource bundles at start.
   */
  private static final class NoMessages implements MessageInterpolator {

    @Override
    public String interpolate(String template, Context context) {
      return template;
    }

    @Override
    public String interpolate(String template, Context context, Locale locale) {
      return template;
    }
  }

  /** Lets Bean Validation look everywhere. The default one searches the class path for JPA. */
  private static final class EverythingReachable implements TraversableResolver {

    @Override
    public boolean isReachable(
        @Nullable Object object,
        Path.Node property,
        Class<?> rootType,
        Path path,
        ElementType elementType) {
      return true;
    }

    @Override
    public boolean isCascadable(
        @Nullable Object object,
        Path.Node property,
        Class<?> rootType,
        Path path,
        ElementType elementType) {
      return true;
    }
  }
}
