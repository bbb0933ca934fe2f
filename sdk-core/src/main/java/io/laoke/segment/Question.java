package io.laoke.segment;

/**
 * A segment that was found right, ready to be answered.
 *
 * @param canonical sugar gone, nested all and any flattened, references expanded; node for node as
 *     {@code node}
 * @param node the same with everything relative made absolute
 * @param hash of the canonical form
 */
record Question(Segment canonical, Node node, String hash) {}
