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
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the maintainer scripts of an image's packages in a guest, by dpkg, and adds what they change
 * to the image's files.
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

  /** The longest silence of a script. On a slow host an RSA key takes a minute. */
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
}
