package dev.topology.language.containerlab;

import dev.topology.language.containerlab.Import.Findings;
import dev.topology.language.containerlab.Value.Entry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Which keys of containerlab's have a counterpart, and what is said about those that have none. */
final class Counterparts {

  private record Words(String why, String advice) {}

  /** Keys that become something, or are reported where they are read. */
  private static final Set<String> TRANSLATED =
      Set.of(
          "kind",
          "image",
          "group",
          "exec",
          "healthcheck",
          "env",
          "binds",
          "ports",
          "cmd",
          "memory",
          "cpu",
          "sysctls",
          "stages",
          "wait-for",
          "network-mode");

  private static final Map<String, Words> UNTRANSLATED = new HashMap<>();

  static {
    say(
        "it configures a network operating system, which the node does not run",
        "give the node an image that runs it, and put the file there with \"files\"",
        "startup-config",
        "enforce-startup-config",
        "suppress-startup-config",
        "config",
        "license",
        "type",
        "components",
        "extras");
    say(
        "nodes have no management network that they share",
        "each has the host network for itself; \"ports\" lead into it",
        "mgmt-ipv4",
        "mgmt-ipv6",
        "mgmt_ipv4",
        "mgmt_ipv6",
        "mgmt",
        "dns",
        "aliases");
    say(
        "a node is a machine of its own, not a process of this host",
        "leave it out",
        "runtime",
        "cpu-set",
        "shm-size",
        "cap-add",
        "devices",
        "privileged",
        "sandbox",
        "kernel",
        "security-opt",
        "auto-remove",
        "restart-policy",
        "prefix");
    say(
        "it is the one that the image names",
        "make an image that names another",
        "user",
        "entrypoint");
    say(
        "an image is fetched when it is not there",
        "fetch it anew with: topology image pull NAME",
        "image-pull-policy");
    say(
        "nodes have no labels",
        "write comments, or use \"groups\"",
        "labels",
        "position",
        "graph-icon",
        "graph-posX",
        "graph-posY");
    say(
        "it is no key of a topology",
        "wait with \"depends_on\" for nodes that are ready by \"ready\"",
        "startup-delay");
    say("no variables are read from files", "set them in \"env\"", "env-files");
    say(
        "no certificates are made",
        "make them beforehand, and put them there with \"files\"",
        "certificate",
        "SANs");
    say(
        "nothing is published beyond this host",
        "use \"ports\", and a tunnel of your choice",
        "publish");
  }

  private Counterparts() {}

  private static void say(String why, String advice, String... keys) {
    for (String key : keys) {
      UNTRANSLATED.put(key, new Words(why, advice));
    }
  }

  /** Reports the keys of a node, a kind, a group or the defaults that nothing is made of. */
  static void report(Value keys, Findings findings) {
    for (Entry entry : keys.entries()) {
      if (!TRANSLATED.contains(entry.name())) {
        report(entry, findings);
      }
    }
  }

  /** Reports one key. */
  static void report(Entry entry, Findings findings) {
    Words words =
        UNTRANSLATED.getOrDefault(
            entry.name(),
            new Words("it has no counterpart here", "see the reference for what there is"));
    findings.add(entry.key(), entry.name(), words.why(), words.advice());
  }
}
