package dev.topology.image.oci;

import dev.topology.image.BulkInputStream;
import dev.topology.image.ImageException;
import dev.topology.source.Quote;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 of some content, which is its name: {@code sha256:4bcf…}.
 *
 * @param hex 64 hexadecimal digits, lower-case
 */
record Digest(String hex) {

  private static final String PREFIX = "sha256:";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final int SHORT = 12;

  /**
   * Reads one.
   *
   * @throws ImageException if it is made by another algorithm, or is none
   */
  static Digest parse(String text) throws ImageException {
    if (!text.startsWith(PREFIX) || !HEX.matcher(text.substring(PREFIX.length())).matches()) {
      throw new ImageException(
          "the container image has a digest that is not sha256 and 64 hexadecimal digits: "
              + Quote.of(text));
    }
    return new Digest(text.substring(PREFIX.length()));
  }

  static Digest of(byte[] content) {
    return new Digest(HexFormat.of().formatHex(sha256().digest(content)));
  }

  /** Enough of it for people. */
  String shortened() {
    return hex.substring(0, SHORT);
  }

  @Override
  public String toString() {
    return PREFIX + hex;
  }

  /** Content that is summed up while it is read. */
  static final class Summed extends BulkInputStream {

    private final InputStream content;
    private final MessageDigest sum = sha256();
    private final long most;
    private long count;

    /**
     * Begins.
     *
     * @param content to be closed by the caller, so that the sum can still be taken of all of it
     * @param most how many bytes there may be; reading more fails
     */
    Summed(InputStream content, long most) {
      this.content = content;
      this.most = most;
    }

    /** How many bytes were read. */
    long count() {
      return count;
    }

    /**
     * Reads what is left.
     *
     * @throws ImageException if it is other content than it should be
     */
    void require(Digest expected) throws IOException, ImageException {
      transferTo(OutputStream.nullOutputStream());
      Digest found = new Digest(HexFormat.of().formatHex(sum.digest()));
      if (!found.equals(expected)) {
        throw new ImageException(
            "it is damaged: its digest is " + found + ", but should be " + expected);
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = content.read(bytes, offset, length);
      if (read > 0) {
        sum.update(bytes, offset, read);
        count += read;
        if (count > most) {
          throw new IOException("it has more than " + (most >> 20) + " MiB, unpacked");
        }
      }
      return read;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
