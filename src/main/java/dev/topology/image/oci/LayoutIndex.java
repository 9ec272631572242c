package dev.topology.image.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.image.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The {@code index.json} of our own image layout: which image each reference is. Written as a
 * whole, under the store's lock.
 *
 * @param layout the layout's directory
 */
record LayoutIndex(Path layout) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "index.json";

  /** Each image that has a name. */
  List<ContentDescriptor> all() throws IOException, ImageException {
    return ContentDescriptor.list(read().path("manifests"));
  }

  Optional<ContentDescriptor> find(String name) throws IOException, ImageException {
    return all().stream().filter(it -> it.name().equals(Optional.of(name))).findFirst();
  }

  /** Keeps a document, by its digest, as a part of the layout. */
  void keep(Digest digest, byte[] document) throws IOException {
    Path place = layout.resolve(ImageParts.path(digest));
    Files.createDirectories(place.getParent());
    Files.write(place, document);
  }

  /** Gives a name to an image, and takes it from the one that has it. */
  void put(String name, ContentDescriptor image) throws IOException, ImageException {
    ObjectNode index = without(name);
    ObjectNode entry = index.withArray("manifests").addObject();
    ContentDescriptor.put(entry, image.mediaType(), image.digest(), image.size());
    entry.putObject("annotations").put(ContentDescriptor.NAME, name);
    write(index);
  }

  /**
   * Takes a name away, and all parts that no other image has.
   *
   * @return whether there was an image of that name
   */
  boolean remove(String name) throws IOException, ImageException {
    if (find(name).isEmpty()) {
      return false;
    }
    write(without(name));
    Set<String> used = new HashSet<>();
    for (ContentDescriptor each : all()) {
      addParts(each.digest(), used);
    }
    Path blobs = layout.resolve("blobs/sha256");
    try (Stream<Path> files = Files.list(blobs)) {
      for (Path file : files.toList()) {
        if (!used.contains(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
    return true;
  }

  /** A document and what it names; of a list, the images that are there. */
  private void addParts(Digest digest, Set<String> used) throws IOException, ImageException {
    Path file = layout.resolve(ImageParts.path(digest));
    if (!used.add(digest.hex()) || !Files.exists(file)) {
      return;
    }
    JsonNode document = ContainerImage.json(Files.readAllBytes(file), digest.toString());
    for (ContentDescriptor each : ContentDescriptor.list(document.path("manifests"))) {
      addParts(each.digest(), used);
    }
    if (document.has("config")) {
      used.add(ContentDescriptor.of(document.path("config")).digest().hex());
      ContentDescriptor.list(document.path("layers")).forEach(it -> used.add(it.digest().hex()));
    }
  }

  private ObjectNode without(String name) throws IOException, ImageException {
    ObjectNode index = JSON.createObjectNode();
    index.put("schemaVersion", 2);
    ArrayNode kept = index.putArray("manifests");
    List<JsonNode> entries = new ArrayList<>();
    read().path("manifests").forEach(entries::add);
    entries.stream()
        .filter(it -> !it.path("annotations").path(ContentDescriptor.NAME).asText().equals(name))
        .forEach(kept::add);
    return index;
  }

  private JsonNode read() throws IOException, ImageException {
    Path file = layout.resolve(FILE);
    return Files.exists(file)
        ? ContainerImage.json(Files.readAllBytes(file), file.toString())
        : JSON.createObjectNode();
  }

  private void write(ObjectNode index) throws IOException {
    Files.createDirectories(layout);
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}\n");
    Path part = Files.write(layout.resolve(FILE + ".part"), JSON.writeValueAsBytes(index));
    Files.move(part, layout.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }
}
