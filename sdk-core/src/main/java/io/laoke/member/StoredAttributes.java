package io.laoke.member;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Upserted;
import io.laoke.catalog.Keys;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

final class StoredAttributes implements Attributes {
  private static final int MOST = 200;

  private final Database database;
  private final Tenant tenant;
  private final FieldTypes types;
  private final AttributeTable values;
  private final Supplier<Set<String>> reserved;
  private final Clock clock;

  StoredAttributes(
      Database database,
      Tenant tenant,
      FieldTypes types,
      AttributeTable values,
      Supplier<Set<String>> reserved,
      Clock clock) {
    this.database = database;
    this.tenant = tenant;
    this.types = types;
    this.values = values;
    this.reserved = reserved;
    this.clock = clock;
  }

  @Override
  public Upserted put(AttributeType type) {
    notNull("type", type);
    if (reserved.get().contains(type.name())) {
      throw new InvalidInputException(
          "name",
          "must not be that of a built-in field, was '%s'; give the attribute another name"
              .formatted(type.name()));
    }
    Instant now = clock.instant();
    return database.write("declare an attribute", tx -> put(tx, type, now));
  }

  private Upserted put(Tx tx, AttributeType type, Instant now) {
    if (types.attribute(tx, tenant, type.name()).equals(Optional.of(type))) {
      return Upserted.UNCHANGED;
    }
    types.lockAttributes(tx, tenant, now);
    List<AttributeType> declared = types.attributes(tx, tenant);
    Optional<AttributeType> was =
        declared.stream().filter(one -> one.name().equals(type.name())).findFirst();
    if (was.equals(Optional.of(type))) {
      return Upserted.UNCHANGED;
    }
    if (was.isEmpty() && declared.size() >= MOST) {
      throw new ConflictException(
          "Attribute '%s' cannot be declared: dealer '%s' has declared %d, which is the most. Withdraw one that nobody uses first: take it back with attributes().withdraw."
              .formatted(type.name(), tenant.code(), MOST));
    }
    refuseMisfits(tx, was, type);
    types.put(tx, tenant, type, was.isPresent(), now);
    return was.isPresent() ? Upserted.CHANGED : Upserted.CREATED;
  }

  private void refuseMisfits(Tx tx, Optional<AttributeType> was, AttributeType type) {
    List<String> misfits = new ArrayList<>();
    Map<String, Long> kinds = values.kinds(tx, tenant, type.name());
    kinds.forEach(
        (kind, members) -> {
          if (!kind.equals(type.type().kind())) {
            misfits.add(members + " have a value of kind " + kind);
          }
        });
    if (kinds.containsKey(type.type().kind())) {
      misfits.addAll(misfitsOfItsKind(tx, was, type, kinds.get(type.type().kind())));
    }
    if (!misfits.isEmpty()) {
      throw new ConflictException(
          "Attribute '%s' cannot be declared %s while members have other values: %s. Put values that fit, or take them away with Attribute.nothing(), then declare it; or declare another name."
              .formatted(type.name(), type.type(), String.join(", ", misfits)));
    }
  }

  private List<String> misfitsOfItsKind(
      Tx tx, Optional<AttributeType> was, AttributeType type, long members) {
    return switch (type.type()) {
      case INTEGER, MONEY -> {
        long broken = values.fractions(tx, tenant, type.name());
        if (was.isPresent() && was.get().type() != type.type()) {
          yield List.of(members + " have a value that was declared " + was.get().type());
        }
        yield broken == 0 ? List.of() : List.of(broken + " have a number with places");
      }
      case CODE -> {
        Set<String> codes =
            type.choices().stream().map(AttributeType.Choice::code).collect(Collectors.toSet());
        yield values.codes(tx, tenant, type.name()).entrySet().stream()
            .filter(one -> !codes.contains(one.getKey()))
            .map(one -> one.getValue() + " have the code " + one.getKey())
            .toList();
      }
      case TEXT, FLAG, DATE, INSTANT -> List.of();
    };
  }

  @Override
  public Optional<AttributeType> find(String name) {
    String given = Keys.line("name", name, 64);
    return database.read(
        "read the declaration of an attribute", tx -> types.attribute(tx, tenant, given));
  }

  @Override
  public List<AttributeType> all() {
    return database.read("read the declared attributes", tx -> types.attributes(tx, tenant));
  }

  @Override
  public boolean withdraw(String name) {
    String given = Keys.line("name", name, 64);
    Instant now = clock.instant();
    return database.write(
        "withdraw an attribute",
        tx -> {
          if (types.attribute(tx, tenant, given).isEmpty()) {
            return false;
          }
          types.lockAttributes(tx, tenant, now);
          long members =
              values.kinds(tx, tenant, given).values().stream().mapToLong(Long::longValue).sum();
          if (members > 0) {
            throw new ConflictException(
                "The declaration of attribute '%s' cannot be taken back: %d members have a value of it. Take these away with Attribute.nothing() first, or leave it declared."
                    .formatted(given, members));
          }
          types.removeAttribute(tx, tenant, given);
          return true;
        });
  }
}
