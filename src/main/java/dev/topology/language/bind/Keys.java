package dev.topology.language.bind;

import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.document.CableDocument.StarDocument;
import dev.topology.language.document.CloudInitDocument;
import dev.topology.language.document.DiskDocument;
import dev.topology.language.document.DocumentType;
import dev.topology.language.document.DocumentType.DocumentKey;
import dev.topology.language.document.HostNetworkDocument;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.PlacementDocument;
import dev.topology.language.document.ReadyDocument;
import dev.topology.language.document.SharedDirectoryDocument;
import dev.topology.language.document.SwitchDocument;
import dev.topology.language.document.TestDocument;
import dev.topology.language.document.TestDocument.StepDocument;
import dev.topology.language.document.TopologyDocument;
import dev.topology.language.value.Nearest;
import dev.topology.language.yaml.Tree;
import dev.topology.language.yaml.Tree.Mapping;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The keys of the language, by the document records they are components of. */
public final class Keys {

  private static final Map<Class<?>, String> SUBJECTS =
      Map.ofEntries(
          Map.entry(TopologyDocument.class, "a topology"),
          Map.entry(NodeDocument.class, "a node"),
          Map.entry(HostNetworkDocument.Settings.class, "\"host_network\""),
          Map.entry(SharedDirectoryDocument.class, "a share"),
          Map.entry(ReadyDocument.class, "\"ready\""),
          Map.entry(DiskDocument.class, "a disk"),
          Map.entry(CloudInitDocument.class, "\"cloud_init\""),
          Map.entry(SwitchDocument.class, "a switch"),
          Map.entry(CableDocument.class, "a cable"),
          Map.entry(StarDocument.class, "a star"),
          Map.entry(EndDocument.class, "the end of a cable"),
          Map.entry(PlacementDocument.class, "\"placement\""),
          Map.entry(TestDocument.class, "a test"),
          Map.entry(StepDocument.class, "a step"));

  private static final Map<Class<?>, String> EXAMPLES =
      Map.of(
          TopologyDocument.class, "\"nodes: {left: {}, right: {}}\"",
          NodeDocument.class, "{memory: 256MiB}",
          DiskDocument.class, "data.qcow2",
          SwitchDocument.class, "[a, b, c]",
          CableDocument.class, "[left, right]",
          StarDocument.class, "{hub: a, leaves: [b, c]}",
          EndDocument.class, "left:eth1",
          PlacementDocument.class, "{machines: 4}",
          TestDocument.class, "{name: it answers, steps: [{node: left, run: ping -c 1 right}]}",
          StepDocument.class, "{node: left, run: ping -c 1 right}");

  /** What users of other tools write, and what it is called here: the first that is a key there. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("links", "cables"),
          Map.entry("edges", "cables"),
          Map.entry("wires", "cables"),
          Map.entry("bridges", "switches"),
          Map.entry("hubs", "switches"),
          Map.entry("lans", "switches"),
          Map.entry("networks", "switches"),
          Map.entry("vms", "nodes"),
          Map.entry("machines", "nodes"),
          Map.entry("services", "nodes"),
          Map.entry("mem", "memory"),
          Map.entry("ram", "memory"),
          Map.entry("mem_limit", "memory"),
          Map.entry("architecture", "arch"),
          Map.entry("platform", "arch"),
          Map.entry("vcpu", "cpus"),
          Map.entry("vcpus", "cpus"),
          Map.entry("smp", "cpus"),
          Map.entry("initrd", "initramfs"),
          Map.entry("append", "cmdline"),
          Map.entry("kernel_args", "cmdline"),
          Map.entry("volumes", "shares"),
          Map.entry("binds", "shares"),
          Map.entry("mounts", "shares"),
          Map.entry("drives", "disks"),
          Map.entry("authorized_keys", "ssh_keys"),
          Map.entry("ssh_authorized_keys", "ssh_keys"),
          Map.entry("user-data", "user_data"),
          Map.entry("cloud-init", "cloud_init"),
          Map.entry("card", "nic"),
          Map.entry("bios", "firmware"),
          Map.entry("uefi", "firmware"),
          Map.entry("bootloader", "boot"),
          Map.entry("boot_mode", "firmware"),
          Map.entry("hda", "disks"),
          Map.entry("path", "file host"),
          Map.entry("source", "file host"),
          Map.entry("directory", "host"),
          Map.entry("mode", "write"),
          Map.entry("writable", "write"),
          Map.entry("serial", "name"),
          Map.entry("controller", "bus"),
          Map.entry("capacity", "size"),
          Map.entry("mountpoint", "mount"),
          Map.entry("cmd", "command"),
          Map.entry("post_start", "exec"),
          Map.entry("setup", "exec"),
          Map.entry("entrypoint", "command"),
          Map.entry("healthcheck", "ready"),
          Map.entry("environment", "env"),
          Map.entry("variables", "env"),
          Map.entry("sysctl", "sysctls"),
          Map.entry("kernel_modules", "modules"),
          Map.entry("modprobe", "modules"),
          Map.entry("timeout", "within"),
          Map.entry("affinity", "together placement"),
          Map.entry("anti_affinity", "apart"),
          Map.entry("hosts", "machines"),
          Map.entry("checks", "tests"),
          Map.entry("scenarios", "tests"),
          Map.entry("exec", "run"),
          Map.entry("disconnect", "cut"),
          Map.entry("connect", "join"),
          Map.entry("sleep", "wait"),
          Map.entry("reboot", "restart"),
          Map.entry("output", "expect"),
          Map.entry("match", "expect"),
          Map.entry("exit_code", "status"),
          Map.entry("retry", "within"),
          Map.entry("replicas", "count"),
          Map.entry("scale", "count"),
          Map.entry("copies", "count"),
          Map.entry("chain", "line"),
          Map.entry("loop", "ring"),
          Map.entry("full_mesh", "mesh"),
          Map.entry("center", "hub"),
          Map.entry("centre", "hub"),
          Map.entry("spokes", "leaves"),
          Map.entry("endpoints", "ends"),
          Map.entry("latency", "delay"),
          Map.entry("bandwidth", "rate"),
          Map.entry("tap", "host"),
          Map.entry("remote", "udp"),
          Map.entry("peer", "udp"),
          Map.entry("local_port", "listen"),
          Map.entry("iface", "interface"),
          Map.entry("ip", "address"),
          Map.entry("addresses", "address"),
          Map.entry("ipv4", "address"));

  /** What other tools ask for that is so by itself here. */
  private static final Set<String> READ_ONLY = Set.of("readonly", "read_only", "ro");

