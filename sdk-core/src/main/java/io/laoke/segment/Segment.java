package io.laoke.segment;

import static io.laoke.base.Check.notNull;

import java.util.List;
import java.util.Optional;

/**
 * A question about members, as a tree. It is data: what its names mean, and whether they are right,
 * is decided when a dealer's {@link Segments} is given it. Immutable.
 *
 * <p>Every part is true or false of a member, never unknown: on a missing value all but {@code
 * missing} is false, and {@link Not} is the plain complement.
 */
public sealed interface Segment {
  /** True if all parts are; empty: true. */
  record All(List<Segment> of) implements Segment {
    /** Copies. */
    public All {
      of = List.copyOf(notNull("of", of));
    }
  }

  /** True if one of the parts is; empty: false. */
  record Any(List<Segment> of) implements Segment {
    /** Copies. */
    public Any {
      of = List.copyOf(notNull("of", of));
    }
  }

  /** True if the part is not. */
  record Not(Segment of) implements Segment {
    /** Checks. */
    public Not {
      notNull("of", of);
    }
  }

  /**
   * A value of the member, or of one row within an aggregate's {@code where}.
   *
   * @param field its name, as {@code describe()} lists it
   * @param op what is asked of it
   * @param value with what it is compared; {@link Operand.None} for exists and missing
   */
  record Field(String field, Op op, Operand value) implements Segment {
    /** Checks. */
    public Field {
      notNull("field", field);
      notNull("op", op);
      notNull("value", value);
    }
  }

  /**
   * What a member's rows of a collection come to.
   *
   * @param agg how
   * @param of the collection
   * @param field of which field of its rows; empty for count
   * @param where which rows; made of Field, All, Any and Not
   * @param during rows of which time
   * @param scope whether cancelled and returned documents are rows, too
   * @param op what is asked of the result
   * @param value with what it is compared
   */
  record Agg(
      Aggregation agg,
      String of,
      Optional<String> field,
      Optional<Segment> where,
      Optional<Window> during,
      Scope scope,
      Op op,
      Operand value)
      implements Segment {
    /** Checks. */
    public Agg {
      notNull("agg", agg);
      notNull("of", of);
      notNull("field", field);
      notNull("where", where);
      notNull("during", during);
      notNull("scope", scope);
      notNull("op", op);
      notNull("value", value);
    }
  }

  /** True if the member is in a saved segment. */
  record InSegment(String key) implements Segment {
    /** Checks. */
    public InSegment {
      notNull("key", key);
    }
  }

  /**
   * True if the member's stable number of 0 to 9999, which the salt chooses, is in a range.
   *
   * @param salt any text; another salt deals the members anew
   * @param from the least number
   * @param to the number behind the last
   */
  record Bucket(String salt, int from, int to) implements Segment {
    /** Checks. */
    public Bucket {
      notNull("salt", salt);
    }
  }

  /** True. */
  record Everyone() implements Segment {}
}
