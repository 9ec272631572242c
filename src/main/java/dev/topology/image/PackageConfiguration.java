package dev.topology.image;

import dev.topology.console.GuestText;
import dev.topology.image.GuestFiles.StagedFiles;
import dev.topology.image.initramfs.FileTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Runs the maintainer scripts of an image's packages in a guest, with dpkg, and adds what they
 * change to the image's files.
 *
 * <p>The guest is booted from the image's files and the tools that scripts need: dpkg, perl,
 * debconf. The tools and dpkg's database do not go into the image.
 */
final class PackageConfiguration {

  private static final String SCRIPT = "etc/topology/configure";

  private static final List<String> CONFIGURE = List.of("/bin/sh", "/" + SCRIPT);

  private static final List<String> CHANGES =
      List.of(
          "/bin/tar",
          "-c",
          "--format=gnu",
          "--numeric-owner",
          "--no-recursion",
          "--null",
          "--directory=/",
          "--files-from=/run/topology/changes");

  /** A script that writes nothing for longer hangs. On a slow host, an RSA key takes a minute. */
  private static final Duration SILENCE = Duration.ofMinutes(5);

  private static final Pattern BEGINS =
      Pattern.compile("(Setting up|Preparing) ([^ :]+)(:\\S+)?( \\(.*)?");

  private static final Pattern FAILED =
      Pattern.compile("dpkg: error processing package ([^ :]+).*");

  private static final int LAST_LINES = 15;
  private static final int LONGEST_LINE = 4096;

  private final StagedFiles staged;
  private final BuildListener listener;
  private final GuestFiles tools;
  private final PackageDatabase database;

  private final Deque<String> lastLines = new ArrayDeque<>();
  private String current = "";
  private String failed = "";
  private int configured;

  PackageConfiguration(StagedFiles staged, BuildListener listener) {
    this.staged = staged;
    this.listener = listener;
    this.tools = new GuestFiles(staged);
    this.database = new PackageDatabase(tools.tree());
  }

  /**
   * Adds a package of the image, whose maintainer scripts will run.
   *
   * @param files takes its files
   * @return the paths of its files
   */
  List<String> add(DebianArchive archive, DebianArchive.Visitor files)
      throws IOException, ImageException, InterruptedException {
    return add(archive, files, /* isTool= */ false);
  }

  /** Adds a package that is only there for the scripts of others. */
  void addTool(DebianArchive archive) throws IOException, ImageException, InterruptedException {
    add(archive, tools, /* isTool= */ true);
  }

  private List<String> add(DebianArchive archive, DebianArchive.Visitor files, boolean isTool)
      throws IOException, ImageException, InterruptedException {
    PackageDatabase.Paths noted = new PackageDatabase.Paths(files);
    archive.forEach(noted);
    database.add(archive, noted.paths(), isTool);
    return noted.paths();
  }

  /** Writes the tools and dpkg's database, as an archive to follow that of the image. */
  void writeTools(List<String> presumed, OutputStream out) throws IOException {
    FileTree tree = tools.tree();
    database.presume(presumed);
    database.finish();
    try (InputStream script =
        Objects.requireNonNull(PackageConfiguration.class.getResourceAsStream("configure"))) {
      tree.bytes(SCRIPT, 0755, script.readAllBytes());
    }
    tree.writeTo(out);
  }

  /** Boots the guest, configures all packages, and adds the result to the image's files. */
  void run(BuildGuest.Booter booter, Path image, FileTree files)
      throws IOException, ImageException, InterruptedException {
    listener.step("booting a guest to configure %d packages in".formatted(database.count()));
    try (BuildGuest guest = booter.boot(image)) {
      if (guest.run(CONFIGURE, SILENCE, this::follow) != 0) {
        throw ImageException.scriptFailed(failed, List.copyOf(lastLines));
      }
      listener.step("taking over what the maintainer scripts made");
      ConfiguredFiles changed = new ConfiguredFiles(files, tools.tree(), staged);
      if (guest.run(CHANGES, SILENCE, changed::add) != 0) {
        throw ImageException.noGuest("it could not pack what the scripts have made", null);
      }
    } catch (BuildGuest.SilentException e) {
      throw ImageException.scriptHangs(current, SILENCE, List.copyOf(lastLines));
    }
  }

  private void follow(InputStream output) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
    StringBuilder line = new StringBuilder();
    for (int next = reader.read(); next >= 0; next = reader.read()) {
      if (next == '\n') {
        onLine(GuestText.line(line.toString()).toString());
        line.setLength(0);
      } else if (line.length() < LONGEST_LINE) {
        line.append((char) next);
      }
    }
    onLine(GuestText.line(line.toString()).toString());
  }

  private void onLine(String line) {
    Matcher begins = BEGINS.matcher(line);
    if (begins.matches()) {
      current = begins.group(2);
      lastLines.clear();
      configured += begins.group(1).equals("Preparing") ? 0 : 1;
      listener.step(
          "configuring %s in a guest (%d of %d)".formatted(current, configured, database.count()));
    }
    Matcher failure = FAILED.matcher(line);
    if (failure.matches() && failed.isEmpty()) {
      failed = failure.group(1);
    }
    if (!line.isBlank()) {
      lastLines.addLast(line);
      if (lastLines.size() > LAST_LINES) {
        lastLines.removeFirst();
      }
    }
  }

  /**
   * dpkg's database in the guest of an image build. The packages of the image are "unpacked", see
   * dpkg(1): their maintainer scripts are still to run. The tools count as installed.
   */
  private static final class PackageDatabase {

    /** Makes the first users, on which all other packages rely, by its preinst. */
    private static final String BASE_PASSWD = "base-passwd";

    private static final String DIRECTORY = "var/lib/dpkg/";

    /**
     * What dpkg needs of a package besides its description and list of files. Not {@code
     * conffiles}: they are in place already, and dpkg would look for new versions beside them.
     */
    private static final Set<String> CONTROL_FILES =
        Set.of(
            "preinst", "postinst", "prerm", "postrm", "config", "templates", "triggers", "shlibs");

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
      public void visit(String path, TarArchiveEntry entry, InputStream content)
          throws IOException {
        if (!path.isEmpty() && !path.startsWith("usr/share/doc/")) {
          paths.add(path);
        }
        next.visit(path, entry, content);
      }
    }
  }
}
