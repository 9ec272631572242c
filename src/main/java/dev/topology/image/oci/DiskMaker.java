package dev.topology.image.oci;

import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.image.erofs.ErofsWriter;
import dev.topology.image.erofs.Inode;
import dev.topology.image.erofs.Inode.Attributes;
import dev.topology.image.erofs.Inode.Content;
import dev.topology.image.oci.ContainerImage.Layer;
import dev.topology.image.oci.LayerMerger.Limits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Makes the disk of an image: its layers merged, and what the guest's agent is to run in them. Used
 * under the store's lock.
 *
 * @param parts those of the image
 * @param limits of what is in its layers
 * @param work a directory on the same file system as the disk, for what is in between
 */
record DiskMaker(
    ContainerImage image, ImageParts parts, Limits limits, Path work, BuildListener listener) {

  /**
   * Makes the disk.
   *
   * @param disk where it is put once it is whole; not there yet
   * @throws ImageException if a layer is damaged, or there is more in them than images may have
   */
  void make(Path disk) throws IOException, ImageException, InterruptedException {
    try (FileChannel scratch =
        FileChannel.open(
            work.resolve("scratch"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      LayerMerger merger = new LayerMerger(scratch, limits);
      List<Layer> layers = image.layers();
      for (int i = 0; i < layers.size(); i++) {
        String which = "layer %d of %d".formatted(i + 1, layers.size());
        listener.step("merging " + which);
        merge(layers.get(i), which, merger);
      }
      listener.step("writing the disk");
      Inode top = Inode.directory(Attributes.ofRoot(0755));
      top.children().put("root", merger.root());
      Path config = Files.write(work.resolve("config"), image.config().forAgent());
      top.children().put("config", Inode.file(Attributes.ofRoot(0444), Content.of(config)));
      Path made = work.resolve("disk");
      ErofsWriter.write(top, made);
      Files.createDirectories(disk.getParent());
      Files.move(made, disk);
    }
  }

  private void merge(Layer layer, String which, LayerMerger merger)
      throws IOException, ImageException, InterruptedException {
    try (InputStream kept = parts.open(layer.path())) {
      Digest.Summed packed = new Digest.Summed(kept, Long.MAX_VALUE);
      try (InputStream tar = Compression.unpacked(packed, work)) {
        Digest.Summed sum = new Digest.Summed(tar, limits.bytesOfArchive());
        merger.add(new BufferedInputStream(sum, 1 << 16));
        sum.require(layer.unpacked());
      } catch (IOException | ImageException e) {
        // What is damaged gives all kinds of errors. That it is damaged says more.
        if (layer.kept().isPresent() && !(e instanceof ClosedByInterruptException)) {
          packed.require(layer.kept().get());
        }
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new ImageException(which + " is missing", e);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException | ImageException e) {
      throw new ImageException(which + ": " + ImageException.reason(e), e);
    }
  }
}
