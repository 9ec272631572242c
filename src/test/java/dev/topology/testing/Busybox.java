package dev.topology.testing;

import dev.topology.image.ImageRecipe;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;

/** A program that is many, for images that tests make. */
public final class Busybox {

  private Busybox() {}

  /** The one of the built-in image, which is static. */
  public static byte[] bytes() throws IOException {
    Path initramfs =
        Objects.requireNonNull(TestHost.guests().images().get(ImageRecipe.DEFAULT.name()))
            .initramfs()
            .orElseThrow();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(initramfs));
        CpioArchiveInputStream archive = new CpioArchiveInputStream(in)) {
      for (CpioArchiveEntry entry = archive.getNextEntry();
          entry != null;
          entry = archive.getNextEntry()) {
        if (entry.getName().equals("usr/bin/busybox")) {
          return archive.readAllBytes();
        }
      }
    }
    throw new IOException("the built-in image has no busybox");
  }
}
