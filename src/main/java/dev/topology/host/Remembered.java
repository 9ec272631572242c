package dev.topology.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Answers that were dear to find out, kept in files under the user's cache.
 *
 * <p>An answer is a few lines of text. It is kept together with the circumstances under which it is
 * true, and is only given back under exactly the same ones. A file that is damaged or cannot be
 * read is as good as none, and one that cannot be written costs time at the next run but nothing
 * else: a cache may never be a reason to fail.
 *
 * <p>Safe for any number of threads and processes: a file is written aside and moved into place.
 * Two that find out the same thing at once both write the same answer.
 */
final class Remembered {

  /** Changes when the meaning of the files does, and distrusts all those written before. */
  private static final String FIRST_LINE = "topology host 2";

  /** Divides the circumstances from the answer. */
  private static final String MIDDLE_LINE = "answer";

  /** Stands last, with a checksum of all that is before it, so that damage shows. */
  private static final String LAST_LINE = "end ";

  private final Path directory;
  private final boolean forgetful;

  /** Keeps its files in that directory, which need not exist yet. */
  Remembered(Path directory) {
    this(directory, false);
  }

  private Remembered(Path directory, boolean forgetful) {
    this.directory = directory;
    this.forgetful = forgetful;
  }

  /** The same place, but it recalls nothing: everything is found out afresh, and kept. */
  Remembered fresh() {
    return new Remembered(directory, true);
  }

  /** The lines kept under that name, if they were kept under the same circumstances. */
  Optional<List<String>> recall(String name, List<String> circumstances) {
    if (forgetful) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(directory.resolve(name), StandardCharsets.UTF_8);
      return answer(lines, head(circumstances));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Keeps the lines, in place of what was kept under that name. */
  void keep(String name, List<String> circumstances, List<String> answer) {
    StringBuilder text = new StringBuilder();
    head(circumstances).forEach(line -> text.append(line).append('\n'));
    answer.forEach(line -> text.append(line).append('\n'));
    text.append(lastLine(text.toString())).append('\n');
    try {
      Files.createDirectories(directory);
      write(name, text.toString());
    } catch (IOException unwritable) {
      // Then the next run finds it out again.
    }
  }

  private void write(String name, String text) throws IOException {
    Path aside = Files.createTempFile(directory, name, ".new");
    try {
      Files.writeString(aside, text);
      Files.move(aside, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private static Optional<List<String>> answer(List<String> lines, List<String> head) {
    int answerEnd = lines.size() - 1;
    boolean valid =
        answerEnd >= head.size()
            && lines
                .get(answerEnd)
                .equals(lastLine(String.join("\n", lines.subList(0, answerEnd)) + "\n"))
            && lines.subList(0, head.size()).equals(head);
    return valid ? Optional.of(lines.subList(head.size(), answerEnd)) : Optional.empty();
  }

  private static String lastLine(String text) {
    CRC32 sum = new CRC32();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return LAST_LINE + sum.getValue();
  }

  /** The circumstances as lines of a file: whatever is in them, each stays on its own line. */
  private static List<String> head(List<String> circumstances) {
    List<String> head = new ArrayList<>(List.of(FIRST_LINE));
    circumstances.forEach(line -> head.add(line.replace('\n', ' ').replace('\r', ' ')));
    head.add(MIDDLE_LINE);
    return head;
  }
}
