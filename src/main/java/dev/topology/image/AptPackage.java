package dev.topology.image;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of {@code apt-get --print-uris}: where a package comes from, and the file it becomes.
 */
record AptPackage(PackageDownload download, String uri, String fileName) {

  // 'http://deb.debian.org/…/libc6_2.36-9_amd64.deb' libc6_2.36-9_amd64.deb 2759320 SHA256:ba4f…
  private static final Pattern LINE = Pattern.compile("'([^']+)' (\\S+) (\\d+)(?: .*)?");

  /** The package a line tells of; apt prints other lines as well. */
  static Optional<AptPackage> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String fileName = matcher.group(2);
    // name_version_architecture.deb; the version's colon is escaped.
    String[] parts = fileName.split("_", 3);
    String version =
        parts.length == 3 ? URLDecoder.decode(plusKept(parts[1]), StandardCharsets.UTF_8) : "";
    long bytes = Long.parseLong(matcher.group(3));
    return Optional.of(
        new AptPackage(new PackageDownload(parts[0], version, bytes), matcher.group(1), fileName));
  }

  /** The file, once downloaded. What comes from a local directory stays where it is. */
  Path file(Path archives) {
    return uri.startsWith("file:") ? Path.of(URI.create(uri)) : archives.resolve(fileName);
  }

  private static String plusKept(String text) {
    return text.replace("+", "%2B");
  }
}
