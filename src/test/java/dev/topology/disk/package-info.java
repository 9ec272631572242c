@NullMarked
package dev.topology.disk;

import org.jspecify.annotations.NullMarked;
