package dev.topology.image;

import dev.topology.image.initramfs.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * dpkg's database in the guest of an image build. The packages of the image are "unpacked", see
 * dpkg(1): their maintainer scripts are still to run. The tools count as installed.
 */
final class PackageDatabase {

  /** Makes the first users, on which all other packages rely, by its preinst. */
  private static final String BASE_PASSWD = "base-passwd";

  private static final String DIRECTORY = "var/lib/dpkg/";

  /**
   * What dpkg needs of a package besides its description and list of files. Not {@code conffiles}:
   * they are in place already, and dpkg would look for new versions beside them.
   */
  private static final Set<String> CONTROL_FILES =
      Set.of("preinst", "postinst", "prerm", "postrm", "config", "templates", "triggers", "shlibs");

  private final StringBuilder status = new StringBuilder();
  private final StringBuilder order = new StringBuilder();
  private final FileTree tree;
  private int count;

  /**
   * An empty database.
   *
   * @param tree where it is written
   */
  PackageDatabase(FileTree tree) {
    this.tree = tree;
    tree.text(DIRECTORY + "info/format", 0644, "1\n");
  }

  /** How many packages are to be configured. */
  int count() {
    return count;
  }

  /** Adds packages that count as installed although they are missing. */
  void presume(List<String> stanzas) {
    stanzas.forEach(stanza -> status.append(stanza).append('\n'));
  }

  /**
   * Adds a package; those it depends on should have been added before.
   *
   * @param paths what is in it, without leading slashes
   * @param isTool whether it is only there for the scripts of others; its own are not run
   */
  void add(DebianArchive archive, List<String> paths, boolean isTool)
      throws IOException, ImageException, InterruptedException {
    TreeMap<String, byte[]> control = new TreeMap<>();
    archive.forEachControlFile(
        (path, entry, content) -> {
          if (path.equals("control") || CONTROL_FILES.contains(path)) {
            control.put(path, content.readAllBytes());
          }
        });
    String description = new String(control.remove("control"), StandardCharsets.UTF_8).strip();
    String name = field(description, "Package");
    String architecture = field(description, "Architecture");
    status
        .append(description)
        .append("\nStatus: install ok ")
        .append(isTool ? "installed" : "unpacked")
        .append("\n\n");
    if (isTool && !name.equals(BASE_PASSWD)) {
      return;
    }
    // Several architectures of such a package could be installed side by side.
    String fileName =
        field(description, "Multi-Arch").equals("same") ? name + ":" + architecture : name;
    order.append(fileName).append(' ').append(architecture).append('\n');
    control.forEach(
        (kind, content) ->
            tree.bytes(
                DIRECTORY + "info/" + fileName + "." + kind,
                kind.matches("templates|triggers|shlibs") ? 0644 : 0755,
                content));
    StringBuilder list = new StringBuilder("/.\n");
    paths.forEach(path -> list.append('/').append(path).append('\n'));
    tree.text(DIRECTORY + "info/" + fileName + ".list", 0644, list.toString());
    if (!isTool) {
      count++;
    }
  }

  /** Writes what has to be written once all packages are known. */
  void finish() {
    tree.text(DIRECTORY + "status", 0644, status.toString());
    tree.text(DIRECTORY + "available", 0644, "");
    tree.text("etc/topology/packages", 0644, order.toString());
  }

  private static String field(String description, String name) {
    return description
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** Notes the paths of a package's files on their way to another visitor. */
  static final class Paths implements DebianArchive.Visitor {

    private final List<String> paths = new ArrayList<>();
    private final DebianArchive.Visitor next;

    Paths(DebianArchive.Visitor next) {
      this.next = next;
    }

    List<String> paths() {
      return paths;
    }

    @Override
    public void visit(String path, TarArchiveEntry entry, InputStream content) throws IOException {
      if (!path.isEmpty() && !path.startsWith("usr/share/doc/")) {
        paths.add(path);
      }
      next.visit(path, entry, content);
    }
  }
}
