/**
 * Measurements, apart from the tests: each row is measured in interleaved repetitions and told by
 * its median.
 */
package dev.topology.bench;
