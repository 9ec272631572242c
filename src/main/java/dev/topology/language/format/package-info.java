/**
 * The usual layout of a topology file: indentation, spacing, blank lines, quotes where they are
 * needed, and nothing else.
 *
 * <p>{@link dev.topology.language.format.UsualLayout} is the way in. A text is cut into {@code
 * Piece}s, the tokens of YAML with the comments and blank lines before them; {@code Layout} puts
 * the pieces down again, each where it belongs; {@code SameMeaning} refuses a result that does not
 * say the same. Scalars, comments and anchors are never made anew, only moved, so that none can be
 * lost.
 *
 * <p>Imports {@code source}, {@code model} and {@code load}.
 */
@NullMarked
package dev.topology.language.format;

import org.jspecify.annotations.NullMarked;
