package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.Disk.DiskBus;
import dev.topology.run.RunningTopology;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are plugged into PCs in other ways than by virtio. */
class PcDiskTest {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** Writes what stands at 7C20 to the first serial port, byte by byte, and halts. */
  private static final byte[] BOOT_PROGRAM =
      HexFormat.of().parseHex("31c08ed8fcbe207cbaf803ac84c07403eeebf8f4ebfd");

  private static final int TEXT = 0x20;
  private static final int SIGNATURE = 510;

  @TempDir private Path directory;

  @Test
  void areBootedFromInWhateverWay() throws Exception {
    StringBuilder yaml = new StringBuilder("defaults: {boot: firmware, memory: 32MiB}\nnodes:\n");
    for (DiskBus bus : DiskBus.values()) {
      Files.write(directory.resolve(bus + ".raw"), disk("booted from " + bus + "\r\n"));
      yaml.append(
          """
            %1$s:
              disks: [{file: %1$s.raw, bus: %1$s}, {size: 1MiB, bus: virtio}]
              host_network: false
              ready: {console: booted from %1$s}
          """
              .formatted(bus));
    }

    try (Launch launch = RealLaunch.of(yaml.toString(), directory)) {
      RunningTopology topology = launch.topology();
      topology.awaitReady(LIMIT);

      for (DiskBus bus : DiskBus.values()) {
        assertThat(topology.node(bus.toString()).console().text()).contains("booted from " + bus);
      }
    }
  }

  /** A disk whose first sector is a program that a BIOS starts. */
  private static byte[] disk(String said) {
    return ByteBuffer.allocate(1 << 20)
        .put(BOOT_PROGRAM)
        .put(TEXT, said.getBytes(StandardCharsets.US_ASCII))
        .put(SIGNATURE, (byte) 0x55)
        .put(SIGNATURE + 1, (byte) 0xAA)
        .array();
  }
}
