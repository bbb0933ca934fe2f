package io.laoke.inbox;

import io.laoke.base.Phone;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import io.laoke.order.OrderBook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes people who were erased out of rows that stay. Who they were nobody knows any more: the
 * tombstones of their numbers and phones tell, and the mark of their orders.
 */
final class ErasedPeople {
  /** What is said of a row that ends. */
  static final String WORDS = "The person it speaks of was erased.";

  private static final Pattern QUOTED = Pattern.compile("\"([^\"\\\\]{1,64})\"");

  /** In what is no JSON anything may be a number. */
  private static final int MOST_QUOTED = 1_000;

  /** Shorter words are in anything. */
  private static final int SHORTEST = 2;

  private final FactReader reader;
  private final MemberBook members;
  private final OrderBook orders;

  ErasedPeople(FactReader reader, MemberBook members, OrderBook orders) {
    this.reader = reader;
    this.members = members;
    this.orders = orders;
  }

  /** Whom a row may name. */
  record Named(
      Set<String> customerNos, Set<Phone> phones, Set<String> orderNos, boolean readable) {}

  /**
   * What of a row is of people who were erased.
   *
   * @param theirs whether all is that it says of people, or else only these phones
   */
  record Found(boolean theirs, Set<String> customerNos, Set<Phone> phones) {}

  /**
   * What is left of a row.
   *
   * @param fact empty if nothing may be
   * @param gone what was taken away
   */
  record Rest(Optional<String> fact, Set<String> gone) {
    boolean quotedIn(@Nullable String words) {
      return words != null && gone.stream().anyMatch(words::contains);
    }
  }

  /** Whom a row may name; without its fact, whom its number does. */
  Named named(FactRow row, @Nullable String fact) {
    Named named = new Named(new HashSet<>(), new HashSet<>(), new HashSet<>(), true);
    String ref = String.valueOf(row.ref()).strip();
    switch (String.valueOf(row.kind())) {
      case "ORDER", "STAGE" -> named.orderNos.add(ref);
      case "RETURN" -> {}
      default -> named.customerNos.add(ref);
    }
    if (fact == null) {
      return named;
    }
    Optional<FactReader.Names> names = reader.names(fact);
    if (names.isEmpty()) {
      QUOTED
          .matcher(fact)
          .results()
          .limit(MOST_QUOTED)
          .forEach(one -> named.customerNos.add(one.group(1).strip()));
      Mentioned.phones(fact).limit(MOST_QUOTED).forEach(named.phones::add);
      return new Named(named.customerNos, named.phones, named.orderNos, false);
    }
    named.customerNos.addAll(names.get().customerNos());
    named.orderNos.addAll(names.get().orderNos());
    for (String text : reader.texts(fact).orElse(List.of())) {
      Mentioned.phones(text).forEach(named.phones::add);
    }
    return named;
  }

  /**
   * Which of these rows name people who were erased.
   *
   * @param locking whether nobody whom they name can be erased until the transaction ends
   */
  Map<Long, Found> among(Tx tx, Tenant tenant, Map<Long, Named> rows, boolean locking) {
    Set<String> numbers = new HashSet<>();
    Set<Phone> phones = new HashSet<>();
    Set<String> orderNos = new HashSet<>();
    for (Named row : rows.values()) {
      numbers.addAll(row.customerNos);
      phones.addAll(row.phones);
      orderNos.addAll(row.orderNos);
    }
    MemberBook.Tombstones gone = members.tombstones(tx, tenant, numbers, phones, locking);
    Set<String> theirs = orders.ofErased(tx, tenant, orderNos);
    Map<Long, Found> found = new HashMap<>();
    rows.forEach(
        (id, row) -> {
          Found of =
              new Found(
                  false,
                  both(row.customerNos, gone.customerNos()),
                  both(row.phones, gone.phones()));
          boolean all =
              !of.customerNos.isEmpty()
                  || (!of.phones.isEmpty() && !lives(tx, tenant, row))
                  || (nobody(row) && row.orderNos.stream().anyMatch(theirs::contains));
          if (all || !of.phones.isEmpty()) {
            found.put(id, new Found(all, of.customerNos, of.phones));
          }
        });
    return found;
  }

  private static <T> Set<T> both(Set<T> some, Set<T> others) {
    return some.stream().filter(others::contains).collect(Collectors.toSet());
  }

