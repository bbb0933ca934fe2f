package io.laoke.segment;

import io.laoke.segment.Condition.Equal;
import io.laoke.segment.Condition.In;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A text that may be encrypted, and has a keyed hash beside it by which equal ones are found.
 *
 * @param text the sealed text; searched by its letters only where nothing is encrypted
 * @param hash the column of its hash
 * @param hashed gives the hash of a text
 */
record SealedText(Scalar text, String hash, UnaryOperator<String> hashed) implements Cell {
  @Override
  public String holds(Condition condition, Binds binds) {
    return isEquality(condition)
        ? new Scalar(hash, FieldType.CODE, false, null).holds(ofHashes(condition), binds)
        : text.holds(condition, binds);
  }

  @Override
  public String fails(Condition condition, Binds binds) {
    return isEquality(condition)
        ? new Scalar(hash, FieldType.CODE, false, null).fails(ofHashes(condition), binds)
        : text.fails(condition, binds);
  }

  private static boolean isEquality(Condition condition) {
    return condition instanceof Equal || condition instanceof In;
  }

  private Condition ofHashes(Condition condition) {
    return condition instanceof Equal equal
        ? new Equal(hashed.apply((String) equal.value()))
        : new In(hashes(((In) condition).values()));
  }

  private List<Object> hashes(List<Object> texts) {
    return texts.stream().map(text -> (Object) hashed.apply((String) text)).toList();
  }
}
