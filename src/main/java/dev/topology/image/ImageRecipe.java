package dev.topology.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What to build an image from.
 *
 * @param name the image's name: lower-case letters, digits, dots and hyphens, starting with a
 *     letter or digit
 * @param flavour which of the distribution's kernels it has
 * @param extraPackages packages of the distribution to put in, with what they depend on
 */
public record ImageRecipe(String name, Flavour flavour, List<String> extraPackages) {

  /** Maintainer scripts need it. Its programs stay in the image where busybox has none. */
  static final String COREUTILS = "coreutils";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]*");

  // Debian policy 5.6.7; a version or an architecture may follow for apt.
  private static final Pattern PACKAGE =
      Pattern.compile("(?<name>[a-z0-9][a-z0-9+.-]+)(:[a-z0-9-]+)?(=(?<version>.+))?");

  /** The image of nodes that name neither an image nor a kernel. */
  public static final ImageRecipe DEFAULT = new ImageRecipe("default", List.of());

  /** A flavour of a distribution's kernel, as Debian calls it. */
  public enum Flavour {
    /** The smallest, for virtual machines. */
    CLOUD,
    /** The one for computers, with all modules. */
    GENERIC;

    /** As users write it: {@code generic}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** With the smallest kernel. */
  public ImageRecipe(String name, List<String> extraPackages) {
    this(name, Flavour.CLOUD, extraPackages);
  }

  public ImageRecipe {
    extraPackages = List.copyOf(extraPackages);
    if (!isName(name)) {
      throw new IllegalArgumentException("not an image name: \"" + name + "\"");
    }
    for (String extra : extraPackages) {
      if (!PACKAGE.matcher(extra).matches()) {
        throw new IllegalArgumentException("not a package name: \"" + extra + "\"");
      }
    }
  }

  /** The packages to ask apt for, with this kernel. */
  List<String> packages(String kernel) {
    List<String> names = new ArrayList<>(List.of(kernel, "busybox-static"));
    if (!extraPackages.isEmpty()) {
      // busybox's shell prefers programs of its own, whatever is installed; bash takes those of the
      // packages.
      names.add("bash");
      names.add(COREUTILS);
    }
    names.addAll(extraPackages);
    return names;
  }

  /** Whether all of its packages are in an image, in the version it asks for if it does. */
  boolean isServedBy(InstalledImage image) {
    return extraPackages.stream().allMatch(wanted -> isIn(wanted, image.packages()));
  }

  private static boolean isIn(String wanted, List<String> packages) {
    Matcher parts = PACKAGE.matcher(wanted);
    if (!parts.matches()) {
      return false;
    }
    String nameAndVersion = parts.group("name") + "=";
    return parts.group("version") == null
        ? packages.stream().anyMatch(found -> found.startsWith(nameAndVersion))
        : packages.contains(nameAndVersion + parts.group("version"));
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }
}
