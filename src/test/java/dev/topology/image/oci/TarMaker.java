package dev.topology.image.oci;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes tar archives byte by byte, those too that no program would write. */
public final class TarMaker {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int mode = 0644;
  private int user;
  private int group;

  public TarMaker owned(int newUser, int newGroup, int newMode) {
    user = newUser;
    group = newGroup;
    mode = newMode;
    return this;
  }

  public TarMaker file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  public TarMaker file(String name, byte[] bytes) {
    return entry('0', name, "", bytes.length, bytes);
  }

  public TarMaker directory(String name) {
    return entry('5', name, "", 0, new byte[0]);
  }

  public TarMaker link(String name, String target) {
    return entry('2', name, target, 0, new byte[0]);
  }

  TarMaker hardLink(String name, String target) {
    return entry('1', name, target, 0, new byte[0]);
  }

  TarMaker device(char type, String name, int major, int minor) {
    byte[] header = header(type, name, "", 0);
    octal(header, 329, 8, major);
    octal(header, 337, 8, minor);
    return put(header, new byte[0]);
  }

  /** An extended header for the entry that follows: {@code KEY=VALUE}, the value any bytes. */
  public TarMaker extended(String key, byte[] value) {
    byte[] start = (" " + key + "=").getBytes(StandardCharsets.UTF_8);
    int length = start.length + value.length + 1;
    length += String.valueOf(length + 3).length();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.writeBytes(String.valueOf(length).getBytes(StandardCharsets.UTF_8));
    line.writeBytes(start);
    line.writeBytes(value);
    line.write('\n');
    return entry('x', "extended", "", line.size(), line.toByteArray());
  }

  /** An entry that says it has a size, and has other content. */
  TarMaker entry(char type, String name, String link, long size, byte[] content) {
    return put(header(type, name, link, size), content);
  }

  public byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(out.toByteArray());
    all.writeBytes(new byte[1024]);
    return all.toByteArray();
  }

  private byte[] header(char type, String name, String link, long size) {
    byte[] header = new byte[512];
    text(header, 0, name);
    octal(header, 100, 8, mode);
    octal(header, 108, 8, user);
    octal(header, 116, 8, group);
    octal(header, 124, 12, size);
    octal(header, 136, 12, 1577836800);
    header[156] = (byte) type;
    text(header, 157, link);
    text(header, 257, "ustar\0" + "00");
    return header;
  }

  private TarMaker put(byte[] header, byte[] content) {
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xff;
    }
    octal(header, 148, 8, sum);
    out.writeBytes(header);
    out.writeBytes(content);
    out.writeBytes(new byte[-content.length & 511]);
    return this;
  }

  private static void text(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static void octal(byte[] header, int at, int length, long number) {
    text(header, at, String.format("%0" + (length - 1) + "o", number));
  }
}
