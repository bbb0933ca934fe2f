package io.laoke.segment;

import java.util.List;

/** Where collections have their rows. */
interface Branches {
  /**
   * The branches, made anew for each query.
   *
   * @param sums whether something is added up
   * @param single whether the net amount of single rows is asked for
   */
  List<Branch> of(CollectionDef collection, Scope scope, boolean sums, boolean single, Binds binds);
}
