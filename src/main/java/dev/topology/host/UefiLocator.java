package dev.topology.host;

import com.fasterxml.jackson.databind.JsonNode;
import dev.topology.model.Architecture;
import dev.topology.plan.HostFacts.UefiFirmware;
import dev.topology.text.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Finds a UEFI by what packages of firmware say of themselves: files in one directory,
 * docs/interop/firmware.json of QEMU. The first that fits is taken, in the order of their names.
 */
final class UefiLocator {

  static final String VARIABLE = "TOPOLOGY_FIRMWARE";

  /** One for guests of an architecture. */
  static String howToInstall(Architecture guests) {
    return switch (guests) {
      case AMD64 ->
          """
          install it:
            Debian, Ubuntu   apt-get install ovmf
            Fedora           dnf install edk2-ovmf
            Alpine           apk add ovmf
            Arch             pacman -S edk2-ovmf""";
      case ARM64 ->
          """
          install it:
            Debian, Ubuntu   apt-get install qemu-efi-aarch64
            Fedora           dnf install edk2-aarch64
            Alpine           apk add aavmf
            Arch             pacman -S edk2-aarch64""";
    };
  }

  /** As there, a file in the first hides one of its name in the second. */
  private static final List<Path> PLACES =
      List.of(Path.of("/etc/qemu/firmware"), Path.of("/usr/share/qemu/firmware"));

  /** What takes more of a machine than ours has, or trusts only what others have signed. */
  private static final Set<String> UNFIT =
      Set.of("requires-smm", "secure-boot", "enrolled-keys", "intel-tdx");

  private final List<Path> places;

  /**
   * @param environment {@code TOPOLOGY_FIRMWARE} names another directory, in place of the usual
   *     ones
   */
  UefiLocator(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    this.places = named.isEmpty() ? PLACES : List.of(Path.of(named).toAbsolutePath());
  }

  /** Where it looks. */
  List<Path> places() {
    return places;
  }

  /** One for guests of an architecture. Reads some small files. */
  Optional<UefiFirmware> locate(Architecture guests) {
    Map<String, Path> descriptions = new TreeMap<>();
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        try (Stream<Path> files = Files.list(place)) {
          files
              .filter(it -> it.toString().endsWith(".json"))
              .forEach(it -> descriptions.putIfAbsent(it.getFileName().toString(), it));
        } catch (IOException unreadable) {
          // The others may do.
        }
      }
    }
    return descriptions.values().stream().flatMap(it -> described(it, guests).stream()).findFirst();
  }

  private static Optional<UefiFirmware> described(Path description, Architecture guests) {
    try {
      return JsonTree.readObject(Files.readString(description))
          .filter(it -> fits(it, guests))
          .map(json -> json.path("mapping"))
          .flatMap(UefiLocator::files);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static boolean fits(JsonNode json, Architecture guests) {
    boolean isAmd64 = guests == Architecture.AMD64;
    boolean isForOurs =
        elements(json.path("targets"))
            .filter(it -> it.path("architecture").asText().equals(isAmd64 ? "x86_64" : "aarch64"))
            .flatMap(it -> elements(it.path("machines")))
            .anyMatch(it -> it.asText().startsWith(isAmd64 ? "pc-q35" : "virt"));
    return isForOurs
        && elements(json.path("interface-types")).anyMatch(it -> it.asText().equals("uefi"))
        && elements(json.path("features")).noneMatch(it -> UNFIT.contains(it.asText()));
  }

  private static Optional<UefiFirmware> files(JsonNode mapping) {
    JsonNode code = mapping.path("executable");
    JsonNode variables = mapping.path("nvram-template");
    if (!isRaw(code) || !isRaw(variables)) {
      return Optional.empty();
    }
    return Optional.of(
            new UefiFirmware(
                Path.of(code.path("filename").asText()),
                Path.of(variables.path("filename").asText())))
        .filter(it -> Files.isReadable(it.code()) && Files.isReadable(it.variables()));
  }

  private static boolean isRaw(JsonNode file) {
    return file.path("format").asText().equals("raw") && file.path("filename").isTextual();
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
