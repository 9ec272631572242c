package dev.topology.run.checkpoint;

import dev.topology.model.BitRate;
import dev.topology.model.Memory;
import dev.topology.model.Shaping;
import dev.topology.model.ShapingSetting;
import dev.topology.model.Share;
import dev.topology.posix.Datagrams;
import dev.topology.run.cable.CableState;
import dev.topology.run.cable.CableState.DirectionState;
import dev.topology.run.cable.CableState.ShaperState;
import dev.topology.run.cable.CableState.Travelling;
import dev.topology.run.checkpoint.SavedNetwork.SavedNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Writes a {@link SavedNetwork} to a file, and reads it. */
public final class NetworkFile {

  private static final String FIRST = "topology network 1";

  private NetworkFile() {}

  /** Writes a file that is not there. */
  public static void write(SavedNetwork network, Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      new Writer(out).network(network);
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException also if it is damaged
   */
  public static SavedNetwork read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      return new Reader(in).network();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Something to write or to read. */
  private interface Item<T> {
    void write(T item) throws IOException;
  }

  private interface Source<T> {
    T read() throws IOException;
  }

  private record Writer(DataOutputStream out) {

    void network(SavedNetwork network) throws IOException {
      out.writeUTF(FIRST);
      out.writeInt(network.cables().size());
      for (Map.Entry<String, CableState> each : network.cables().entrySet()) {
        out.writeUTF(each.getKey());
        cable(each.getValue());
      }
      all(network.cut(), out::writeUTF);
      out.writeInt(network.nodes().size());
      for (Map.Entry<String, SavedNode> each : network.nodes().entrySet()) {
        out.writeUTF(each.getKey());
        out.writeLong(each.getValue().lastId().orElse(-1));
        all(each.getValue().unplugged(), out::writeUTF);
      }
    }

    private <T> void all(Iterable<T> items, Item<T> how) throws IOException {
      List<T> list = new ArrayList<>();
      items.forEach(list::add);
      out.writeInt(list.size());
      for (T item : list) {
        how.write(item);
      }
    }

    private void cable(CableState cable) throws IOException {
      all(cable.inFlight(), frames -> all(frames, this::frame));
      out.writeBoolean(cable.shaper().isPresent());
      if (cable.shaper().isPresent()) {
        shaper(cable.shaper().get());
      }
      all(cable.leftWaiting(), this::frame);
      all(cable.rightWaiting(), this::frame);
    }

    private void shaper(ShaperState shaper) throws IOException {
      for (ShapingSetting setting : ShapingSetting.values()) {
        out.writeLong(setting.of(shaper.shaping()).map(Writer::number).orElse(0L));
      }
      direction(shaper.leftToRight());
      direction(shaper.rightToLeft());
    }

    private static long number(Object value) {
      if (value instanceof Duration time) {
        return time.toNanos();
      }
      if (value instanceof Share share) {
        return (long) share.billionths();
      }
      return value instanceof BitRate rate ? rate.bitsPerSecond() : ((Memory) value).bytes();
    }

    private void direction(DirectionState direction) throws IOException {
      all(direction.chances(), out::writeLong);
      out.writeLong(direction.lastSentIn());
      all(direction.travelling(), this::travelling);
      all(direction.overtaking(), this::travelling);
      all(direction.waiting(), this::frame);
    }

    private void travelling(Travelling travelling) throws IOException {
      out.writeLong(travelling.sentIn());
      out.writeLong(travelling.dueIn());
      frame(travelling.frame());
    }

    private void frame(byte[] frame) throws IOException {
      out.writeInt(frame.length);
      out.write(frame);
    }
  }

  private record Reader(DataInputStream in) {

    SavedNetwork network() throws IOException {
      if (!in.readUTF().equals(FIRST)) {
        throw new IllegalArgumentException("it does not begin with \"" + FIRST + "\"");
      }
      Map<String, CableState> cables = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        cables.put(in.readUTF(), cable());
      }
      Set<String> cut = new HashSet<>(all(in::readUTF));
      Map<String, SavedNode> nodes = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        String name = in.readUTF();
        long lastId = in.readLong();
        nodes.put(
            name,
            new SavedNode(
                lastId < 0 ? OptionalLong.empty() : OptionalLong.of(lastId),
                new HashSet<>(all(in::readUTF))));
      }
      return new SavedNetwork(cables, cut, nodes);
    }

    private <T> List<T> all(Source<T> how) throws IOException {
      List<T> all = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        all.add(how.read());
      }
      return all;
    }

    private CableState cable() throws IOException {
      return new CableState(
          all(() -> all(this::frame)),
          in.readBoolean() ? Optional.of(shaper()) : Optional.empty(),
          all(this::frame),
          all(this::frame));
    }

    private ShaperState shaper() throws IOException {
      return new ShaperState(shaping(), direction(), direction());
    }

    private Shaping shaping() throws IOException {
      Shaping shaping = Shaping.NONE;
      for (ShapingSetting setting : ShapingSetting.values()) {
        long number = in.readLong();
        if (number != 0) {
          shaping = setting.set(shaping, value(setting.kind(), number));
        }
      }
      return shaping;
    }

    private static Object value(ShapingSetting.Kind kind, long number) {
      return switch (kind) {
        case DELAY -> Duration.ofNanos(number);
        case SHARE -> new Share(Math.toIntExact(number));
        case RATE -> new BitRate(number);
        case QUEUE -> new Memory(number);
      };
    }

    private DirectionState direction() throws IOException {
      return new DirectionState(
          all(in::readLong),
          in.readLong(),
          all(this::travelling),
          all(this::travelling),
          all(this::frame));
    }

    private Travelling travelling() throws IOException {
      return new Travelling(in.readLong(), in.readLong(), frame());
    }

    private byte[] frame() throws IOException {
      int length = in.readInt();
      if (length < 0 || length > Datagrams.LONGEST) {
        throw new IllegalArgumentException("a frame of " + length + " bytes");
      }
      byte[] frame = new byte[length];
      in.readFully(frame);
      return frame;
    }
  }
}