  /** A hint lists all keys of a document if there are no more than this. */
  private static final int FEW = 8;

  private Keys() {}

  /** What a document is of: {@code a node}. */
  static String subject(Class<?> document) {
    return SUBJECTS.getOrDefault(document, "this");
  }

  /** The key of a record's component. */
  static String keyOf(Class<?> document, String component) {
    return keys(document).stream()
        .filter(it -> it.component().getName().equals(component))
        .map(DocumentKey::name)
        .findFirst()
        .orElse(component);
  }

  /** Whether a key may be written without a value, which then is an empty list or map. */
  static boolean mayBeEmpty(Class<?> document, String key) {
    Class<?> type =
        find(document, key).<Class<?>>map(it -> it.component().getType()).orElse(Object.class);
    return Map.class.isAssignableFrom(type)
        || Collection.class.isAssignableFrom(type)
        || SUBJECTS.containsKey(type);
  }

  public static boolean has(Class<?> document, String key) {
    return find(document, key).isPresent();
  }

  /** The key with a value, as it may be written. */
  public static Optional<String> example(Class<?> document, String key) {
    return find(document, key).map(it -> key + ": " + it.about().example());
  }

  /** The innermost key of the language on the way to a place, with a value. */
  public static Optional<String> example(Class<?> document, TreePath path) {
    Class<?> owner = document;
    Optional<String> example = Optional.empty();
    for (Object step : path.steps()) {
      Optional<DocumentKey> key = find(owner, step.toString());
      if (key.isPresent()) {
        example = example(owner, key.get().name());
        owner = documentIn(key.get());
      }
    }
    return example;
  }

  /** What a key holds, by itself or as a list of it. */
  private static Class<?> documentIn(DocumentKey key) {
    Type type = key.component().getGenericType();
    return type instanceof ParameterizedType generic
            && generic.getActualTypeArguments()[0] instanceof Class<?> item
        ? item
        : key.component().getType();
  }

  /** How a whole document may be written. */
  public static Optional<String> example(Class<?> document) {
    return Optional.ofNullable(EXAMPLES.get(document)).map(it -> "such as " + it);
  }

  /** Whether one of the keys that a mapping has wrongly is likely to mean that one. */
  public static boolean isMeant(String key, Class<?> document, Tree tree) {
    return tree instanceof Mapping mapping
        && mapping.entries().keySet().stream()
            .filter(it -> !has(document, it))
            .anyMatch(it -> nearest(document, it).filter(key::equals).isPresent());
  }

  /** What to do about a key that a document does not have. */
  public static Optional<String> suggest(Class<?> document, String key) {
    if (READ_ONLY.contains(key.toLowerCase(Locale.ROOT)) && has(document, "write")) {
      return Optional.of("it is read-only, unless \"write: true\" is there");
    }
    return nearest(document, key)
        .map(it -> "did you mean \"" + it + "\"?")
        .or(() -> home(key))
        .or(() -> choices(document));
  }

  private static Optional<String> nearest(Class<?> document, String key) {
    return Stream.of(ELSEWHERE.getOrDefault(key.toLowerCase(Locale.ROOT), "").split(" ", -1))
        .filter(it -> has(document, it))
        .findFirst()
        .or(() -> Nearest.to(key, names(document)));
  }

  private static Optional<String> choices(Class<?> document) {
    List<String> keys = names(document);
    return keys.isEmpty() || keys.size() > FEW
        ? Optional.empty()
        : Optional.of("its keys are " + String.join(", ", keys));
  }

  private static Optional<String> home(String key) {
    return List.of(
            NodeDocument.class,
            CableDocument.class,
            SwitchDocument.class,
            EndDocument.class,
            StarDocument.class,
            TopologyDocument.class,
            ReadyDocument.class,
            DiskDocument.class,
            CloudInitDocument.class,
            HostNetworkDocument.Settings.class,
            SharedDirectoryDocument.class,
            PlacementDocument.class,
            TestDocument.class,
            StepDocument.class)
        .stream()
        .filter(it -> has(it, key))
        .findFirst()
        .map(
            it ->
                it == TopologyDocument.class
                    ? "it belongs at the top level"
                    : "it belongs in " + subject(it));
  }

  private static List<String> names(Class<?> document) {
    return keys(document).stream().map(DocumentKey::name).toList();
  }

  /** None of what is no document, such as a text. */
  private static List<DocumentKey> keys(Class<?> document) {
    return type(document).map(DocumentType::keys).orElse(List.of());
  }

  private static Optional<DocumentKey> find(Class<?> document, String key) {
    return type(document).flatMap(it -> it.key(key));
  }

  private static Optional<DocumentType<?>> type(Class<?> document) {
    return SUBJECTS.containsKey(document)
        ? Optional.of(DocumentType.of(document.asSubclass(Record.class)))
        : Optional.empty();
  }
}
