package dev.topology.image;

/**
 * A package that a build downloads.
 *
 * @param name the package's name
 * @param version its version
 * @param bytes its size
 */
public record PackageDownload(String name, String version, long bytes) {}