  /** Then it may be about whoever its order is. */
  private static boolean nobody(Named row) {
    return !row.readable || (row.customerNos.isEmpty() && row.phones.isEmpty());
  }

  /** Whether it says who has the phone now. */
  private boolean lives(Tx tx, Tenant tenant, Named row) {
    return row.readable
        && row.customerNos.stream()
            .anyMatch(
                number ->
                    members.whose(tx, tenant, Optional.of(number), Optional.empty()).isPresent());
  }

  /** What is left of a row that names such people. */
  Rest rest(FactTable.Full full, Found found) {
    Optional<String> rest = Optional.of(full.fact());
    if (found.theirs) {
      rest =
          switch (String.valueOf(full.row().kind())) {
            case "ORDER", "RETURN", "STAGE" -> reader.withoutCustomer(full.fact());
            default -> Optional.empty();
          };
    }
    if (!found.phones.isEmpty()) {
      rest =
          rest.flatMap(
              fact ->
                  reader.without(
                      fact, text -> Mentioned.phones(text).anyMatch(found.phones::contains)));
    }
    Set<String> gone = gone(full.fact(), rest);
    return new Rest(
        rest.flatMap(fact -> reader.without(fact, text -> gone.stream().anyMatch(text::contains)))
            .filter(fact -> !names(fact, found.customerNos)),
        gone);
  }

  private Set<String> gone(String fact, Optional<String> rest) {
    Set<String> gone = new HashSet<>(reader.texts(fact).orElse(List.of()));
    rest.flatMap(reader::texts).ifPresent(gone::removeAll);
    gone.removeAll(FactReader.OF_PEOPLE);
    gone.removeIf(text -> text.length() < SHORTEST);
    return gone;
  }

  private boolean names(String fact, Collection<String> customerNos) {
    return reader
        .names(fact)
        .filter(names -> names.customerNos().stream().anyMatch(customerNos::contains))
        .isPresent();
  }

  /**
   * What to decide of a locked row instead.
   *
   * @param rewritten the fact that stays is added
   * @param ends when it is removed if it ends
   */
  FactTable.Decided decided(
      Tx tx,
      Tenant tenant,
      FactTable.Decided was,
      Found found,
      Map<Long, String> rewritten,
      long ends) {
    FactRow row = was.row();
    Optional<FactTable.Full> full = FactTable.full(tx, tenant.code(), row.id());
    if (full.isEmpty()) {
      return was;
    }
    Rest rest = rest(full.get(), found);
    if (rest.fact.isEmpty()) {
      return ended(tenant, row, was.tries(), ends);
    }
    rewritten.put(row.id(), rest.fact.get());
    return rest.quotedIn(was.field()) || rest.quotedIn(was.text())
        ? new FactTable.Decided(
            row, was.state(), was.ref(), was.nextMs(), was.tries(), was.code(), "", WORDS)
        : was;
  }

  static FactTable.Decided ended(Tenant tenant, FactRow row, int tries, long ends) {
    return new FactTable.Decided(
        row,
        "DROPPED",
        InboxModule.kept(tenant, row.kind(), row.ref()),
        ends,
        tries,
        "ERASED",
        "",
        WORDS);
  }

  /** Takes them out of locked rows. */
  void takeOut(Tx tx, Tenant tenant, List<FactTable.Full> rows, long ends) {
    Map<Long, Named> named = new HashMap<>();
    rows.forEach(full -> named.put(full.row().id(), named(full.row(), full.fact())));
    Map<Long, Found> found = among(tx, tenant, named, false);
    List<FactTable.Decided> ended = new ArrayList<>();
    for (FactTable.Full full : rows) {
      FactRow row = full.row();
      Found of = found.get(row.id());
      if (of == null) {
        continue;
      }
      Rest rest = rest(full, of);
      if (rest.fact.isEmpty()) {
        ended.add(ended(tenant, row, row.tries(), ends));
      } else if (rest.quotedIn(full.field()) || rest.quotedIn(full.reason())) {
        FactTable.rewrite(tx, tenant.code(), row.id(), rest.fact.get());
      } else if (!rest.gone.isEmpty()) {
        FactTable.reword(tx, tenant.code(), row.id(), rest.fact.get());
      }
    }
    FactTable.decide(tx, tenant.code(), ended, tx.machineMillis());
  }
}
