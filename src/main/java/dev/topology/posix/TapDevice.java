package dev.topology.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Opens taps of the host: network interfaces whose frames a program reads and writes, in the Linux
 * kernel's Documentation/networking/tuntap.rst. They are not made here, which takes privilege.
 */
public final class TapDevice {

  // linux/if.h, linux/sockios.h and linux/if_tun.h; the numbers of x86-64 and arm64.
  private static final int NAME_BYTES = 16;
  private static final int REQUEST_BYTES = 40;
  private static final int SIOCGIFFLAGS = 0x8913;
  private static final int TUNSETIFF = 0x400454ca;
  private static final int IFF_UP = 1;
  private static final int IFF_TAP = 2;
  private static final int IFF_NO_PI = 0x1000;

  // fcntl(2), socket(2).
  private static final int O_RDWR = 2;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x80000;
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;

  private static final String DEVICE = "/dev/net/tun";

  private final String name;
  private final NativeMemory memory;

  private TapDevice(String name, NativeMemory memory) {
    this.name = name;
    this.memory = memory;
  }

  /**
   * Opens a tap that is there, that is up, and that the user owns. Never blocks.
   *
   * @param name of its interface, at most 15 bytes
   * @throws RefusedException if it cannot be used
   * @throws SystemCallException with {@code EMFILE} or {@code ENFILE} when descriptors run out
   */
  public static Descriptor open(String name) throws IOException {
    try (NativeMemory memory = new NativeMemory()) {
      return new TapDevice(name, memory).open();
    }
  }

  private Descriptor open() throws IOException {
    // First: with enough privilege, TUNSETIFF makes an interface that is not there.
    checkIsUp();
    NativeFunction open = Libc.get().open;
    long number = open.call(memory.string(DEVICE), O_RDWR | O_NONBLOCK | O_CLOEXEC, 0);
    if (number == -1) {
      throw openRefused(SystemCallException.last(open));
    }
    Descriptor device = new Descriptor((int) number, /* isDevice= */ true);
    NativeFunction ioctl = Libc.get().ioctl;
    if (ioctl.call(number, TUNSETIFF, request(IFF_TAP | IFF_NO_PI)) == -1) {
      SystemCallException e = SystemCallException.last(ioctl);
      device.close();
      throw attachRefused(e);
    }
    return device;
  }

  private void checkIsUp() throws IOException {
    NativeFunction socket = Libc.get().socket;
    int number = socket.checked(socket.call(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    try {
      checkIsUp(number);
    } finally {
      Libc.get().close.call(number);
    }
  }

  private void checkIsUp(int anySocket) throws RefusedException {
    long request = request(0);
    NativeFunction ioctl = Libc.get().ioctl;
    if (ioctl.call(anySocket, SIOCGIFFLAGS, request) == -1) {
      SystemCallException e = SystemCallException.last(ioctl);
      throw new RefusedException("there is no such interface", "make it: " + making(), e);
    }
    if ((memory.getInt(request + NAME_BYTES) & IFF_UP) == 0) {
      throw new RefusedException("it is down", "sudo ip link set " + name + " up", null);
    }
  }

  private String making() {
    return "sudo ip tuntap add dev "
        + name
        + " mode tap user $USER && sudo ip link set "
        + name
        + " up";
  }

  /** A struct ifreq: the name, then the flags. */
  private long request(int flags) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length >= NAME_BYTES) {
      throw new IllegalArgumentException("too long for the name of an interface: " + name);
    }
    long request = memory.allocate(REQUEST_BYTES);
    memory.putBytes(request, bytes);
    memory.putInt(request + NAME_BYTES, flags);
    return request;
  }

  private static IOException openRefused(SystemCallException e) {
    return switch (e.symbol()) {
      case "ENOENT", "ENODEV", "ENXIO" ->
          new RefusedException(
              "this host has no " + DEVICE, "load the kernel's driver: sudo modprobe tun", e);
      case "EACCES", "EPERM" ->
          new RefusedException("this user may not open " + DEVICE, "sudo chmod 0666 " + DEVICE, e);
      default -> e;
    };
  }

  /** tun_set_iff in the kernel's drivers/net/tun.c. */
  private IOException attachRefused(SystemCallException e) {
    return switch (e.symbol()) {
      case "EBUSY" ->
          new InUseException(
              "another program has it open", "end that program, or make another tap", e);
      case "EPERM" ->
          new RefusedException(
              "it belongs to another user",
              "make it yours: sudo ip tuntap del dev " + name + " mode tap; " + making(),
              e);
      case "EINVAL" ->
          new RefusedException(
              "it is an interface of another kind, or has several queues",
              "make a tap of another name: sudo ip tuntap add dev NAME mode tap user $USER",
              e);
      default -> e;
    };
  }

  /** A tap cannot be used. The message is a clause without a full stop. */
  public static class RefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    RefusedException(String message, String remedy, @Nullable Throwable cause) {
      super(message, cause);
      this.remedy = remedy;
    }

    /** What the user can do about it, as a clause without a full stop. */
    public String remedy() {
      return remedy;
    }
  }

  /** A tap is open already, and takes one program at a time. */
  public static final class InUseException extends RefusedException {

    private static final long serialVersionUID = 1L;

    InUseException(String message, String remedy, Throwable cause) {
      super(message, remedy, cause);
    }
  }
}
