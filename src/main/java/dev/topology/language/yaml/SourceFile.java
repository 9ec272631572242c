package dev.topology.language.yaml;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.SourceText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * A topology file on disk, as text.
 *
 * @param text what it holds; empty if it could not be read
 * @param problem why it cannot be used
 */
public record SourceFile(SourceText text, Optional<Diagnostic> problem) {

  /** About 30,000 nodes: far more than any host runs, and little enough to report on quickly. */
  static final int LARGEST = 8 << 20;

  /** Reads a file. Never reads more than {@link #LARGEST}, whatever the file's size claims. */
  public static SourceFile read(Path file) {
    SourceText nothing = new SourceText(file.toString(), "");
    if (Files.isDirectory(file)) {
      return unusable(
          nothing,
          DiagnosticId.UNREADABLE_FILE,
          "this is a directory, not a file",
          "name the file in it");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return readAll(in, file.toString());
    } catch (NoSuchFileException e) {
      return unusable(
          nothing,
          DiagnosticId.NO_SUCH_FILE,
          "there is no such file",
          "the current directory is " + Path.of("").toAbsolutePath());
    } catch (AccessDeniedException e) {
      return unusable(
          nothing,
          DiagnosticId.UNREADABLE_FILE,
          "the file may not be read",
          "see its permissions, and those of its directories");
    } catch (IOException e) {
      return broken(nothing, e);
    }
  }

  /** Reads a stream to its end, or to the size that no file may have. */
  public static SourceFile read(InputStream in, String name) {
    try {
      return readAll(in, name);
    } catch (IOException e) {
      return broken(new SourceText(name, ""), e);
    }
  }

  private static SourceFile readAll(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(LARGEST + 1);
    return bytes.length > LARGEST
        ? unusable(
            new SourceText(name, ""),
            DiagnosticId.TOO_LARGE,
            "the file is larger than " + (LARGEST >> 20) + " MiB, which no topology needs",
            "is it the right file?")
        : decode(name, bytes);
  }

  private static SourceFile broken(SourceText nothing, IOException e) {
    return unusable(
        nothing,
        DiagnosticId.UNREADABLE_FILE,
        "the file cannot be read: " + e.getMessage(),
        "is the disk in order?");
  }

  /** The text that bytes are in UTF-8, with or without a byte order mark. */
  public static SourceFile decode(String name, byte[] bytes) {
    SourceText nothing = new SourceText(name, "");
    if (startsWith(bytes, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE)) {
      return unusable(nothing, DiagnosticId.NOT_TEXT, "the file is in UTF-16", "save it as UTF-8");
    }
    int start = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer decoded = CharBuffer.allocate(bytes.length);
    CoderResult result =
        decoder.decode(ByteBuffer.wrap(bytes, start, bytes.length - start), decoded, true);
    SourceText text = new SourceText(name, decoded.flip().toString());
    return result.isError()
        ? unusable(
            text,
            DiagnosticId.NOT_TEXT,
            "the file is not text in UTF-8 from here on",
            "is it the right file, saved as UTF-8?")
        : new SourceFile(text, UnfitText.unprintable(text));
  }

  private static boolean startsWith(byte[] bytes, int... start) {
    for (int at = 0; at < start.length; at++) {
      if (at >= bytes.length || (bytes[at] & 0xFF) != start[at]) {
        return false;
      }
    }
    return true;
  }

  /** Points behind the last character that could be read. */
  private static SourceFile unusable(
      SourceText text, DiagnosticId id, String message, String hint) {
    int end = text.text().codePointCount(0, text.text().length());
    Location place = text.locate(end, end + 1);
    return new SourceFile(text, Optional.of(Diagnostic.of(id, place, message).hint(hint)));
  }

  /** Texts that a YAML parser must not get. */
  public static final class UnfitText {

    private static final int LONGEST = 256 * 1024;
    private static final String ENDS = "\n\"'";

    private UnfitText() {}

    /** The first character that YAML text cannot hold, such as NUL in a binary file. */
    public static Optional<Diagnostic> unprintable(SourceText source) {
      String text = source.text();
      int index = 0;
      for (int at = 0; at < text.length(); index++) {
        int codePoint = text.codePointAt(at);
        if (!StreamReader.isPrintable(codePoint)) {
          return Optional.of(
              Diagnostic.of(
                      DiagnosticId.NOT_TEXT,
                      source.locate(index, index + 1),
                      String.format("the file holds the control character U+%04X here", codePoint))
                  .hint("is it the right file? In double quotes, write an escape such as \\x1b"));
        }
        at += Character.charCount(codePoint);
      }
      return Optional.empty();
    }

    /**
     * A word or comment so long that it can only be a mistake. The parser keeps a whole word or
     * comment in a window that it copies each time it reads a kilobyte on: a word of eight
     * megabytes takes it a quarter of a minute.
     */
    public static Optional<Diagnostic> longStretch(SourceText source) {
      String text = source.text();
      int start = 0;
      for (int at = 0; at < text.length(); at++) {
        if (ENDS.indexOf(text.charAt(at)) >= 0) {
          start = at + 1;
        } else if (at - start == LONGEST) {
          int codePoint = text.codePointCount(0, start);
          return Optional.of(
              Diagnostic.of(
                      DiagnosticId.OVERSIZED,
                      source.locate(codePoint, codePoint + 1),
                      "more than "
                          + (LONGEST >> 10)
                          + " KiB without a line end or a quote start here")
                  .hint("is it the right file? Large contents belong in files of their own"));
        }
      }
      return Optional.empty();
    }
  }
}
