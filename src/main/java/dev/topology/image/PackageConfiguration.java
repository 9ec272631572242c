package dev.topology.image;

import dev.topology.console.GuestText;
import dev.topology.initramfs.FileTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the maintainer scripts of an image's packages in a guest, by dpkg, and lays what they change
 * over the image's files.
 *
 * <p>The guest is booted from the image's files and those of what scripts need besides: dpkg, perl,
 * debconf. Those, and dpkg's database, do not come into the image.
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

  private static final Pattern SETTING_UP = Pattern.compile("Setting up (\\S+) \\(.*");

  private static final Pattern FAILED =
      Pattern.compile("dpkg: error processing package ([^ :]+).*");

  private static final int LAST_LINES = 15;
  private static final int LONGEST_LINE = 4096;

  private final StagedFiles staged;
  private final BuildListener listener;
  private final GuestFiles tools;
  private final PackageDatabase database;

  private final Deque<String> lastLines = new ArrayDeque<>();
  private String failed = "";
  private int configured;

  PackageConfiguration(StagedFiles staged, BuildListener listener) {
    this.staged = staged;
    this.listener = listener;
    this.tools = new GuestFiles(staged);
    this.database = new PackageDatabase(tools.tree());
  }

  /**
   * Takes a package in.
   *
   * @param files takes those of its files that go into the image; {@link #tools} if none do
   */
  void add(DebianArchive archive, DebianArchive.Visitor files)
      throws IOException, ImageException, InterruptedException {
    PackageDatabase.Paths noted = new PackageDatabase.Paths(files);
    archive.forEach(noted);
    database.add(archive, noted.paths());
  }

  /** Takes the files that only configuring needs. */
  DebianArchive.Visitor tools() {
    return tools;
  }

  /** Writes what the guest has beside the image, to follow the image's own archive. */
  void writeTools(List<String> presumed, OutputStream out) throws IOException {
    FileTree tree = tools.tree();
    database.presume(presumed);
    database.finish();
    // invoke-rc.d(8): nothing is to be started.
    tree.text("usr/bin/policy-rc.d", 0755, "#!/bin/sh\nexit 101\n");
    try (InputStream script =
        Objects.requireNonNull(PackageConfiguration.class.getResourceAsStream("configure"))) {
      tree.bytes(SCRIPT, 0755, script.readAllBytes());
    }
    tree.writeTo(out);
  }

  /** Boots the guest, configures all packages, and lays the outcome over the image's files. */
  void run(BuildGuest.Booter booter, Path image, FileTree files)
      throws IOException, ImageException, InterruptedException {
    listener.step("booting a guest to configure %d packages in".formatted(database.count()));
    try (BuildGuest guest = booter.boot(image)) {
      if (guest.run(CONFIGURE, this::follow) != 0) {
        throw ImageException.scriptFailed(failed, List.copyOf(lastLines));
      }
      listener.step("taking over what the maintainer scripts made");
      ConfiguredFiles changed = new ConfiguredFiles(files, tools.tree(), staged);
      if (guest.run(CHANGES, changed::lay) != 0) {
        throw ImageException.noGuest("it could not pack what the scripts have made", null);
      }
    }
  }

  private void follow(InputStream output) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
    StringBuilder line = new StringBuilder();
    for (int next = reader.read(); next >= 0; next = reader.read()) {
      if (next == '\n') {
        hear(GuestText.line(line.toString()).toString());
        line.setLength(0);
      } else if (line.length() < LONGEST_LINE) {
        line.append((char) next);
      }
    }
    hear(GuestText.line(line.toString()).toString());
  }

  private void hear(String line) {
    Matcher settingUp = SETTING_UP.matcher(line);
    if (settingUp.matches()) {
      configured++;
      lastLines.clear();
      listener.step(
          "configuring %s in a guest (%d of %d)"
              .formatted(settingUp.group(1), configured, database.count()));
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
