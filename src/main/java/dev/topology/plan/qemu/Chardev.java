package dev.topology.plan.qemu;

import dev.topology.plan.qemu.QemuOption.Properties;

/** Character devices: where the bytes of a console, a port or a monitor go on the host's side. */
public final class Chardev {

  private Chardev() {}

  /** A connected stream socket that QEMU inherits: {@code -chardev socket,id=qmp,fd=3}. */
  public static QemuOption socket(String id, int descriptor) {
    return chardev(Properties.of("socket").with("id", id).with("fd", descriptor));
  }

  /**
   * QEMU's own standard input and output. Ctrl-C goes to the guest; Ctrl-a x ends QEMU: {@code mux}
   * provides that.
   */
  public static QemuOption stdio(String id) {
    return chardev(Properties.of("stdio").with("id", id).with("mux", true).with("signal", false));
  }

  /**
   * Two named pipes: what the guest reads is in {@code PATH.in}, what it writes {@code PATH.out}.
   */
  public static QemuOption pipe(String id, String path) {
    return chardev(Properties.of("pipe").with("id", id).with("path", path));
  }

  /** Nothing: what the guest writes is dropped. */
  public static QemuOption nobody(String id) {
    return chardev(Properties.of("null").with("id", id));
  }

  /** A QMP monitor on a character device: {@code -mon chardev=qmp,mode=control}. */
  public static QemuOption monitor(String chardev) {
    return QemuOption.of(
        "-mon", Properties.none().with("chardev", chardev).with("mode", "control"));
  }

  private static QemuOption chardev(Properties properties) {
    return QemuOption.of("-chardev", properties);
  }
}
