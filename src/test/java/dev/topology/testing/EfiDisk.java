package dev.topology.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk with an EFI system partition that holds one program, for a UEFI to start. A test that
 * needs it is skipped where it cannot be made.
 */
public final class EfiDisk {

  private static final String GRUB =
      """
      printf '%s' "$3" >"$1/grub.cfg"
      grub-mkstandalone -O x86_64-efi -o "$1/$2" --install-modules='serial terminal echo test configfile' \\
        --modules='serial terminal echo' --locales= --fonts= --themes= boot/grub/grub.cfg="$1/grub.cfg"
      """;

  /** With the program that the UEFI of an architecture looks for on a new disk. */
  private static final String DISK =
      """
      truncate -s 16M "$1/efi.img"
      mformat -i "$1/efi.img" ::
      mmd -i "$1/efi.img" ::/EFI ::/EFI/BOOT
      mcopy -i "$1/efi.img" "$1/$2" ::/EFI/BOOT/
      """;

  private static final int HEADERS = 0x200;
  private static final int PAGE = 0x1000;

  private EfiDisk() {}

  /** A raw disk for PCs, made in a directory, whose GRUB runs a script. */
  public static Path make(Path directory, String grubScript)
      throws IOException, InterruptedException {
    return run(GRUB + DISK, directory, "BOOTX64.EFI", grubScript);
  }

  /** A raw disk for arm64 guests, made in a directory, whose program writes a text. */
  public static Path makeForArm64(Path directory, String text)
      throws IOException, InterruptedException {
    Files.write(directory.resolve("BOOTAA64.EFI"), program(text));
    return run(DISK, directory, "BOOTAA64.EFI");
  }

  private static Path run(String script, Path directory, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-ec", script, "sh", directory.toString());
    builder.command().addAll(List.of(arguments));
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0 || !Files.exists(directory.resolve("efi.img"))) {
      return Unavailable.because("needs grub-efi-amd64-bin and mtools: " + said);
    }
    return directory.resolve("efi.img");
  }

  /**
   * A program of the UEFI: a PE32+ file of one section, whose code prints what follows it, by
   * {@code OutputString} of the console, and waits for ever. PE Format, "File Headers"; UEFI
   * specification 2.10, "EFI_SYSTEM_TABLE".
   */
  private static byte[] program(String text) {
    ByteBuffer file = ByteBuffer.allocate(2 * HEADERS).order(ByteOrder.LITTLE_ENDIAN);
    file.putShort(0, (short) 0x5A4D).putInt(0x3C, 0x40); // MZ; where the PE header is
    file.position(0x40);
    file.putInt(0x4550).putShort((short) 0xAA64).putShort((short) 1); // PE, arm64, one section
    file.putInt(0).putInt(0).putInt(0); // no time, no symbols
    file.putShort((short) 0xA0).putShort((short) 0x206); // the next header's size; executable
    file.putShort((short) 0x20B).putShort((short) 0); // PE32+
    file.putInt(HEADERS).putInt(0).putInt(0); // bytes of code and of data
    file.putInt(PAGE).putInt(PAGE).putLong(0); // the entry, the code, where it wants to be
    file.putInt(PAGE).putInt(HEADERS); // alignment in memory and in the file
    file.putLong(0).putLong(0).putInt(2 * PAGE).putInt(HEADERS); // versions; sizes
    file.putInt(0).putShort((short) 10).putShort((short) 0); // no checksum; an EFI application
    file.putLong(0).putLong(0).putLong(0).putLong(0); // stack and heap
    file.putInt(0).putInt(6).position(file.position() + 6 * Long.BYTES); // six empty directories
    file.put(".text\0\0\0".getBytes(StandardCharsets.US_ASCII));
    file.putInt(HEADERS).putInt(PAGE).putInt(HEADERS).putInt(HEADERS); // in memory; in the file
    file.putLong(0).putInt(0).putInt(0x60000020); // code, which can be read and run
    file.position(HEADERS);
    file.putInt(0xF9402020); // ldr x0, [x1, #64]: ConOut
    file.putInt(0xF9400402); // ldr x2, [x0, #8]: OutputString
    file.putInt(0x10000081); // adr x1, text
    file.putInt(0xD63F0040); // blr x2
    file.putInt(0xD503207F); // wfi
    file.putInt(0x17FFFFFF); // b to the last but one
    file.put((text + "\r\n").getBytes(StandardCharsets.UTF_16LE));
    return file.array();
  }
}
