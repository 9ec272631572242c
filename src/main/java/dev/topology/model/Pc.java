package dev.topology.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A node that is a PC, or a machine of arm64 that is used like one: its firmware boots an operating
 * system from its first disk, and cloud-init in that, if it has it, learns who the node is.
 *
 * @param firmware what looks for that on the disk
 * @param card the kind of its network cards
 * @param sshKeys files with public keys that let its user in by ssh; absolute
 * @param userData a file that cloud-init gets from the user; absolute
 */
public record Pc(Firmware firmware, Card card, List<Path> sshKeys, Optional<Path> userData) {

  public Pc {
    sshKeys = List.copyOf(sshKeys);
  }

  /** What the machine starts with. */
  public enum Firmware {
    /** Runs what the disk's first sector holds. */
    BIOS,
    /** Runs a program of the disk's EFI system partition. */
    UEFI;

    /** As users write it: {@code uefi}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A kind of network card. */
  public enum Card {
    VIRTIO,
    E1000,
    E1000E,
    RTL8139,
    VMXNET3;

    /** As users write it: {@code e1000}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
