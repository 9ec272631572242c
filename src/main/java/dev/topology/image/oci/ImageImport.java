package dev.topology.image.oci;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.image.ImageException;
import dev.topology.image.oci.ContainerImage.Layer;
import dev.topology.model.ContainerReference.Remote;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Copies an image of another layout, or of an archive, into our own image layout. Used under the
 * store's lock.
 *
 * @param root the layout's directory
 * @param parts those of the image, where it is now
 * @param work a directory on the same file system as the layout, for what is half copied
 */
record ImageImport(Path root, ContainerImage image, ImageParts parts, Path work) {

  private static final String OCI = "application/vnd.oci.image.";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies it, and gives it a name, which another image of that name loses. */
  void copyAs(Remote name) throws IOException, ImageException {
    LayoutIndex layout = new LayoutIndex(root);
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("schemaVersion", 2);
    byte[] config = parts.document(image.configPath());
    layout.keep(image.id(), config);
    ContentDescriptor.put(
        manifest.putObject("config"), OCI + "config.v1+json", image.id(), config.length);
    for (Layer layer : image.layers()) {
      copy(layer, manifest.withArray("layers").addObject());
    }
    byte[] written = JSON.writeValueAsBytes(manifest);
    Digest digest = Digest.of(written);
    layout.keep(digest, written);
    layout.put(name.toString(), ContentDescriptor.ofDocument(manifest, digest, written.length));
  }

  private void copy(Layer layer, ObjectNode descriptor) throws IOException, ImageException {
    Path file = work.resolve("layer");
    try (InputStream in = parts.open(layer.path())) {
      Digest.Summed sum = new Digest.Summed(in, Long.MAX_VALUE);
      Files.copy(sum, file, StandardCopyOption.REPLACE_EXISTING);
      Digest digest = layer.kept().orElse(layer.unpacked());
      sum.require(digest);
      Path place = root.resolve(ImageParts.path(digest));
      Files.createDirectories(place.getParent());
      Files.move(file, place, StandardCopyOption.REPLACE_EXISTING);
      ContentDescriptor.put(descriptor, OCI + "layer.v1.tar", digest, sum.count());
    }
  }
}
