package dev.topology.image;

import dev.topology.image.initramfs.FileTree;
import dev.topology.image.initramfs.Owner;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The guest's users, and the directories that belong to them.
 *
 * <p>Packages make theirs in maintainer scripts, which are never run; those of programs that are
 * worth running in a network are known here, because they end at once without.
 */
final class GuestAccounts {

  /**
   * What a package's maintainer scripts would have made.
   *
   * @param directories where the program keeps its sockets and state
   */
  private record Account(String user, List<String> directories) {}

  private static final Map<String, Account> KNOWN =
      new TreeMap<>(
          Map.of(
              "bird2", new Account("bird", List.of("run/bird")),
              "chrony", new Account("_chrony", List.of("run/chrony", "var/lib/chrony")),
              "dnsmasq-base", new Account("dnsmasq", List.of("var/lib/misc")),
              "frr", new Account("frr", List.of("run/frr", "var/log/frr", "var/tmp/frr")),
              "haproxy", new Account("haproxy", List.of("run/haproxy", "var/lib/haproxy")),
              "keepalived", new Account("keepalived_script", List.of()),
              "nginx-common", new Account("www-data", List.of("var/lib/nginx", "var/log/nginx")),
              "openssh-server", new Account("sshd", List.of()),
              "tcpdump", new Account("tcpdump", List.of())));

  private static final int FIRST_SYSTEM_USER = 100;
  private static final int NOBODY = 65534;

  private GuestAccounts() {}

  /** Adds the account files and directories that some packages need. */
  static void addTo(FileTree tree, Collection<String> packages) {
    StringBuilder users = new StringBuilder();
    StringBuilder groups = new StringBuilder();
    add(users, groups, "root", 0, "/root", "/bin/sh");
    add(users, groups, "nobody", NOBODY, "/nonexistent", "/bin/false");
    int number = FIRST_SYSTEM_USER;
    for (Map.Entry<String, Account> known : KNOWN.entrySet()) {
      // Numbers do not depend on which packages are there, so that files mean the same in every
      // image.
      Owner owner = new Owner(number, number);
      if (packages.contains(known.getKey())) {
        Account account = known.getValue();
        add(users, groups, account.user(), number, "/nonexistent", "/bin/false");
        account.directories().forEach(path -> tree.directory(path, 0755, owner));
      }
      number++;
    }
    if (packages.contains("frr")) {
      groups.append("frrvty:x:").append(number).append(":frr\n");
    }
    if (packages.contains("openssh-server")) {
      // sshd insists that it belongs to root.
      tree.directory("run/sshd", 0755);
    }
    tree.text("etc/passwd", 0644, users.toString());
    tree.text("etc/group", 0644, groups.toString());
  }

  private static void add(
      StringBuilder users, StringBuilder groups, String name, int number, String home, String sh) {
    users.append("%s:x:%d:%d:%s:%s:%s\n".formatted(name, number, number, name, home, sh));
    groups.append("%s:x:%d:\n".formatted(name, number));
  }
}
