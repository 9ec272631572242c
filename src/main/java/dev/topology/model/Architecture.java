package dev.topology.model;

import java.util.Locale;

/** What instructions a guest or a host understands, by the names that Debian and Docker use. */
public enum Architecture {
  /** x86-64. */
  AMD64,
  /** 64-bit Arm, aarch64. */
  ARM64;

  /**
   * That of a host.
   *
   * @param osArch what the JVM calls it, its property {@code os.arch}; any but {@code aarch64} is
   *     taken for x86-64, whose guests are then emulated
   */
  public static Architecture ofHost(String osArch) {
    return osArch.equals("aarch64") ? ARM64 : AMD64;
  }

  /** As container images name it: {@code linux/arm64}. */
  public String platform() {
    return "linux/" + this;
  }

  /** As users write it: {@code arm64}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
