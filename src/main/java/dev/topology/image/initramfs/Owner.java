package dev.topology.image.initramfs;

/**
 * Who owns a file in the guest.
 *
 * @param user the numeric user, 0 for root
 * @param group the numeric group, 0 for root
 */
public record Owner(int user, int group) {

  public static final Owner ROOT = new Owner(0, 0);
}
