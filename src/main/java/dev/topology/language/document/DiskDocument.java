package dev.topology.language.document;

import dev.topology.language.value.HostPath;
import dev.topology.language.value.ValueType;
import dev.topology.model.Disk;
import dev.topology.model.Memory;
import org.jspecify.annotations.Nullable;

/** A disk of a node, as written in its long form; the short one is the file alone. */
public record DiskDocument(
    @Key(
            value =
                "An image of a disk on the host, raw or qcow2, or a block device such as `/dev/sdb`. "
                    + "Without it the disk is empty and has a `size`.",
            example = "data.qcow2",
            without = "an empty disk",
            type = ValueType.HOST_PATH)
        @Nullable HostPath file,
    @Key(
            value =
                "The disk is `/dev/disk/by-id/virtio-NAME` in the guest: 1 to 20 letters, digits, "
                    + "`.`, `_` and `-`. It is its serial number.",
            example = "data",
            without = "`disk1`, `disk2`, … by its place in the list",
            type = ValueType.DISK_NAME)
        @Nullable String name,
    @Key(
            value =
                "Where what the guest writes goes to: `overlay`, beside the run, and gone with it; "
                    + "`write`, into the file; `read`, nowhere.",
            example = "overlay",
            byDefault = "overlay")
        Disk.@Nullable Mode mode,
    @Key(
            value = "How the disk is arranged in its file.",
            example = "raw",
            without = "`qcow2` if the file begins as one, else `raw`")
        Disk.@Nullable Format format,
    @Key(
            value =
                "Whether a qcow2 file may have a backing file, which it names itself: any file of "
                    + "the host that this user can read.",
            example = "true",
            byDefault = "false")
        @Nullable Boolean backing,
    @Key(
            value =
                "How large an empty disk is; an `overlay` of a file is seen to be that large. It takes "
                    + "only the room that is written.",
            example = "10GiB",
            without = "the file's",
            type = ValueType.MEMORY)
        @Nullable Memory size,
    @Key(
            value =
                "How the disk of a node that boots from its own disk is plugged in, where its system "
                    + "has no driver for `virtio`.",
            example = "sata",
            byDefault = "virtio")
        Disk.@Nullable DiskBus bus,
    @Key(
            value =
                "A directory of the guest where the disk's file system is mounted. An empty disk is "
                    + "given one: ext4.",
            example = "/data",
            without = "not mounted",
            type = ValueType.GUEST_PATH)
        @Nullable String mount) {

  /** The short form. */
  public static DiskDocument of(HostPath file) {
    return new DiskDocument(file, null, null, null, null, null, null, null);
  }
}
