/**
 * Container images as disks: where they are kept, reading them, merging their layers.
 *
 * <p>An image comes from a directory (an OCI image layout), an archive ({@code docker save}) or a
 * registry. Its layers are merged, as an ordinary user, into one read-only disk that all guests of
 * it share. The disk has two entries: {@code root}, the merged file system, and {@code config},
 * which tells the guest's agent what to run in it. An image is hostile until the opposite is known:
 * whatever it holds, nothing is written beside the store.
 *
 * <p>Formats: the OCI Image Format Specification 1.1, and Docker's Image Manifest Version 2.
 */
@NullMarked
package dev.topology.image.oci;

import org.jspecify.annotations.NullMarked;
