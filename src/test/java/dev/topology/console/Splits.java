package dev.topology.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Ways to split bytes into chunks, none of which may make a difference. */
final class Splits {

  private Splits() {}

  /** In one, in two at every position, byte by byte, and at a hundred random places. */
  static List<List<byte[]>> everyWay(byte[] bytes) {
    List<List<byte[]>> ways = new ArrayList<>();
    ways.add(List.of(bytes));
    for (int at = 1; at < bytes.length; at++) {
      ways.add(List.of(slice(bytes, 0, at), slice(bytes, at, bytes.length)));
    }
    ways.add(atRandom(bytes, new Random(0), 1));
    for (int seed = 0; seed < 100; seed++) {
      ways.add(atRandom(bytes, new Random(seed), 8));
    }
    return ways;
  }

  static List<byte[]> atRandom(byte[] bytes, Random random, int longest) {
    List<byte[]> chunks = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int next = Math.min(bytes.length, at + 1 + random.nextInt(longest));
      chunks.add(slice(bytes, at, next));
      at = next;
    }
    return chunks;
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return java.util.Arrays.copyOfRange(bytes, from, to);
  }
}
