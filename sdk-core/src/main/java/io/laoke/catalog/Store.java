package io.laoke.catalog;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Phone;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A store 门店.
 *
 * @param code the ERP's code of it, at most 64 characters
 * @param name as customers read it
 * @param region where it is, a path from large to small such as {@code 浙江/杭州/西湖区}
 * @param account the account that its codes lead to; empty for the dealer's default
 * @param phones its own numbers, which never identify a customer
 */
public record Store(
    String code,
    String name,
    Optional<String> region,
    Optional<String> account,
    Set<Phone> phones) {
  /** Checks and copies. */
  public Store {
    code = Keys.line("code", code, 64);
    name = Keys.line("name", name, 100);
    region = notNull("region", region).map(path -> Keys.path("region", path));
    account = notNull("account", account).map(key -> Keys.line("account", key, 64));
    phones = Set.copyOf(notNull("phones", phones));
  }

  /** A store of which no more is known. */
  public static Store of(String code, String name) {
    return new Store(code, name, Optional.empty(), Optional.empty(), Set.of());
  }

  /** In this region. */
  public Store withRegion(String region) {
    return new Store(code, name, Optional.of(notNull("region", region)), account, phones);
  }

  /** With an account of its own. */
  public Store withAccount(String account) {
    return new Store(code, name, region, Optional.of(notNull("account", account)), phones);
  }

  /** With these numbers, as they are written down. */
  public Store withPhones(String... phones) {
    Set<Phone> parsed =
        Arrays.stream(notNull("phones", phones))
            .map(phone -> Phone.parse("phones", phone))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return new Store(code, name, region, account, parsed);
  }
}
