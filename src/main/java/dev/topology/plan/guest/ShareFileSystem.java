package dev.topology.plan.guest;

/** The file systems by which a guest has a directory of the host, the better one first. */
public enum ShareFileSystem {
  /** Served by a process of its own: docs/interop/vhost-user.rst. */
  VIRTIOFS("virtiofs", "virtiofs"),
  /** Served by QEMU itself: https://wiki.qemu.org/Documentation/9p */
  NINE_P("9p", "9pnet_virtio");

  private final String type;
  private final String module;

  ShareFileSystem(String type, String module) {
    this.type = type;
    this.module = module;
  }

  /** The last of Linux's modules that it takes, which needs the others. */
  public String module() {
    return module;
  }

  /** As mount(8) calls it. */
  @Override
  public String toString() {
    return type;
  }
}
