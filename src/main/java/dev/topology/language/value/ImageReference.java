package dev.topology.language.value;

import dev.topology.source.DiagnosticId;
import dev.topology.source.Quote;
import java.util.regex.Pattern;

/**
 * A guest image as a file refers to it: by its name, by its directory, or {@code none}.
 *
 * @param text as written
 */
public record ImageReference(String text) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
  private static final String NONE = "none";
  private static final String DEFAULT = "default";

  static Parsed<ImageReference> parse(String text) {
    ImageReference image = new ImageReference(text);
    return image.isDirectory() || NAME.matcher(text).matches()
        ? Parsed.value(image)
        : Parsed.wrong(
            DiagnosticId.BAD_NAME,
            Quote.of(text) + " cannot be the name of an image",
            "lower-case letters, digits, \".\", \"_\" and \"-\"; a directory has a \"/\", such as \"./image\"");
  }

  /** The image of a node that has neither an image nor a kernel. */
  public static ImageReference ofDefault() {
    return new ImageReference(DEFAULT);
  }

  /** Whether the image of the group or the defaults is not wanted. */
  public boolean isNone() {
    return text.equals(NONE);
  }

  /** Whether it is the built-in image. */
  public boolean isDefault() {
    return text.equals(DEFAULT);
  }

  /** Whether it is a directory: a text with a slash, or one that starts with a dot or a tilde. */
  public boolean isDirectory() {
    return text.contains("/") || text.startsWith(".") || text.startsWith("~");
  }
}
