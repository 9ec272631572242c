package dev.topology.language.document;

import dev.topology.model.Architecture;
import java.util.Locale;

/** The key {@code machine} of a node: what QEMU emulates. */
public enum MachineType {
  /** The least that a Linux guest needs. */
  MICROVM(Architecture.AMD64),
  /** A PC. */
  Q35(Architecture.AMD64),
  /** What QEMU has in place of a microvm for arm64. */
  VIRT(Architecture.ARM64);

  private final Architecture architecture;

  MachineType(Architecture architecture) {
    this.architecture = architecture;
  }

  /** What guests it runs. */
  public Architecture architecture() {
    return architecture;
  }

  /** As users write it: {@code q35}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The key {@code boot} of a node: what its machine starts with. */
  public enum BootWay {
    /** A kernel that QEMU loads. */
    DIRECT,
    /** The machine's own program, which looks for an operating system on its disks. */
    FIRMWARE;

    /** As users write it: {@code firmware}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
