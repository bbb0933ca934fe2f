package io.laoke.member;

import io.laoke.base.Upserted;
import java.util.List;
import java.util.Optional;

/**
 * What one dealer declares of the attributes of its members, so that segments can ask for them with
 * a type and people see them under a label. Values are written by {@link MemberProfile#attributes}
 * and {@link Members#attributes(long, java.util.Map)}. An attribute that is not declared has values
 * of any kind. Safe for use by many threads; joins the host's transaction where there is one.
 */
public interface Attributes {
  /**
   * Declares an attribute, or declares it anew. Repeating changes no row. From then on a value of
   * another type is refused; so is this call while members have such values, those written by
   * transactions under way among them: on MySQL, MariaDB and PostgreSQL it waits for these. On H2 a
   * value that is being written at this moment may stay, and counts as missing. Costs a few
   * statements, and a look at all values of that attribute.
   *
   * @throws io.laoke.error.InvalidInputException if a built-in field has that name
   * @throws io.laoke.error.ConflictException if members have values that do not fit, with how many;
   *     or if 200 are declared already
   */
  Upserted put(AttributeType type);

  /** The declaration of that attribute. */
  Optional<AttributeType> find(String name);

  /** All declarations, by name. */
  List<AttributeType> all();

  /**
   * Takes back a declaration that no member has a value of.
   *
   * @return whether it was declared
   * @throws io.laoke.error.ConflictException if members have values of it, with how many
   */
  boolean withdraw(String name);
}
