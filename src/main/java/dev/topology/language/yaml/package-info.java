/**
 * From the text of a file to a {@link dev.topology.language.yaml.Tree}: scalars, lists and maps,
 * each with its place. Aliases are resolved, merge keys merged and variables filled in; no value
 * has a meaning yet. What is wrong goes to a {@link dev.topology.language.yaml.Report}.
 *
 * <p>The only place that knows the YAML parser. Imports {@code source} and {@code value}, for what
 * a misspelt name may mean.
 */
@NullMarked
package dev.topology.language.yaml;

import org.jspecify.annotations.NullMarked;
