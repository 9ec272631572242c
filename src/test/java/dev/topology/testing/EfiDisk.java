package dev.topology.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk whose EFI system partition holds GRUB alone, for a UEFI to start. A test that needs it is
 * skipped where it cannot be made.
 */
public final class EfiDisk {

  private static final String SCRIPT =
      """
      set -e
      printf '%s' "$2" >"$1/grub.cfg"
      grub-mkstandalone -O x86_64-efi -o "$1/grub.efi" --install-modules='serial terminal echo test configfile' \\
        --modules='serial terminal echo' --locales= --fonts= --themes= boot/grub/grub.cfg="$1/grub.cfg"
      truncate -s 16M "$1/efi.img"
      mformat -i "$1/efi.img" ::
      mmd -i "$1/efi.img" ::/EFI ::/EFI/BOOT
      mcopy -i "$1/efi.img" "$1/grub.efi" ::/EFI/BOOT/BOOTX64.EFI
      """;

  private EfiDisk() {}

  /** A raw disk, made in a directory, whose GRUB runs a script. */
  public static Path make(Path directory, String grubScript)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-c", SCRIPT, "sh", directory.toString(), grubScript)
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0 || !Files.exists(directory.resolve("efi.img"))) {
      return Unavailable.because("needs grub-efi-amd64-bin and mtools: " + said);
    }
    return directory.resolve("efi.img");
  }
}
