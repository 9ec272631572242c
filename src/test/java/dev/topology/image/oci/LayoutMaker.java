package dev.topology.image.oci;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Writes image layouts, those too that no program would write. */
public final class LayoutMaker {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OCI = "application/vnd.oci.image.";

  private final Path directory;
  private final List<Map<String, Object>> index = new ArrayList<>();
  private final List<Map<String, Object>> layers = new ArrayList<>();
  private final List<String> unpacked = new ArrayList<>();
  private String architecture = "amd64";

  public LayoutMaker(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory.resolve("blobs/sha256"));
  }

  /** The architecture of images from here on. */
  public LayoutMaker architecture(String name) {
    architecture = name;
    return this;
  }

  /** A layer, compressed by gzip, of the next image. */
  public LayoutMaker layer(byte[] tar) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(tar);
    }
    return layer(tar, packed.toByteArray());
  }

  /** A layer whose packed form is given. */
  LayoutMaker layer(byte[] tar, byte[] packed) throws IOException {
    unpacked.add("sha256:" + sha256(tar));
    layers.add(blob(OCI + "layer.v1.tar+gzip", packed));
    return this;
  }

  /**
   * An image of the layers so far, which has a name in the index.
   *
   * @param config what the key {@code config} of its configuration holds
   */
  public LayoutMaker image(String name, Map<String, Object> config) throws IOException {
    Map<String, Object> manifest = manifest(config);
    manifest.put("annotations", Map.of("org.opencontainers.image.ref.name", name));
    index.add(manifest);
    return write();
  }

  /** An image for several architectures, each the layers so far. */
  LayoutMaker imageFor(String name, String... architectures) throws IOException {
    List<Map<String, Object>> all = new ArrayList<>();
    for (String each : architectures) {
      Map<String, Object> manifest = architecture(each).manifest(Map.of("Cmd", List.of(each)));
      manifest.put("platform", Map.of("os", "linux", "architecture", each));
      all.add(manifest);
    }
    Map<String, Object> list =
        blob(
            OCI + "index.v1+json",
            JSON.writeValueAsBytes(Map.of("schemaVersion", 2, "manifests", all)));
    list.put("annotations", Map.of("org.opencontainers.image.ref.name", name));
    index.add(list);
    return write();
  }

  /** The file that holds a layer. */
  Path packed(int layer) {
    return file(layers.get(layer));
  }

  private Path file(Map<String, Object> descriptor) {
    String digest = String.valueOf(descriptor.get("digest"));
    return directory.resolve("blobs").resolve(digest.replace(':', '/'));
  }

  private Map<String, Object> manifest(Map<String, Object> config) throws IOException {
    Map<String, Object> written =
        Map.of(
            "architecture",
            architecture,
            "os",
            "linux",
            "config",
            config,
            "rootfs",
            Map.of("type", "layers", "diff_ids", unpacked));
    Map<String, Object> manifest =
        Map.of(
            "schemaVersion",
            2,
            "config",
            blob(OCI + "config.v1+json", JSON.writeValueAsBytes(written)),
            "layers",
            layers);
    return blob(OCI + "manifest.v1+json", JSON.writeValueAsBytes(manifest));
  }

  private LayoutMaker write() throws IOException {
    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.write(
        directory.resolve("index.json"),
        JSON.writeValueAsBytes(Map.of("schemaVersion", 2, "manifests", index)));
    return this;
  }

  private Map<String, Object> blob(String mediaType, byte[] content) throws IOException {
    Map<String, Object> descriptor = new LinkedHashMap<>();
    descriptor.put("mediaType", mediaType);
    descriptor.put("digest", "sha256:" + sha256(content));
    descriptor.put("size", content.length);
    Files.write(file(descriptor), content);
    return descriptor;
  }

  private static String sha256(byte[] content) throws IOException {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }
}
